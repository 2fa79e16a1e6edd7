//! Opening a store, which creates or migrates it, and closing it.

use std::path::Path;

use redb::{ReadableDatabase, TableError};
use token_monitor_core::time::Timestamp;

use crate::db::Store;
use crate::deferred_writes::FirstWrite;
use crate::error::{DbError, StoreError, create_folder, map_redb_error};
use crate::format_check;
use crate::fs_permissions;
use crate::migrate;
use crate::open_file::{OpenFile, Verification};
use crate::panic_guard::catch_panic;
use crate::schema::{FORMAT, META, RULES_PENDING};
use crate::write;

impl Store {
    /// Opens a store, or creates it if the file does not exist or is empty. Earlier formats are migrated.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, FirstWrite::AtOpen)
    }

    /// Opens a store like [`Self::open`], but does not write to a file that was closed before something is to be saved.
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, FirstWrite::WithFirstChange)
    }

    fn open_with(path: &Path, first_write: FirstWrite) -> Result<Self, StoreError> {
        // The database panics at some damaged files, such as one of zeros with a valid header.
        let opened = catch_panic(|| Self::open_file(path, first_write));
        opened.unwrap_or_else(|panic| Err(StoreError::corrupt(path, panic)))
    }

    fn open_file(path: &Path, first_write: FirstWrite) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            create_folder(folder)?;
        }
        let file = fs_permissions::open_or_create_file(path).map_err(|error| StoreError::from_io(path, error))?;
        if file.metadata().map_err(|error| StoreError::from_io(path, error))?.len() > 0 {
            format_check::check_format(path)?;
        }
        let (open_file, database) = OpenFile::open_database(path, file, Verification::IfSmall, first_write)?;
        let store = Self::new(path, open_file, database);
        store.create_or_migrate()?;
        Ok(store)
    }

    /// Opens a store like [`Self::open`] and verifies every page and row.
    pub fn open_verified(path: &Path, now: Timestamp) -> Result<Self, StoreError> {
        let mut store = Self::open(path)?;
        // Nothing was loaded yet, so a repair needs no reload.
        store.check_integrity(now)?;
        Ok(store)
    }

    pub(crate) fn create_or_migrate(&self) -> Result<(), StoreError> {
        let (found, rules) = self.guard(|| self.read_format_and_rules())?.unwrap_or_default();
        // The format of a file that needed a repair could not be checked before.
        format_check::reject_newer_format(&self.path, found)?;
        if found == Some(FORMAT) && rules >= RULES_PENDING {
            return Ok(());
        }
        let prepare = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            match found {
                Some(FORMAT) => migrate::request_reread(&write)?,
                Some(_) => migrate::migrate(&write)?,
                None => write::create_tables(&write)?,
            }
            Ok(write.commit()?)
        };
        self.guard(prepare)
    }

    /// Returns `None` for a file that is not yet a store.
    fn read_format_and_rules(&self) -> Result<Option<(Option<u32>, u64)>, DbError> {
        let read = self.database()?.begin_read()?;
        match read.open_table(META) {
            Ok(meta) => Ok(Some((migrate::read_format(&meta)?, migrate::read_rules(&meta)?))),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Closes the file, so that it needs no repair when it is opened again.
    pub fn close(self) -> Result<(), StoreError> {
        let Self { database, path, tables, mut open_file, .. } = self;
        drop(tables);
        let Some(database) = database else { return Ok(()) };
        if open_file.is_unchanged() {
            // Closing it would only write what opening it did.
            open_file.detach();
            return catch_panic(|| drop(database)).map_err(|panic| StoreError::corrupt(&path, panic));
        }
        let closed = catch_panic(|| database.into_inner().close());
        closed.map_or_else(
            |panic| Err(StoreError::corrupt(&path, panic)),
            |closed| closed.map_err(|error| map_redb_error(&path, error)),
        )
    }
}
