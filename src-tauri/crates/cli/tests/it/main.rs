//! The command as people and scripts use it: the real program, in an environment of its own.

mod commands;
mod failures;
mod oracle;
mod program;
