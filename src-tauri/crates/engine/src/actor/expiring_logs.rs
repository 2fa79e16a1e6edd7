//! What Claude Code will delete before it could be read, and when.
//!
//! It deletes logs by their age. Its settings are read to learn that age, never anything else of them.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use token_monitor_core::alerts::Unread;

use crate::actor::Actor;
use crate::ingest::quota_files::contents;

/// How often files that cannot be read are looked at again.
const OFTEN: Duration = Duration::from_secs(600);

/// For how many days Claude Code keeps logs unless its settings say otherwise.
const KEPT_DAYS: u32 = 30;

/// So many days before a log is deleted it is worth a word.
const AHEAD_DAYS: i64 = 3;

/// Settings of Claude Code are far shorter.
const LARGEST_SETTINGS: u64 = 1 << 20;

impl Actor {
    /// Logs that failed and go within days, and folders that cannot be looked into.
    pub(crate) fn unread(&mut self, now: DateTime<Utc>) -> Unread {
        let all_is_read = self.failing.is_empty() && self.walk.closed().is_empty();
        if !self.settings.alerts.cleaning || all_is_read {
            self.lookups.unread = None;
            return Unread::default();
        }
        match self.lookups.unread {
            Some((made, found)) if made.elapsed() < OFTEN => found,
            _ => {
                let found = self.find_unread(now);
                self.lookups.unread = Some((Instant::now(), found));
                found
            }
        }
    }

    fn find_unread(&self, now: DateTime<Utc>) -> Unread {
        let kept_days = self.kept_days();
        let kept = TimeDelta::days(i64::from(kept_days));
        let logs = self.walk.logs.iter().filter(|log| self.failing.contains_key(&log.path));
        let goes = logs.map(|log| DateTime::from_timestamp_nanos(log.look.modified) + kept);
        let soon: Vec<_> = goes.filter(|goes| *goes <= now + TimeDelta::days(AHEAD_DAYS)).collect();
        let logs = soon.iter().min().map(|first| (soon.len() as u64, *first));
        Unread { logs, folders: self.walk.closed().len() as u64, kept_days }
    }

    /// For how many days Claude Code keeps logs: the least that any of its settings files says.
    fn kept_days(&self) -> u32 {
        let folders = self.walk.by_root.iter().filter_map(|(root, ..)| root.parent());
        let said = folders.filter_map(|folder| period(&folder.join("settings.json")));
        said.min().unwrap_or(KEPT_DAYS).min(3_650)
    }
}

/// What a settings file says. One that is none, such as a pipe, or is too large says nothing.
fn period(settings: &Path) -> Option<u32> {
    let (_, bytes) = contents(settings, LARGEST_SETTINGS).ok()?;
    let settings: Value = serde_json::from_slice(&bytes?).ok()?;
    u32::try_from(settings.get("cleanupPeriodDays")?.as_u64()?).ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_a_settings_file_says_how_long_logs_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let says = |text: &str| {
            let path = folder.path().join("settings.json");
            fs::write(&path, text).expect("it is written");
            period(&path)
        };
        assert_eq!(says(r#"{"cleanupPeriodDays":7}"#), Some(7));
        for nonsense in ["", "7", r#"{"cleanupPeriodDays":0}"#, r#"{"cleanupPeriodDays":"7"}"#, "{}"] {
            assert_eq!(says(nonsense), None, "{nonsense}");
        }
        assert_eq!(says(&format!("{}{}", r#"{"cleanupPeriodDays":7}"#, " ".repeat(2 << 20))), None, "too large");
        assert_eq!(period(folder.path()), None, "a folder");
        assert_eq!(period(&folder.path().join("nothing")), None);
    }

    /// Without a writer, whoever opens it waits for one.
    #[cfg(unix)]
    #[test]
    fn a_pipe_called_settings_holds_nobody_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.json");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        assert_eq!(period(&path), None);
    }
}
