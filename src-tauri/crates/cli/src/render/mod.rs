//! Output of the commands: text, tables and JSON. Nothing here depends on a command.

pub(crate) mod agents;
pub(crate) mod fields;
pub(crate) mod format;
pub(crate) mod locale;
pub(crate) mod output;
pub(crate) mod progress;
pub(crate) mod table;
pub(crate) mod tables;
pub(crate) mod text_width;
