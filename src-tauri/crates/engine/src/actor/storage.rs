//! The ledger store with its write timer and outage handling.
//!
//! Counting continues in memory while the store cannot be written. Every method that may fail to write returns
//! [`Effects`], because a new outage has to be shown.

use std::time::{Duration, Instant};

use chrono::Utc;
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::report::model::Problem;
use token_monitor_store::{FileState, Safety, Store, StoreError};
use tracing::{info, warn};

use crate::actor::effects::Effects;
use crate::ledger_store::LedgerStore;
use crate::outage::{self, Outage};
use crate::store_recovery::recover_store;

/// The longest delay of a commit while changes keep coming, in batch windows.
const MAX_DELAY_WINDOWS: u32 = 5;

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
    /// The times of the first and the latest change that are not written yet.
    unwritten: Option<(Instant, Instant)>,
}

impl Storage {
    pub(crate) fn new(ledger_store: LedgerStore) -> Self {
        Self { ledger_store, outage: None, recovery_problem: None, unwritten: None }
    }

    /// Returns true while the store cannot be written.
    pub(crate) fn is_out(&self) -> bool {
        self.outage.is_some()
    }

    /// Returns the problem to show during an outage.
    pub(crate) fn outage_problem(&self) -> Option<Problem> {
        self.outage.as_ref().map(Outage::problem)
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

    /// Writes all pending changes and reloads the recent buckets if they need it. Does nothing during an outage.
    pub(crate) fn commit(&mut self, safety: Safety) -> Effects {
        if self.is_out() {
            return Effects::NONE;
        }
        self.unwritten = None;
        let committed = self.ledger_store.commit(safety);
        let effects = self.note_result(committed);
        let reloaded = self.ledger_store.reload_recent_if_needed(Utc::now().into());
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

    /// Recomputes all costs.
    pub(crate) fn reprice(&mut self, calculator: CostCalculator) -> Effects {
        let repriced = self.ledger_store.reprice(calculator, Utc::now().into());
        self.note_result(repriced)
    }

    /// Starts an outage if an operation of the store failed.
    pub(crate) fn note_result(&mut self, result: Result<(), StoreError>) -> Effects {
        result.err().map_or(Effects::NONE, |error| self.note_error(&error))
    }

    /// Starts an outage: further changes are counted in memory only.
    pub(crate) fn note_error(&mut self, error: &StoreError) -> Effects {
        if self.outage.is_none() {
            warn!(error = error as &dyn std::error::Error, "The store failed.");
            self.outage = Some(Outage::started(error, Instant::now()));
        }
        Effects::PUBLISH
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

    /// Restores the file if another program changed it, and loads memory from it.
    fn reopen(&mut self) -> Result<(), StoreError> {
        let path = self.ledger_store.store.path().to_owned();
        let state = self.ledger_store.store.file_state();
        if state != FileState::Intact {
            let recovery = recover_store(&mut self.ledger_store, state)?;
            self.recovery_problem = Some(recovery.problem);
        }
        outage::reopen_store(&mut self.ledger_store, &path)
    }

    /// Writes pending changes and closes the store. Changes that cannot be written are read from the logs again at
    /// the next start.
    pub(crate) fn close(self) -> Result<(), StoreError> {
        if self.is_out() { Ok(()) } else { self.ledger_store.close() }
    }
}
