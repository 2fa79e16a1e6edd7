//! The throw-away folder of the sample data: a home folder of its own, with logs, store and settings.
//!
//! Nothing outside of the folder is written. It is removed when it is dropped. A folder whose process was killed is
//! removed when the next sample data is created: its lock is free then.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::SessionChanges;
use token_monitor_store::{MetadataPatch, Store, StoreError, fs_permissions};

use crate::clock;
use crate::config::ConfigSources;
use crate::demo::catalog::SESSION_NAMES;
use crate::demo::live_writer::LiveWriter;
use crate::demo::logs;
use crate::demo::quota::DemoQuota;
use crate::demo::registry;
use crate::demo::year::DemoYear;
use crate::zone::system_zone;

/// The beginning of the folder's name. The id of the process and a number follow.
const NAME_PREFIX: &str = "token-monitor-demo-";

/// The file that is locked as long as the folder is in use.
const LOCK_FILE: &str = "in-use";

/// The number of names that are tried. Names are taken only by folders that could not be removed.
const MAX_ATTEMPTS: u32 = 100;

/// The number of attempts to remove the folder, to which an engine that is stopping may still add a file.
const REMOVE_ATTEMPTS: u32 = 3;

/// The largest number of sessions with tags. Each is a transaction of its own.
const MAX_TAGGED: usize = 24;

/// The seed of the year. Any other number results in another, equally plausible year.
const SEED: u64 = 2026;

/// Alerts about made-up figures would be confusing.
const SETTINGS: &str = "alerts:\n  enabled: false\n";

/// A folder with sample data.
#[derive(Debug)]
pub struct DemoFolder {
    path: PathBuf,
    lock: Option<File>,
    writer: Option<LiveWriter>,
}

impl DemoFolder {
    /// Writes a made-up year, which ends now, to a new folder of the system's temporary folder.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be written. It is removed then.
    pub fn create() -> io::Result<Self> {
        let now = clock::now();
        Self::create_in(&std::env::temp_dir(), &DemoYear::generate(now.with_timezone(&system_zone()), SEED), now)
    }

    /// Writes a year to a new folder in another one.
    pub(crate) fn create_in(parent: &Path, year: &DemoYear, now: DateTime<Utc>) -> io::Result<Self> {
        remove_abandoned(parent);
        let mut folder = Self::create_empty(parent)?;
        let (claude, sources) = (folder.path.join(".claude"), folder.config_sources());
        for session in &year.sessions {
            logs::write_session(&claude, session)?;
        }
        let store = sources.resolve().db_path;
        fs::create_dir_all(store.parent().unwrap_or(&folder.path))?;
        fs::write(&sources.file.path, SETTINGS)?;
        add_metadata(&store, year, now).map_err(io::Error::other)?;
        registry::register_waiting_session(&claude, year, now)?;
        let quota = DemoQuota::new(year, now);
        quota.write_note(&store, now)?;
        folder.writer = LiveWriter::new(claude, store, year, quota);
        Ok(folder)
    }

    /// Returns the path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the sources of the settings for an engine with this data only.
    pub fn config_sources(&self) -> ConfigSources {
        ConfigSources::for_demo(&self.path)
    }

    /// Continues the session at work on a thread of its own, until the folder is dropped.
    ///
    /// # Errors
    ///
    /// Fails if the system cannot start a thread.
    pub fn continue_writing(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), LiveWriter::start)
    }

    fn create_empty(parent: &Path) -> io::Result<Self> {
        let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
        for number in 0..MAX_ATTEMPTS {
            let path = parent.join(format!("{NAME_PREFIX}{}-{number}", std::process::id()));
            match create_private(&path) {
                Ok(()) => {
                    let mut folder = Self { path, lock: None, writer: None };
                    let lock = fs_permissions::create_file(&folder.path.join(LOCK_FILE))?;
                    lock.lock()?;
                    folder.lock = Some(lock);
                    return Ok(folder);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
                Err(error) => return Err(error),
            }
        }
        Err(taken)
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        // The writer must have ended, and a locked file cannot be removed on every system.
        drop((self.writer.take(), self.lock.take()));
        let removed = (0..REMOVE_ATTEMPTS).map(|_| fs::remove_dir_all(&self.path)).find(Result::is_ok);
        if removed.is_none() && self.path.exists() {
            tracing::warn!(path = %self.path.display(), "Cannot remove the sample data.");
        }
    }
}

/// Creates a folder that must not exist, so that nobody can have prepared it.
fn create_private(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs_permissions::create_own_folder(path),
    }
}

/// Removes the folders of processes that were killed. Folders of other users and links are left alone.
fn remove_abandoned(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(NAME_PREFIX));
    for folder in named.map(|entry| entry.path()).filter(|path| fs_permissions::check_private_folder(path).is_ok()) {
        // A folder without the file is one that is being created or removed.
        let lock = fs_permissions::open_own_file(&folder.join(LOCK_FILE));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            // What cannot be removed stays for the system's own cleanup.
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

/// Gives names to the latest sessions, and tags to some.
fn add_metadata(store: &Path, year: &DemoYear, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut store = Store::open(store)?;
    let past = year.sessions.iter().rev().filter(|session| session.is_tagged).take(MAX_TAGGED);
    for (rank, session) in past.enumerate() {
        let name = rank.checked_sub(1).and_then(|rank| SESSION_NAMES.get(rank)).map(ToString::to_string);
        let tags = Some(vec![session.project.tag.to_owned()]);
        let changes =
            SessionChanges { is_pinned: (rank == 2).then_some(true), name, tags, ..SessionChanges::default() };
        store.update_metadata(&session.id, MetadataPatch::new(&changes)?, Some(session.project.path()), now)?;
    }
    store.close()
}
