//! The file that keeps counters over restarts.
//!
//! It is private and replaced as a whole, in a folder of its own beside the store. A file that cannot be read is renamed,
//! never deleted.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use token_monitor_engine::fs_permissions;
use tracing::warn;

/// The version of the file's format. A newer file is left alone.
const FORMAT: u32 = 1;

/// The maximum size of the file. A series has about 150 bytes.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// The name of the folder.
const FOLDER_NAME: &str = "telemetry";

/// Returns the folder of counters that belong to a store.
pub fn counters_folder(store: &Path) -> PathBuf {
    store.parent().unwrap_or(Path::new(".")).join(FOLDER_NAME)
}

/// The reason why counters cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CounterFileError {
    /// The file was written by a newer version.
    #[error("{path} was written by a newer version of Token Monitor")]
    NewerFormat {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be used.
    #[error("cannot use {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
}

/// A file with a value that is kept over restarts, such as a [`CounterTable`](crate::CounterTable).
#[derive(Debug)]
pub struct CounterFile {
    path: PathBuf,
    /// The contents as last read or written, so that nothing is written without a change.
    saved: Vec<u8>,
}

#[derive(Serialize)]
struct VersionedValue<'a, T> {
    format: u32,
    #[serde(flatten)]
    value: &'a T,
}

#[derive(Deserialize)]
struct Header {
    format: u32,
}

impl CounterFile {
    /// Opens a file and returns its value, or the default if there is none.
    ///
    /// # Errors
    ///
    /// If a newer version wrote the file, or the file or its folder belongs to another user or cannot be read.
    pub fn open<T: DeserializeOwned + Default>(folder: &Path, name: &str) -> Result<(Self, T), CounterFileError> {
        let path = folder.join(name);
        let failed = |source| CounterFileError::Io { path: path.clone(), source };
        fs_permissions::create_own_folder(folder).map_err(failed)?;
        let saved = match read_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            result => result.map_err(failed)?,
        };
        match serde_json::from_slice::<Header>(&saved) {
            Ok(header) if header.format > FORMAT => return Err(CounterFileError::NewerFormat { path }),
            Ok(_) | Err(_) => {}
        }
        let value = match serde_json::from_slice(&saved) {
            Ok(value) => value,
            Err(_) if saved.is_empty() => T::default(),
            Err(error) => {
                set_aside(&path, &error);
                T::default()
            }
        };
        Ok((Self { path, saved }, value))
    }

    /// Writes the value unless the file already has it.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn save<T: Serialize>(&mut self, value: &T) -> Result<(), CounterFileError> {
        let failed = |source| CounterFileError::Io { path: self.path.clone(), source };
        let contents =
            serde_json::to_vec(&VersionedValue { format: FORMAT, value }).map_err(|error| failed(error.into()))?;
        if contents != self.saved {
            fs_permissions::replace_file(&self.path, &contents).map_err(failed)?;
            self.saved = contents;
        }
        Ok(())
    }
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs_permissions::open_own_file(path)?.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn set_aside(path: &Path, error: &serde_json::Error) {
    let aside = path.with_extension("damaged.json");
    warn!(file = %path.display(), %error, "The counters could not be read. The file is renamed, and they start again.");
    if let Err(error) = fs::rename(path, &aside) {
        warn!(file = %aside.display(), %error, "The file could not be renamed.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counters::CounterTable;
    use crate::usage::tests::{figures, start};

    #[test]
    fn counters_are_kept_over_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = counters_folder(&folder.path().join("sessions.db"));
        let (mut file, mut table) = CounterFile::open::<CounterTable>(&folder, "counters.json").expect("a new file");
        assert_eq!(table, CounterTable::default());
        table.observe(&figures(Vec::new()), 0, start());
        file.save(&table).expect("it is written");
        let (_, reopened) = CounterFile::open::<CounterTable>(&folder, "counters.json").expect("it is read");
        assert_eq!(reopened, table);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;

        let temp = tempfile::tempdir().expect("a folder");
        let folder = temp.path().join("telemetry");
        let (mut file, table) = CounterFile::open::<CounterTable>(&folder, "counters.json").expect("a new file");
        file.save(&table).expect("it is written");
        let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("counters.json"))), (0o700, 0o600));
    }

    #[test]
    fn a_damaged_file_is_renamed() {
        let temp = tempfile::tempdir().expect("a folder");
        fs::write(temp.path().join("counters.json"), "{\"format\":1,").expect("it is written");
        let (_, table) = CounterFile::open::<CounterTable>(temp.path(), "counters.json").expect("a new file");
        assert_eq!(table, CounterTable::default());
        let aside = fs::read_to_string(temp.path().join("counters.damaged.json")).expect("it is kept");
        assert_eq!(aside, "{\"format\":1,");
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join("counters.json");
        fs::write(&path, r#"{"format":2}"#).expect("it is written");
        let error = CounterFile::open::<CounterTable>(temp.path(), "counters.json").expect_err("it is newer");
        assert!(matches!(error, CounterFileError::NewerFormat { .. }));
        assert_eq!(fs::read_to_string(path).expect("it is there"), r#"{"format":2}"#);
    }
}
