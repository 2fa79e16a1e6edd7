//! Adds the status line to Claude Code's settings, and removes it.

mod edit;
mod file;
mod json_object;
mod json_string;
mod obstacles;
mod own_command;
mod running_program;
mod shell_words;

pub(crate) use crate::statusline::claude_settings::file::{InstallState, check_installed, install, uninstall};
