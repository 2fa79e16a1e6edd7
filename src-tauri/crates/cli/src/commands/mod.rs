//! The subcommands, one file each: arguments, request and output.

pub(crate) mod alerts;
pub(crate) mod backtest;
pub(crate) mod backups;
pub(crate) mod bar;
pub(crate) mod completions;
pub(crate) mod describe;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod guard;
pub(crate) mod month_report;
pub(crate) mod push;
pub(crate) mod rename;
pub(crate) mod report;
pub(crate) mod serve;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod statusline;
pub(crate) mod update;
pub(crate) mod watch;
