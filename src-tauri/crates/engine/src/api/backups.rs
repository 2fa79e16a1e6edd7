//! The backups that `token-monitor backups` lists.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A backup of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupRow {
    /// The path of the file.
    pub path: String,
    /// The time at which it was made.
    pub made_at: DateTime<Utc>,
    /// The size in bytes.
    pub bytes: u64,
}
