//! The schedule of backups: one a day while the store changes.

use chrono::{DateTime, TimeDelta, Utc};
use token_monitor_core::report::model::{Problem, ProblemCode};
use token_monitor_store::{Backup, StoreError};

use crate::outage::describe;

/// The number of backups that are kept.
pub(crate) const KEPT_BACKUPS: usize = 3;

/// The time between two backups.
const INTERVAL: TimeDelta = TimeDelta::days(1);

/// The time after which a failed backup is tried again.
const RETRY_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// The time of the last backup, and the changes since then.
#[derive(Debug, Default)]
pub(crate) struct BackupSchedule {
    last: Option<DateTime<Utc>>,
    has_changes: bool,
    failed: Option<(DateTime<Utc>, Problem)>,
}

impl BackupSchedule {
    /// Creates a schedule that continues after existing backups, the newest first.
    pub(crate) fn after(backups: &[Backup]) -> Self {
        Self { last: backups.first().map(|backup| backup.made_at), ..Self::default() }
    }

    /// Records that the store changes.
    pub(crate) fn note_change(&mut self) {
        self.has_changes = true;
    }

    /// Returns true if it is time for a backup. A backup from the future does not prevent another one.
    pub(crate) fn is_due(&self, now: DateTime<Utc>) -> bool {
        let is_old = self.last.is_none_or(|last| (now - last).abs() >= INTERVAL);
        let may_retry = self.failed.as_ref().is_none_or(|(at, _)| (now - *at).abs() >= RETRY_INTERVAL);
        self.has_changes && is_old && may_retry
    }

    /// Records a backup.
    pub(crate) fn note_success(&mut self, now: DateTime<Utc>) {
        *self = Self { last: Some(now), ..Self::default() };
    }

    /// Records a failed backup.
    pub(crate) fn note_failure(&mut self, error: &StoreError, now: DateTime<Utc>) {
        let message = format!("The daily backup of the store failed: {}.", describe(error));
        let hint = "Earlier backups are kept. It is tried again every hour.".to_owned();
        self.failed = Some((now, Problem { code: ProblemCode::BackupFailed, message, hint }));
    }

    /// Returns the problem to show after a failed backup.
    pub(crate) fn problem(&self) -> Option<Problem> {
        self.failed.as_ref().map(|(_, problem)| problem.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    #[test]
    fn a_changed_store_is_backed_up_once_a_day() {
        let mut schedule = BackupSchedule::default();
        assert!(!schedule.is_due(at(0)), "nothing has changed");
        schedule.note_change();
        assert!(schedule.is_due(at(0)));
        schedule.note_success(at(0));
        assert!(!schedule.is_due(at(48)), "nothing has changed since");
        schedule.note_change();
        assert!(!schedule.is_due(at(23)) && schedule.is_due(at(24)));
        assert!(schedule.is_due(at(-30)), "the clock was set back");
    }

    #[test]
    fn a_failed_backup_is_shown_and_tried_again_after_an_hour() {
        let mut schedule = BackupSchedule::default();
        schedule.note_change();
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        schedule.note_failure(&StoreError::from_io("/x/sessions.db".as_ref(), full), at(0));
        let problem = schedule.problem().expect("it is shown");
        assert_eq!(problem.code, ProblemCode::BackupFailed);
        assert!(problem.message.contains("/x/sessions.db: I/O error: no storage space"), "{}", problem.message);
        assert!(!schedule.is_due(at(0)) && schedule.is_due(at(1)));
        schedule.note_success(at(1));
        assert_eq!(schedule.problem(), None);
    }
}
