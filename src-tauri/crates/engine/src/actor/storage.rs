//! The ledger store with its write timer and outage handling.
//!
//! Counting continues in memory while the store cannot be written. Every method that may fail to write returns
//! [`Effects`], because a new outage has to be shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::report::model::Problem;
use token_monitor_store::{
    Backup, FileState, Integrity, Safety, Store, StoreError, copy_backup, list_backups, list_set_aside,
    reserve_aside_path,
};
use tracing::{info, warn};

use crate::actor::effects::Effects;
use crate::api::{ApiError, ErrorCode};
use crate::backup_schedule::{BackupSchedule, KEPT_BACKUPS};
use crate::clock;
use crate::damage;
use crate::ledger_store::LedgerStore;
use crate::outage::{self, Outage};
use crate::platform;
use crate::store_recovery::recover_store;

/// The longest delay of a commit while changes keep coming, in batch windows.
const MAX_DELAY_WINDOWS: u32 = 5;

/// The time between two full checks of the store.
const CHECK_INTERVAL: TimeDelta = TimeDelta::days(7);

/// The result of a check of the store's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileCheck {
    /// The file was not changed by another program.
    Intact,
    /// The file was written again; memory is unchanged.
    Restored,
    /// Memory was loaded from another file.
    Reloaded,
}

/// The ledger store and the state of writing it.
pub(crate) struct Storage {
    pub(crate) ledger_store: LedgerStore,
    pub(super) outage: Option<Outage>,
    /// The problem to show after the store's file was deleted, replaced or overwritten. It is shown until the next start.
    pub(crate) recovery_problem: Option<Problem>,
    /// The damaged files beside the store.
    set_aside: Vec<PathBuf>,
    backups: BackupSchedule,
    /// The time of the last full check by this process; a small store was checked when it was opened.
    last_check: DateTime<Utc>,
    /// The times of the first and the latest change that are not written yet.
    unwritten: Option<(Instant, Instant)>,
}

/// The result of handling damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DamageOutcome {
    /// The file is sound, and memory was loaded from it again.
    Sound,
    /// The file was set aside, and memory was loaded from a new one.
    Replaced,
    /// The file can be neither read nor set aside; there is an outage.
    Failed,
}

impl Storage {
    pub(crate) fn new(ledger_store: LedgerStore, outage: Option<Outage>) -> Self {
        let path = ledger_store.store.path();
        let set_aside = list_set_aside(path, damage::REASON);
        if let Some(problem) = damage::set_aside_problem(&set_aside) {
            warn!("{} {}", problem.message, problem.hint);
        }
        let backups = BackupSchedule::after(&list_backups(path).unwrap_or_default());
        let last_check = clock::now();
        Self { ledger_store, outage, recovery_problem: None, set_aside, backups, last_check, unwritten: None }
    }

    /// Returns the problems to show: an outage, a replaced file, damaged files and a failed backup.
    pub(crate) fn problems(&self) -> impl Iterator<Item = Problem> {
        let outage = self.outage.as_ref().map(Outage::problem);
        let problems =
            [outage, self.recovery_problem.clone(), damage::set_aside_problem(&self.set_aside), self.backups.problem()];
        problems.into_iter().flatten()
    }

    /// Forgets the damaged files that were deleted or moved. It costs nothing if there are none.
    pub(crate) fn refresh_set_aside(&mut self) {
        self.set_aside.retain(|path| path.symlink_metadata().is_ok());
    }

    /// Returns true while the store cannot be written.
    pub(crate) fn is_out(&self) -> bool {
        self.outage.is_some()
    }

    /// Returns when to try to reopen the store; None without an outage.
    pub(crate) fn next_retry(&self) -> Option<Instant> {
        self.outage.as_ref().and_then(Outage::next_retry)
    }

    /// Returns the store for writing; None during an outage.
    pub(crate) fn writable_store(&mut self) -> Option<&mut Store> {
        if self.is_out() { None } else { Some(&mut self.ledger_store.store) }
    }

