//! Adds the status line to Claude Code's settings, and removes it.

mod edit;
mod file;
mod json_object;
mod shell_words;

pub(crate) use crate::statusline::claude_settings::file::{check_installed, install, uninstall};
