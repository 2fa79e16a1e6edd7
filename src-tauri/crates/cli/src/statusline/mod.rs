//! `token-monitor statusline`: the command that Claude Code runs to fill the line below its prompt.

mod chained_command;
mod chained_worker;
pub(crate) mod claude_settings;
mod inbox;
mod input;
pub(crate) mod line;
mod platform;
mod run;
pub(crate) mod state_folder;

pub(crate) use crate::statusline::run::{is_requested, run};
