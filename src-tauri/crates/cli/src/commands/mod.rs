//! The subcommands, one file each.

pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod query;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod watch;
