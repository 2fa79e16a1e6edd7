//! What to do when the store cannot be used.
//!
//! A store that cannot be read is set aside, never deleted, and a new one is filled from the logs there are. A
//! disk that fails or is full is waited for, while counting goes on in memory.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::Utc;
use token_monitor_core::pricing::Pricing;
use token_monitor_core::report::model::Problem;
use token_monitor_store::StoreError;
use tracing::warn;

use crate::backoff::Backoff;
use crate::ledger_store::Books;

/// How long to wait for another process to let go of the store: one that was killed does so within moments.
const PATIENCE: Duration = Duration::from_secs(5);

/// As much must fit on the disk before the store is opened again.
const ROOM: usize = 1 << 20;

/// The store cannot be used.
#[derive(Debug)]
pub(crate) struct Outage {
    message: String,
    backoff: Backoff,
}

impl Outage {
    pub(crate) fn began(error: &StoreError, now: Instant) -> Self {
        Self { message: format!("History cannot be saved: {error}."), backoff: Backoff::first(now) }
    }

    /// A full disk may stay so for days; trying costs little, so it never pauses for good.
    pub(crate) fn goes_on(self, error: &StoreError, now: Instant) -> Self {
        let again = self.backoff.again(now);
        let backoff = if again.is_paused() { self.backoff.renewed(now) } else { again };
        Self { backoff, ..Self::began(error, now) }
    }

    pub(crate) fn due(&self) -> Option<Instant> {
        self.backoff.due()
    }

    pub(crate) fn problem(&self) -> Problem {
        let hint = "What is new is counted in memory as far as it can be, and saved once the disk has room.".to_owned();
        Problem { message: self.message.clone(), hint }
    }
}

/// Opens the books, setting a store aside that cannot be read.
pub(crate) fn open(path: &Path, pricing: &Pricing) -> Result<(Books, Option<Problem>), StoreError> {
    match wait_for(path, pricing) {
        Ok(books) => Ok((books, None)),
        Err(StoreError::Corrupt { .. } | StoreError::BadRow { .. }) => {
            let aside = set_aside(path)?;
            warn!(store = %path.display(), aside = %aside.display(), "The store could not be read and was set aside.");
            let note = Problem {
                message: format!("The store could not be read and was set aside as {}.", aside.display()),
                hint: "What the logs still hold is counted again; older history is in the file set aside.".to_owned(),
            };
            Ok((Books::open(path, pricing.clone(), Utc::now().into())?, Some(note)))
        }
        Err(other) => Err(other),
    }
}

fn wait_for(path: &Path, pricing: &Pricing) -> Result<Books, StoreError> {
    let began = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        match Books::open(path, pricing.clone(), Utc::now().into()) {
            Err(StoreError::Busy { .. }) if began.elapsed() < PATIENCE => sleep(pause),
            done => return done,
        }
        pause = (pause * 2).min(Duration::from_millis(200));
    }
}

fn set_aside(path: &Path) -> Result<std::path::PathBuf, StoreError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".corrupt-{}", Utc::now().format("%Y%m%dT%H%M%S%.3f")));
    let aside = path.with_file_name(name);
    match fs::rename(path, &aside) {
        Ok(()) => Ok(aside),
        Err(error) => Err(StoreError::disk(path, error)),
    }
}

/// Opens the books again after a failure, if the disk takes anything.
pub(crate) fn reopen(books: &mut Books, path: &Path) -> Result<(), StoreError> {
    let probe = path.with_extension("probe");
    let room = fs::write(&probe, vec![0; ROOM]);
    // It may not have come to be.
    let _ = fs::remove_file(&probe);
    room.map_err(|error| StoreError::disk(path, error))?;
    books.reopen(Utc::now().into())
}
