//! Text output: tables and formatting.

pub(crate) mod format;
pub(crate) mod tables;
