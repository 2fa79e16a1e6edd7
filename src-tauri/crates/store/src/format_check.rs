//! The check of a file's format before anything can write to it.

use std::path::Path;

use redb::{ReadOnlyDatabase, ReadableDatabase};

use crate::db::Store;
use crate::error::{DbError, StoreError};
use crate::migrate;
use crate::schema::{FORMAT, META};

/// Rejects a file of a newer format, and backs up a file of an earlier one.
pub(crate) fn check_format(path: &Path) -> Result<(), StoreError> {
    let found = match ReadOnlyDatabase::open(path) {
        Ok(database) => read_format(&database).ok().flatten(),
        // The file was not closed, so its format can only be read after a repair, which is made in memory.
        Err(_) => match Store::open_unchanged(path) {
            Ok(store) => store.guard(|| read_format(store.database()?)).ok().flatten(),
            // The file is in use or is not a store. Opening it for writing returns the right error.
            Err(_) => None,
        },
    };
    reject_newer_format(path, found)?;
    match found {
        Some(earlier) if earlier < FORMAT => {
            migrate::back_up(path, earlier).map_err(|error| StoreError::from_io(path, error))
        }
        _ => Ok(()),
    }
}

fn read_format(database: &impl ReadableDatabase) -> Result<Option<u32>, DbError> {
    migrate::read_format(&database.begin_read()?.open_table(META)?)
}

/// Returns an error if a format is newer than the ones this version knows.
pub(crate) fn reject_newer_format(path: &Path, format: Option<u32>) -> Result<(), StoreError> {
    match format {
        Some(found) if found > FORMAT => Err(StoreError::NewerFormat { path: path.to_owned(), found, known: FORMAT }),
        _ => Ok(()),
    }
}
