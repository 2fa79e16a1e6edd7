//! Logs that Claude Code will delete before they could be read.
//!
//! Claude Code deletes logs by age. Its settings files are read for that age and nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use token_monitor_core::alerts::ExpiringLogs;

use crate::actor::scanner::Scanner;
use crate::config::Settings;
use crate::regular_file::read_regular_file;

/// The time after which unreadable logs are checked again.
const RESULT_TTL: Duration = Duration::from_secs(600);

/// The number of days Claude Code keeps logs by default.
const DEFAULT_RETENTION_DAYS: u32 = 30;

/// The longest retention that is used, in days.
const MAX_RETENTION_DAYS: u32 = 3_650;

/// The number of days before deletion at which a log counts as expiring.
const EXPIRY_NOTICE_DAYS: i64 = 3;

/// The size of the largest settings file that is read.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// The last result, kept for ten minutes.
#[derive(Debug, Default)]
pub(crate) struct ExpiringLogsCache(Option<(Instant, ExpiringLogs)>);

impl ExpiringLogsCache {
    /// Returns the unreadable logs that expire within three days, and the number of unreadable folders. Finds none
    /// if the alert is off.
    pub(crate) fn find(&mut self, scanner: &Scanner, settings: &Settings, now: DateTime<Utc>) -> ExpiringLogs {
        let all_readable = scanner.failed_logs.is_empty() && scanner.discovery.unreadable_dirs().is_empty();
        if !settings.alerts.log_retention || all_readable {
            self.0 = None;
            return ExpiringLogs::default();
        }
        let cached = self.0.filter(|(found_at, _)| found_at.elapsed() < RESULT_TTL);
        let (found_at, found) = cached.unwrap_or_else(|| (Instant::now(), find_expiring_logs(scanner, now)));
        self.0 = Some((found_at, found));
        found
    }
}

fn find_expiring_logs(scanner: &Scanner, now: DateTime<Utc>) -> ExpiringLogs {
    let retention_days = shortest_retention(scanner);
    let retention = TimeDelta::days(i64::from(retention_days));
    let failed = scanner.discovery.logs.iter().filter(|log| scanner.failed_logs.contains_key(&log.path));
    let deletions = failed.map(|log| DateTime::from_timestamp_nanos(log.stat.modified) + retention);
    let soon: Vec<_> = deletions.filter(|at| *at <= now + TimeDelta::days(EXPIRY_NOTICE_DAYS)).collect();
    let logs = soon.iter().min().map(|first| (soon.len() as u64, *first));
    let unreadable_folders = scanner.discovery.unreadable_dirs().len() as u64;
    ExpiringLogs { logs, unreadable_folders, retention_days }
}

/// Returns the shortest retention, in days, that a settings file of Claude Code sets.
fn shortest_retention(scanner: &Scanner) -> u32 {
    let folders = scanner.discovery.roots.iter().filter_map(|(root, ..)| root.parent());
    let configured = folders.filter_map(|folder| read_retention_days(&folder.join("settings.json")));
    configured.min().unwrap_or(DEFAULT_RETENTION_DAYS).min(MAX_RETENTION_DAYS)
}

/// Reads `cleanupPeriodDays` from a settings file. Returns None if the file is not a regular one or is too large.
fn read_retention_days(settings: &Path) -> Option<u32> {
    let bytes = read_regular_file(settings, MAX_SETTINGS_BYTES).ok()?;
    let settings: Value = serde_json::from_slice(&bytes).ok()?;
    u32::try_from(settings.get("cleanupPeriodDays")?.as_u64()?).ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_retention_is_read_from_a_regular_settings_file_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let retention_of = |text: &str| {
            let path = folder.path().join("settings.json");
            fs::write(&path, text).expect("it is written");
            read_retention_days(&path)
        };
        assert_eq!(retention_of(r#"{"cleanupPeriodDays":7}"#), Some(7));
        for invalid in ["", "7", r#"{"cleanupPeriodDays":0}"#, r#"{"cleanupPeriodDays":"7"}"#, "{}"] {
            assert_eq!(retention_of(invalid), None, "{invalid}");
        }
        assert_eq!(
            retention_of(&format!("{}{}", r#"{"cleanupPeriodDays":7}"#, " ".repeat(2 << 20))),
            None,
            "too large"
        );
        assert_eq!(read_retention_days(folder.path()), None, "a folder");
        assert_eq!(read_retention_days(&folder.path().join("nothing")), None);
    }

    /// Opening a pipe without a writer would block.
    #[cfg(unix)]
    #[test]
    fn a_pipe_named_settings_does_not_block() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.json");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        assert_eq!(read_retention_days(&path), None);
    }
}
