//! What to do when the store cannot be used.
//!
//! A store that cannot be read is set aside, never deleted, and a new one is filled from the logs there are. A
//! disk that fails or is full is waited for, while counting goes on in memory.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::Utc;
use token_monitor_core::figures::Problem;
use token_monitor_store::StoreError;
use tracing::warn;

use crate::backoff::Backoff;
use crate::books::Books;

/// How long to wait for another process to let go of the store: one that was killed does so within moments.
const PATIENCE: Duration = Duration::from_secs(5);

/// As much must fit on the disk before the store is opened again.
const ROOM: usize = 1 << 20;

/// The store cannot be used, or a new one had to be made.
#[derive(Debug)]
pub(crate) struct Outage {
    message: String,
    hint: String,
    /// None where there is nothing to try again.
    backoff: Option<Backoff>,
}

impl Outage {
    pub(crate) fn began(error: &StoreError, now: Instant) -> Self {
        Self {
            message: format!("History cannot be saved: {error}."),
            hint: "Counting goes on in memory and is saved once the disk has room.".to_owned(),
            backoff: Some(Backoff::first(now)),
        }
    }

    pub(crate) fn goes_on(self, error: &StoreError, now: Instant) -> Self {
        let backoff = self.backoff.filter(|backoff| !backoff.again(now).is_paused());
        // A full disk may stay so for days; trying costs nothing, so it never pauses for good.
        let backoff = backoff.map_or_else(|| Backoff::first(now), |backoff| backoff.again(now));
        Self { backoff: Some(backoff), ..Self::began(error, now) }
    }

    pub(crate) fn due(&self) -> Option<Instant> {
        self.backoff.as_ref()?.due()
    }

    pub(crate) fn problem(&self) -> Problem {
        Problem { message: self.message.clone(), hint: self.hint.clone() }
    }
}

/// Opens the books, setting a store aside that cannot be read.
pub(crate) fn open(path: &Path) -> Result<(Books, Option<Outage>), StoreError> {
    match wait_for(path) {
        Ok(books) => Ok((books, None)),
        Err(StoreError::Corrupt { .. } | StoreError::BadRow { .. }) => {
            let aside = set_aside(path)?;
            warn!(store = %path.display(), aside = %aside.display(), "The store could not be read and was set aside.");
            Ok((Books::open(path, Utc::now().into())?, None))
        }
        Err(other) => Err(other),
    }
}

fn wait_for(path: &Path) -> Result<Books, StoreError> {
    let began = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        match Books::open(path, Utc::now().into()) {
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
        Err(source) => Err(StoreError::Folder { path: path.to_owned(), source }),
    }
}

/// Opens the books again after a failure, if the disk takes anything.
pub(crate) fn reopen(books: &mut Books, path: &Path) -> Result<(), StoreError> {
    let probe = path.with_extension("probe");
    let room = fs::write(&probe, vec![0; ROOM]);
    // It may not have come to be.
    let _ = fs::remove_file(&probe);
    room.map_err(|source| StoreError::Folder { path: path.to_owned(), source })?;
    books.reopen(Utc::now().into())
}
