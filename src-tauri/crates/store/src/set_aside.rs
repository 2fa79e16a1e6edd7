//! Renames a file that cannot be used as the store. It is never deleted, and the new name never replaces another file.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::error::StoreError;
use crate::file_identity;
use crate::fs_permissions;

/// Renames the file of a store to `*.<reason>-<time>`. Returns `None` if the file is in use, or is not the one that was
/// `judged`: another process may have set that one aside already.
pub fn set_aside(
    path: &Path,
    judged: &Metadata,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Option<PathBuf>, StoreError> {
    let to_error = |error| StoreError::from_io(path, error);
    // A link or a folder cannot be locked, but it can be renamed.
    let file = fs_permissions::open_own_file(path).ok();
    if matches!(file.as_ref().map(File::try_lock), Some(Err(TryLockError::WouldBlock))) {
        return Ok(None);
    }
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found.map_err(to_error)?,
    };
    if !file_identity::is_same_file(judged, &found) {
        return Ok(None);
    }
    let aside = reserve_aside_path(path, reason, now)?;
    let renamed = fs_permissions::rename_durably(path, &aside);
    if renamed.is_err() {
        // The reservation is an empty file.
        let _ = fs::remove_file(&aside);
    }
    renamed.map(|()| Some(aside)).map_err(to_error)
}

/// Reserves a path `*.<reason>-<time>` beside the store by creating an empty file.
pub fn reserve_aside_path(path: &Path, reason: &str, now: DateTime<Utc>) -> Result<PathBuf, StoreError> {
    let time = now.format("%Y%m%dT%H%M%S%.3f");
    for number in 1_u32.. {
        let end = if number == 1 { String::new() } else { format!("-{number}") };
        let mut name = aside_prefix(path, reason);
        name.push(format!("{time}{end}"));
        let aside = path.with_file_name(name);
        match fs_permissions::create_file(&aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|_| aside).map_err(|error| StoreError::from_io(path, error)),
        }
    }
    Err(StoreError::from_io(path, io::ErrorKind::AlreadyExists.into()))
}

/// Lists the files that were set aside for a reason, the oldest first.
pub fn list_set_aside(path: &Path, reason: &str) -> Vec<PathBuf> {
    let prefix = aside_prefix(path, reason);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let starts_with = |name: &OsString| name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes());
    let mut files: Vec<PathBuf> =
        entries.filter(|entry| starts_with(&entry.file_name())).map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// Returns the beginning of the names of files that were set aside for a reason.
fn aside_prefix(path: &Path, reason: &str) -> OsString {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{reason}-"));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_clash() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sessions.db");
        for number in 0..50_u32 {
            fs::write(&path, number.to_string()).expect("it is written");
            let judged = fs::symlink_metadata(&path).expect("it exists");
            set_aside(&path, &judged, "corrupt", DateTime::UNIX_EPOCH).expect("it is renamed").expect("it was judged");
        }
        let mut contents: Vec<u32> = list_set_aside(&path, "corrupt")
            .iter()
            .map(|path| fs::read_to_string(path).expect("it is kept").parse().expect("a number"))
            .collect();
        contents.sort_unstable();
        assert_eq!(contents, (0..50).collect::<Vec<_>>());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_replaced_meanwhile_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sessions.db");
        fs::write(&path, "damaged").expect("it is written");
        let judged = fs::symlink_metadata(&path).expect("it exists");
        fs::rename(&path, folder.path().join("other")).expect("it is renamed");
        fs::write(&path, "new").expect("it is written");
        assert_eq!(set_aside(&path, &judged, "corrupt", DateTime::UNIX_EPOCH).expect("nothing failed"), None);
        assert_eq!(fs::read_to_string(&path).expect("it stays"), "new");
        assert!(list_set_aside(&path, "corrupt").is_empty());
    }
}