    /// Returns when to commit: one batch window after the latest change, at most five after the first.
    pub(crate) fn commit_due(&self, batch_window: Duration) -> Option<Instant> {
        let (first, latest) = self.unwritten.filter(|_| !self.is_out())?;
        Some((latest + batch_window).min(first + batch_window * MAX_DELAY_WINDOWS))
    }

    /// Starts or extends the write timer if there is something to write.
    pub(crate) fn mark_dirty(&mut self) {
        if self.ledger_store.is_dirty() {
            let now = Instant::now();
            let first = self.unwritten.map_or(now, |(first, _)| first);
            self.unwritten = Some((first, now));
        }
    }

    /// Writes all pending changes and reloads the recent buckets if they need it. During an outage, they are
    /// moved to the store in memory, from which queries read older history.
    pub(crate) fn commit(&mut self, safety: Safety) -> Effects {
        if self.is_out() && !self.ledger_store.store.is_in_memory() {
            return Effects::NONE;
        }
        self.unwritten = None;
        if self.ledger_store.is_dirty() {
            self.backups.note_change();
        }
        let committed = self.ledger_store.commit(safety);
        let effects = self.note_result(committed);
        let reloaded = self.ledger_store.reload_recent_if_needed(clock::now().into());
        effects | self.note_result(reloaded)
    }

    /// Commits if changes are pending that older history, which is read from the store, depends on.
    pub(crate) fn write_history(&mut self) -> Effects {
        if self.ledger_store.has_unwritten_history() { self.commit(Safety::Durable) } else { Effects::NONE }
    }

    /// Compacts the store. Does nothing during an outage.
    pub(crate) fn compact(&mut self) -> Effects {
        if self.is_out() {
            return Effects::NONE;
        }
        let compacted = self.ledger_store.compact();
        self.note_result(compacted)
    }

    /// Loads the store again in less memory than a large import has left.
    pub(crate) fn reload_after_import(&mut self) -> Effects {
        if self.is_out() || self.is_damaged() {
            return Effects::NONE;
        }
        let reloaded = self.ledger_store.reload_after_import(clock::now().into());
        self.note_result(reloaded)
    }

    /// Recomputes all costs.
    pub(crate) fn reprice(&mut self, calculator: CostCalculator) -> Effects {
        let repriced = self.ledger_store.reprice(calculator, clock::now().into());
        self.note_result(repriced)
    }

    /// Starts an outage if an operation of the store failed.
    pub(crate) fn note_result(&mut self, result: Result<(), StoreError>) -> Effects {
        result.err().map_or(Effects::NONE, |error| self.note_error(&error))
    }

    /// Starts an outage: further changes are counted in memory only. Damage is no outage: the store remembers it, and
    /// [`Self::replace_damaged`] follows.
    pub(crate) fn note_error(&mut self, error: &StoreError) -> Effects {
        if error.is_damage() {
            self.ledger_store.store.mark_damaged();
        } else if self.outage.is_none() {
            warn!(error = error as &dyn std::error::Error, "The store failed.");
            self.outage = Some(Outage::started(error, Instant::now()));
            self.continue_in_memory(error);
        }
        Effects::PUBLISH
    }

    /// Makes lookups work again after an error of the disk: the database refuses all access after one.
    fn continue_in_memory(&mut self, error: &StoreError) {
        let store = &mut self.ledger_store.store;
        if matches!(error, StoreError::Disk { .. }) && !store.is_in_memory() {
            // Without success, figures stay as they are until the disk works again.
            let _ = store
                .continue_in_memory()
                .inspect_err(|error| warn!(error = error as &dyn std::error::Error, "The store cannot be read."));
        }
    }

    /// Returns an error if changes of the user cannot be saved at the moment.
    pub(crate) fn check_writable(&self) -> Result<(), ApiError> {
        match &self.outage {
            Some(outage) => Err(ApiError::new(ErrorCode::Busy, outage.problem().message)
                .with_hint("Nothing was changed. Try again once the disk works.")),
            None => Ok(()),
        }
    }

