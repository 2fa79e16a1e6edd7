//! The health report of `token-monitor doctor`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::Problem;
use token_monitor_core::transcript::SkipReason;

/// The health report: where logs are found, how much was read, and problems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The id of the process that runs the engine.
    pub process: u32,
    /// The version of that process.
    pub version: String,
    /// The folders that are searched.
    pub roots: Vec<RootHealth>,
    /// The home folders of Claude Code beside the default one that are not searched.
    #[serde(default)]
    pub unsearched_homes: Vec<String>,
    /// The number of logs.
    pub logs: u64,
    /// The number of bytes read of them.
    pub bytes: u64,
    /// The number of lines read of them.
    pub lines: u64,
    /// The number of records with usage among those lines, repetitions included.
    pub entries: u64,
    /// The records skipped in the logs, by reason.
    pub skipped: Vec<SkipCount>,
    /// The files and folders ignored in the search for logs, by reason.
    #[serde(rename = "passedOver")]
    pub ignored_paths: Vec<IgnoredPath>,
    /// The number of messages ever counted.
    pub messages: u64,
    /// The path of the store.
    pub store: String,
    /// The size of the store in bytes.
    pub store_bytes: u64,
    /// True if the system reports changes in all roots; false if they are polled.
    pub watching: bool,
    /// The problems shown to the user.
    pub problems: Vec<Problem>,
    /// The settings that are invalid, one sentence each.
    pub settings_problems: Vec<String>,
}

/// A folder that is searched for logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RootHealth {
    /// The path of the folder.
    pub path: String,
    /// True if the folder exists.
    pub found: bool,
    /// The number of logs in it.
    pub logs: u64,
}

/// The number of records skipped for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SkipCount {
    /// The reason.
    pub reason: SkipReason,
    /// The reason as text.
    #[serde(rename = "words")]
    pub description: String,
    /// The number of records.
    pub count: u64,
}

impl SkipCount {
    pub(crate) fn new(reason: SkipReason, count: u64) -> Self {
        Self { reason, description: reason.description().to_owned(), count }
    }
}

/// Files or folders that are not logs despite their names, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct IgnoredPath {
    /// The reason as text.
    pub reason: String,
    /// The number of such files or folders.
    pub count: u64,
    /// The path of one of them.
    pub example: String,
}

impl IgnoredPath {
    pub(crate) fn new(reason: &str, count: u64, example: &Path) -> Self {
        Self { reason: reason.to_owned(), count, example: example.display().to_string() }
    }
}
