//! Stores whose changes stay in memory, while the disk fails or the file must not change.

use std::fs::File;
use std::path::Path;

use redb::ReadableDatabase;

use crate::db::Store;
use crate::error::StoreError;
use crate::fs_permissions;
use crate::open_file::OpenFile;
use crate::panic_guard::{Guarded, catch_panic};
use crate::schema::META;

impl Store {
    /// Opens a store whose changes stay in memory. If the file cannot be read, the store starts empty.
    ///
    /// # Errors
    ///
    /// Fails if the file is damaged, refused or in use, or has a newer format.
    pub fn open_in_memory(path: &Path) -> Result<Self, StoreError> {
        let store = match fs_permissions::open_own_file(path) {
            Ok(file) => Self::open_unchanged_file(path, Some(file)),
            Err(error) => match StoreError::from_io(path, error) {
                refused @ StoreError::Refused { .. } => Err(refused),
                _ => Self::open_unchanged_file(path, None),
            },
        }?;
        store.create_or_migrate()?;
        Ok(store)
    }

    /// Creates an empty store in memory, for a file that cannot be used at all.
    pub fn create_in_memory(path: &Path) -> Result<Self, StoreError> {
        let store = Self::open_unchanged_file(path, None)?;
        store.create_or_migrate()?;
        Ok(store)
    }

    /// Opens a file without changing it, and without a migration.
    pub(crate) fn open_unchanged(path: &Path) -> Result<Self, StoreError> {
        let file = fs_permissions::open_own_file(path).map_err(|error| StoreError::from_io(path, error))?;
        let store = Self::open_unchanged_file(path, Some(file))?;
        // A file that is not a store may still be a database.
        store.guard(|| Ok(store.database()?.begin_read()?.open_table(META)?)).map(drop)?;
        Ok(store)
    }

    fn open_unchanged_file(path: &Path, file: Option<File>) -> Result<Self, StoreError> {
        let opened = catch_panic(|| OpenFile::open_in_memory(path, file));
        let opened = opened.unwrap_or_else(|panic| Err(StoreError::corrupt(path, panic)));
        opened.map(|(open_file, database)| Self::new(path, open_file, database))
    }

    /// Returns true if changes stay in memory.
    pub fn is_in_memory(&self) -> bool {
        self.open_file.overlay().is_some()
    }

    /// Goes on with the contents of the file after a failed write. Changes stay in memory from now on.
    pub fn continue_in_memory(&mut self) -> Result<(), StoreError> {
        self.release();
        let file = self.open_file.file().and_then(File::try_clone);
        let file = file.map_err(|error| StoreError::from_io(&self.path, error))?;
        let opened = catch_panic(|| OpenFile::open_in_memory(&self.path, Some(file)));
        let opened = opened.unwrap_or_else(|panic| Err(StoreError::corrupt(&self.path, panic)));
        let (open_file, database) = opened?;
        (self.open_file, self.database) = (open_file, Some(Guarded::new(database)));
        Ok(())
    }

    /// Makes way for another store of the same file. Changes in memory are kept until this store is dropped.
    pub fn step_aside(&mut self) {
        match self.open_file.overlay() {
            Some(overlay) => overlay.unlock_base(),
            None => self.release(),
        }
    }

    /// Continues after the other store could not be opened.
    pub fn resume(&mut self) -> Result<(), StoreError> {
        match self.open_file.overlay() {
            Some(overlay) if overlay.lock_base() => Ok(()),
            Some(_) => Err(StoreError::Busy { path: self.path.clone() }),
            None => self.continue_in_memory(),
        }
    }
}