    /// Returns an error if the store lacks messages that were counted, because it could not be opened in memory either.
    pub(crate) fn check_complete(&self) -> Result<(), ApiError> {
        match self.outage.as_ref().map(Outage::problem) {
            Some(problem) if !self.ledger_store.store.is_in_memory() => {
                Err(ApiError::new(ErrorCode::Busy, problem.message).with_hint(problem.hint))
            }
            _ => Ok(()),
        }
    }

    /// Returns true if damage was found that is not handled yet.
    pub(crate) fn is_damaged(&self) -> bool {
        self.ledger_store.store.is_damaged() && !self.is_out()
    }

    /// Closes a damaged file without writing to it, and loads memory from it again if it is sound after all, or from a
    /// new one. What was counted in memory only has to be read from the logs again.
    pub(crate) fn replace_damaged(&mut self) -> DamageOutcome {
        match self.reload_or_replace() {
            Ok(outcome) => {
                self.unwritten = None;
                outcome
            }
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "The damaged store cannot be replaced.");
                self.outage = Some(Outage::started(&error, Instant::now()));
                DamageOutcome::Failed
            }
        }
    }

    fn reload_or_replace(&mut self) -> Result<DamageOutcome, StoreError> {
        let (path, now) = (self.ledger_store.store.path().to_owned(), clock::now());
        let pricing = self.ledger_store.ledger.pricing.clone();
        self.ledger_store.store.detach_file();
        let judged = damage::file_at(&path);
        let opened = Store::open_verified(&path, now.into());
        let opened = opened.and_then(|store| LedgerStore::load(store, pricing.clone(), now.into()));
        let (ledger_store, outcome) = match opened {
            Ok(ledger_store) => (ledger_store, DamageOutcome::Sound),
            Err(error) if error.is_damage() => {
                let replaced = damage::replace_damaged(&path, judged.as_ref(), &pricing)?;
                (replaced.ok_or(StoreError::Busy { path: path.clone() })?, DamageOutcome::Replaced)
            }
            Err(error) => return Err(error),
        };
        self.ledger_store.replace_by(ledger_store)?;
        self.set_aside = list_set_aside(&path, damage::REASON);
        self.last_check = now;
        Ok(outcome)
    }

    /// Verifies the whole store if that was last done a week ago.
    pub(crate) fn check_if_due(&mut self, now: DateTime<Utc>) {
        if self.is_out() || (now - self.last_check).abs() < CHECK_INTERVAL {
            return;
        }
        self.last_check = now;
        let checked = self.ledger_store.store.check_integrity(now.into());
        platform::trim_heap();
        match checked {
            Ok(Integrity::Sound) => info!("The store was checked."),
            // Memory may have figures that the repair removed.
            Ok(Integrity::Repaired) => self.ledger_store.store.mark_damaged(),
            Err(error) => drop(self.note_error(&error)),
        }
    }

    /// Makes the daily backup if it is due.
    pub(crate) fn back_up_if_due(&mut self, now: DateTime<Utc>) -> Effects {
        let has_content = self.ledger_store.message_count() > 0 || !self.ledger_store.session_metadata.is_empty();
        if self.is_out() || self.is_damaged() || !has_content || !self.backups.is_due(now) {
            return Effects::NONE;
        }
        match self.back_up(now) {
            Ok(backup) => info!(path = %backup.path.display(), "The store was backed up."),
            Err(error) => warn!(error = &error as &dyn std::error::Error, "The backup failed."),
        }
        platform::trim_heap();
        Effects::PUBLISH
    }

    /// Backs up the store now.
    pub(crate) fn back_up(&mut self, now: DateTime<Utc>) -> Result<Backup, StoreError> {
        let expected = self.ledger_store.stored_totals();
        let written = self.ledger_store.commit(Safety::Durable);
        let backup = written.and_then(|()| self.ledger_store.store.back_up(now, KEPT_BACKUPS, &expected));
        match &backup {
            Ok(_) => self.backups.note_success(now),
            Err(error) => self.backups.note_failure(error, now),
        }
        backup
    }

    /// Records a change that the user made.
    pub(crate) fn note_change(&mut self) {
        self.backups.note_change();
    }

    /// Replaces the store by a backup and returns the path of the copy of the store that is kept. Names and tags of both
    /// are merged; what was logged since has to be read from the logs.
    pub(crate) fn restore_backup(&mut self, backup: &Path, now: DateTime<Utc>) -> Result<PathBuf, StoreError> {
        let path = self.ledger_store.store.path().to_owned();
        self.ledger_store.commit(Safety::Durable)?;
        let copy = copy_backup(backup, &path)?;
        let replaced = self.replace_by_copy(&copy, &path, now);
        if replaced.is_err() {
            // It does not exist any more if it was renamed.
            let _ = fs::remove_file(&copy);
        }
        replaced
    }

    fn replace_by_copy(&mut self, copy: &Path, path: &Path, now: DateTime<Utc>) -> Result<PathBuf, StoreError> {
        let aside = reserve_aside_path(path, "replaced", now)?;
        self.ledger_store.store.save_copy(&aside)?;
        self.ledger_store.store.close_file();
        let renamed = damage::rename(copy, path);
        // Without the rename, the file is still the one from before.
        self.ledger_store.reopen(now.into())?;
        renamed?;
        self.unwritten = None;
        Ok(aside)
    }

    /// Checks that the store's file was not changed by another program, and restores it if it was. After an error there is
    /// an outage.
    pub(crate) fn check_file(&mut self) -> Result<FileCheck, StoreError> {
        let state = self.ledger_store.store.file_state();
        if state == FileState::Intact {
            return Ok(FileCheck::Intact);
        }
        if self.is_out() {
            // The end of the outage restores the file.
            return Err(StoreError::Moved { path: self.ledger_store.store.path().to_owned() });
        }
        match recover_store(&mut self.ledger_store, state) {
            Ok(recovery) => {
                warn!("{} {}", recovery.problem.message, recovery.problem.hint);
                self.recovery_problem = Some(recovery.problem);
                self.unwritten = None;
                Ok(if recovery.is_reloaded { FileCheck::Reloaded } else { FileCheck::Restored })
            }
            Err(error) => {
                // The effect, a new snapshot, follows from the error.
                let _ = self.note_error(&error);
                Err(error)
            }
        }
    }

    /// Tries to end an outage by reopening the store. Returns true on success; everything that was counted in
    /// memory only has to be read from the logs again then.
    pub(crate) fn try_reopen(&mut self) -> bool {
        let Some(outage) = self.outage.take() else { return false };
        if let Err(error) = self.reopen() {
            self.outage = Some(outage.continued(&error, Instant::now()));
            return false;
        }
        info!("The store works again.");
        self.unwritten = None;
        true
    }

    /// Restores the file if another program changed it, and loads memory from it. A damaged one is replaced.
    fn reopen(&mut self) -> Result<(), StoreError> {
        if self.ledger_store.store.is_damaged() {
            return self.reload_or_replace().map(drop);
        }
        let path = self.ledger_store.store.path().to_owned();
        let state = self.ledger_store.store.file_state();
        if state != FileState::Intact {
            let recovery = recover_store(&mut self.ledger_store, state)?;
            self.recovery_problem = Some(recovery.problem);
        }
        match outage::reopen_store(&mut self.ledger_store, &path) {
            Err(error) if error.is_damage() => self.reload_or_replace().map(drop),
            reopened => reopened,
        }
    }

    /// Writes pending changes and closes the store. Changes that cannot be written are read from the logs again at
    /// the next start.
    pub(crate) fn close(self) -> Result<(), StoreError> {
        if self.is_out() { Ok(()) } else { self.ledger_store.close() }
    }
}
