//! Backups of the store: copies in a folder of their own, compared with the store before an older one is deleted.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use token_monitor_core::report::model::SessionMetadata;

use crate::db::Store;
use crate::deferred_writes::FirstWrite;
use crate::error::{StoreError, create_own_folder};
use crate::fs_permissions;
use crate::integrity::StoredTotals;
use crate::open_file::{OpenFile, Verification};
use crate::panic_guard::catch_panic;

/// The name of the folder beside the store.
const FOLDER: &str = "backups";

/// The format of the time in a file name.
const TIME_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// The end of the name of an unfinished copy.
const UNFINISHED: &str = ".part";

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The path of the file.
    pub path: PathBuf,
    /// The time at which it was made.
    pub made_at: DateTime<Utc>,
    /// The size in bytes.
    pub bytes: u64,
    /// Its place among those of the same second.
    number: u32,
}

/// The part of a damaged store that can be read and that no log contains.
#[derive(Clone, Debug, Default)]
pub struct Salvage {
    /// The metadata users added to sessions.
    pub metadata: Vec<SessionMetadata>,
    /// The settings saved by the settings page.
    pub settings: BTreeMap<String, String>,
}

/// Returns the folder with the backups of a store.
pub fn backup_folder(store: &Path) -> PathBuf {
    store.with_file_name(FOLDER)
}

/// Lists the backups of a store, the newest first.
pub fn list_backups(store: &Path) -> io::Result<Vec<Backup>> {
    let entries = match fs::read_dir(backup_folder(store)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut backups: Vec<Backup> = entries.flatten().filter_map(|entry| backup_at(store, &entry.path())).collect();
    backups.sort_unstable_by_key(|backup| Reverse((backup.made_at, backup.number)));
    Ok(backups)
}

/// Returns the backup with this path, unless it is another file.
fn backup_at(store: &Path, path: &Path) -> Option<Backup> {
    let name = path.file_name()?.to_str()?;
    let time = name.strip_prefix(store.file_name()?.to_str()?)?.strip_prefix('.')?;
    let (time, number) = time.split_once('-').unwrap_or((time, "1"));
    let made_at = NaiveDateTime::parse_from_str(time, TIME_FORMAT).ok()?.and_utc();
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Backup { path: path.to_owned(), made_at, number: number.parse().ok()?, bytes: metadata.len() })
}

impl Store {
    /// Backs up the store and deletes all but `kept` backups: the new one and the newest others. Changes must have been
    /// written.
    ///
    /// The copy is opened, every page of it is verified, and its figures are compared with `expected` before it gets its
    /// name. A copy that is damaged shows that the store is damaged.
    pub fn back_up(&mut self, now: DateTime<Utc>, kept: usize, expected: &StoredTotals) -> Result<Backup, StoreError> {
        let folder = backup_folder(&self.path);
        create_own_folder(&folder)?;
        delete_unfinished(&self.path, &folder);
        let path = new_path(&self.path, now).map_err(|error| StoreError::from_io(&folder, error))?;
        let unfinished = path.with_file_name(name_with(&path, UNFINISHED));
        let written = self.write_backup(&unfinished, &path, expected);
        if written.is_err() {
            // It may not exist.
            let _ = fs::remove_file(&unfinished);
        }
        written?;
        let backups = list_backups(&self.path).map_err(|error| StoreError::from_io(&folder, error))?;
        // The new one is kept even if a wrong clock dated earlier ones later.
        let (written, others): (Vec<Backup>, Vec<Backup>) = backups.into_iter().partition(|backup| backup.path == path);
        for old in others.iter().skip(kept.saturating_sub(1)) {
            fs::remove_file(&old.path).map_err(|error| StoreError::from_io(&old.path, error))?;
        }
        written.into_iter().next().ok_or_else(|| StoreError::from_io(&path, io::ErrorKind::NotFound.into()))
    }

    fn write_backup(&self, unfinished: &Path, path: &Path, expected: &StoredTotals) -> Result<(), StoreError> {
        self.copy_open_file(unfinished)?;
        let copied = verify_file(unfinished);
        let copied = copied.and_then(|totals| match totals == *expected {
            true => Ok(()),
            false => Err(StoreError::corrupt(&self.path, "a copy has other figures".to_owned())),
        });
        if copied.as_ref().is_err_and(StoreError::is_damage) {
            self.mark_damaged();
        }
        copied?;
        fs_permissions::rename_durably(unfinished, path).map_err(|error| StoreError::from_io(path, error))
    }

    /// Reads what can be read of a damaged store without changing it.
    pub fn salvage(path: &Path) -> Salvage {
        let Ok(store) = Self::open_unchanged(path) else { return Salvage::default() };
        Salvage {
            metadata: store.all_metadata().unwrap_or_default(),
            settings: store.load_settings().unwrap_or_default(),
        }
    }
}

/// Verifies every page and every row of a store that no other process uses, closes it and returns its totals.
pub fn verify_file(path: &Path) -> Result<StoredTotals, StoreError> {
    let verify = || -> Result<StoredTotals, StoreError> {
        let file = fs_permissions::open_or_create_file(path).map_err(|error| StoreError::from_io(path, error))?;
        let (open_file, database) = OpenFile::open_database(path, file, Verification::Full, FirstWrite::AtOpen)?;
        let mut store = Store::new(path, open_file, database);
        store.load()?;
        let totals = store.stored_totals()?;
        store.close()?;
        Ok(totals)
    };
    catch_panic(verify).unwrap_or_else(|panic| Err(StoreError::corrupt(path, panic)))
}

/// Copies a backup to a file beside the store and verifies the copy. Returns its path.
pub fn copy_backup(backup: &Path, store: &Path) -> Result<PathBuf, StoreError> {
    let copy = store.with_file_name(name_with(store, ".restore"));
    fs_permissions::copy_file(backup, &copy).map_err(|error| StoreError::from_io(backup, error))?;
    match verify_file(&copy) {
        Ok(_) => Ok(copy),
        Err(error) => {
            // The error of the copy is the one to report.
            let _ = fs::remove_file(&copy);
            Err(error)
        }
    }
}

/// Deletes the copies that were interrupted.
fn delete_unfinished(store: &Path, folder: &Path) {
    let prefix = store.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(&prefix) && (name.ends_with(UNFINISHED) || name.ends_with(".tmp")) {
            // The next backup tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Returns a path for a new backup. Backups of the same second are numbered in the order in which they are made.
fn new_path(store: &Path, now: DateTime<Utc>) -> io::Result<PathBuf> {
    let second = now.trunc_subsecs(0);
    let latest = list_backups(store)?.into_iter().filter(|backup| backup.made_at == second).map(|backup| backup.number);
    let end = latest.max().map_or(String::new(), |number| format!("-{}", number + 1));
    Ok(backup_folder(store).join(name_with(store, &format!(".{}{end}", now.format(TIME_FORMAT)))))
}

/// Returns the file name of a path with more text at its end.
fn name_with(path: &Path, end: &str) -> OsString {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(end);
    name
}
