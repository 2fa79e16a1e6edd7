//! The command as people and scripts use it: the real program, in an environment of its own.

mod commands;
mod explain;
mod failures;
mod oracle;
mod program;
mod settings;
mod statusline;
mod statusline_settings;
mod vectors;
