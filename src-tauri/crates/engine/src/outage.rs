//! Recovery from a store that cannot be used.
//!
//! A disk that fails, is full or is read-only is retried while counting continues in memory, from the start of the program
//! if need be. A damaged store is replaced, see [`crate::damage`].

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::report::model::{Problem, ProblemCode};
use token_monitor_store::{Store, StoreError, fs_permissions, reserve_aside_path};
use tracing::warn;

use crate::backoff::Backoff;
use crate::clock;
use crate::damage;
use crate::engine_mode::EngineMode;
use crate::ledger_store::LedgerStore;

/// The time to wait for another process to release the store. A killed process releases it within moments.
pub(crate) const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest pause between two attempts to open a locked store.
const MAX_LOCK_PAUSE: Duration = Duration::from_millis(200);

/// The number of bytes that must fit on the disk before the store is reopened.
const PROBE_BYTES: usize = 1 << 20;

/// A period during which the store cannot be written.
#[derive(Debug)]
pub(crate) struct Outage {
    message: String,
    backoff: Backoff,
}

impl Outage {
    /// Starts an outage with its first error.
    pub(crate) fn started(error: &StoreError, now: Instant) -> Self {
        Self {
            message: format!("Cannot save the history: {}.", describe(error)),
            backoff: Backoff::after_first_failure(now),
        }
    }

    /// Returns the outage after a failed attempt to reopen the store. Attempts never end: a disk may stay full for
    /// days, and an attempt is cheap.
    pub(crate) fn continued(self, error: &StoreError, now: Instant) -> Self {
        let next = self.backoff.after_another_failure(now);
        let backoff = if next.is_paused() { self.backoff.restarted_at(now) } else { next };
        Self { backoff, ..Self::started(error, now) }
    }

    /// Returns when to try to reopen the store.
    pub(crate) fn next_retry(&self) -> Option<Instant> {
        self.backoff.next_retry()
    }

    /// Returns the problem to show.
    pub(crate) fn problem(&self) -> Problem {
        let hint = "New messages are counted in memory and saved once the disk works and has space again.";
        Problem { code: ProblemCode::StoreUnavailable, message: self.message.clone(), hint: hint.to_owned() }
    }
}

/// Opens the store. A damaged one is replaced. If the disk cannot be read or written, the store is kept in memory and
/// there is an outage from the start.
pub(crate) fn open_store(
    path: &Path,
    calculator: &CostCalculator,
    lock_timeout: Duration,
    mode: EngineMode,
) -> Result<(LedgerStore, Option<Outage>), StoreError> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        let judged = damage::file_at(path);
        let now = clock::now().into();
        let opened = match mode {
            EngineMode::Live => LedgerStore::open(path, calculator.clone(), now),
            EngineMode::OnDemand => LedgerStore::open_to_read(path, calculator.clone(), now),
        };
        let opened = match opened.map(Some) {
            Err(error) if error.is_damage() => damage::replace_damaged(path, judged.as_ref(), calculator),
            opened => opened,
        };
        match opened {
            Ok(Some(ledger_store)) => return Ok((ledger_store, None)),
            Err(error @ (StoreError::Disk { .. } | StoreError::Folder { .. })) => {
                return open_in_memory(path, calculator, &error);
            }
            // Another process replaces or uses the file.
            Ok(None) | Err(StoreError::Busy { .. }) if started.elapsed() < lock_timeout => sleep(pause),
            Ok(None) => return Err(StoreError::Busy { path: path.to_owned() }),
            Err(error) => return Err(error),
        }
        pause = (pause * 2).min(MAX_LOCK_PAUSE);
    }
}

fn open_in_memory(
    path: &Path,
    calculator: &CostCalculator,
    error: &StoreError,
) -> Result<(LedgerStore, Option<Outage>), StoreError> {
    let outage = Outage::started(error, Instant::now());
    warn!("{}", outage.message);
    let store = match Store::open_in_memory(path) {
        // What cannot be read is counted from the logs.
        Err(error) if error.is_damage() || matches!(error, StoreError::Disk { .. }) => Store::create_in_memory(path),
        opened => opened,
    };
    Ok((LedgerStore::load(store?, calculator.clone(), clock::now().into())?, Some(outage)))
}

/// Returns an error with its causes.
pub(crate) fn describe(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let message = error.to_string();
        // Some errors repeat their cause.
        if !text.ends_with(&message) {
            text += &format!(": {message}");
        }
        cause = error.source();
    }
    text
}

/// Renames the file of the store to `*.<reason>-<time>` and returns the new path.
pub(crate) fn move_aside(path: &Path, reason: &str) -> Result<PathBuf, StoreError> {
    let aside = reserve_aside_path(path, reason, clock::now())?;
    match fs::rename(path, &aside) {
        Ok(()) => Ok(aside),
        Err(error) => {
            // The reservation is an empty file.
            let _ = fs::remove_file(&aside);
            Err(StoreError::from_io(path, error))
        }
    }
}

/// Reopens the store after a failure if its disk accepts a test file.
pub(crate) fn reopen_store(ledger_store: &mut LedgerStore, path: &Path) -> Result<(), StoreError> {
    let probe = path.with_extension("probe");
    // A file left behind by a process that was killed.
    let _ = fs::remove_file(&probe);
    let written = fs_permissions::create_file(&probe).and_then(|mut file| file.write_all(&vec![0; PROBE_BYTES]));
    // The file may not exist if writing it failed.
    let _ = fs::remove_file(&probe);
    written.map_err(|error| StoreError::from_io(path, error))?;
    ledger_store.reopen(clock::now().into())
}
