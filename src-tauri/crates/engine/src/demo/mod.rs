//! Sample data: a made-up year of usage for people who want to look around before they have logs of their own.
//!
//! The data is generated as logs in a throw-away folder and counted like any other logs, by an engine whose store,
//! settings and inbox are in the same folder. Real logs, settings and the real store are neither read nor written.

mod catalog;
mod folder;
mod live_writer;
mod logs;
mod quota;
mod random;
mod registry;
mod session;
mod year;

pub use crate::demo::folder::DemoFolder;
pub use crate::demo::year::DemoYear;

/// The environment variable with the path of the folder, which connects another process to the same sample data.
pub const FOLDER_VARIABLE: &str = "TOKEN_MONITOR_DEMO";
