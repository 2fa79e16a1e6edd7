//! `token-monitor statusline`: the command that Claude Code runs to fill the line below its prompt.

mod chained_command;
pub(crate) mod claude_settings;
mod inbox;
mod input;
mod line;
mod platform;
mod run;

pub(crate) use crate::statusline::run::{is_requested, run};
