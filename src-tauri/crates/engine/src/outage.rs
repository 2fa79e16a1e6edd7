//! Recovery from a store that cannot be used.
//!
//! A store that cannot be read is renamed, never deleted, and a new one is filled from the logs. A disk that fails or
//! is full is retried while counting continues in memory.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::Utc;
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::report::model::{Problem, ProblemCode};
use token_monitor_store::{StoreError, fs_permissions};
use tracing::warn;

use crate::backoff::Backoff;
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
        Self { message: format!("Cannot save the history: {error}."), backoff: Backoff::after_first_failure(now) }
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

/// Opens the store. If it cannot be read, renames it, opens a new one and returns a problem to show.
pub(crate) fn open_store(
    path: &Path,
    calculator: &CostCalculator,
    lock_timeout: Duration,
) -> Result<(LedgerStore, Option<Problem>), StoreError> {
    match open_when_unlocked(path, calculator, lock_timeout) {
        Ok(ledger_store) => Ok((ledger_store, None)),
        Err(StoreError::Corrupt { .. } | StoreError::BadRow { .. }) => {
            let backup = move_aside(path, "corrupt")?;
            warn!(store = %path.display(), backup = %backup.display(), "The store could not be read and was renamed.");
            let problem = Problem {
                code: ProblemCode::StoreUnreadable,
                message: format!("The store could not be read and was renamed to {}.", backup.display()),
                hint: "Messages still in the logs are counted again. Older history is in the renamed file.".to_owned(),
            };
            Ok((LedgerStore::open(path, calculator.clone(), Utc::now().into())?, Some(problem)))
        }
        Err(other) => Err(other),
    }
}

fn open_when_unlocked(
    path: &Path,
    calculator: &CostCalculator,
    lock_timeout: Duration,
) -> Result<LedgerStore, StoreError> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        match LedgerStore::open(path, calculator.clone(), Utc::now().into()) {
            Err(StoreError::Busy { .. }) if started.elapsed() < lock_timeout => sleep(pause),
            result => return result,
        }
        pause = (pause * 2).min(MAX_LOCK_PAUSE);
    }
}

/// Renames the file of the store to `*.<reason>-<time>` and returns the new path.
pub(crate) fn move_aside(path: &Path, reason: &str) -> Result<PathBuf, StoreError> {
    let aside = aside_path(path, reason);
    match fs::rename(path, &aside) {
        Ok(()) => Ok(aside),
        Err(error) => Err(StoreError::from_io(path, error)),
    }
}

/// Returns the path of a file `*.<reason>-<time>` beside the store.
pub(crate) fn aside_path(path: &Path, reason: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{reason}-{}", Utc::now().format("%Y%m%dT%H%M%S%.3f")));
    path.with_file_name(name)
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
    ledger_store.reopen(Utc::now().into())
}
