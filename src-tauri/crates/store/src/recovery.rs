//! Restores the file of an open store that was deleted, replaced or overwritten.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use crate::db::Store;
use crate::deferred_writes::FirstWrite;
use crate::error::{StoreError, create_folder, map_open_error};
use crate::fs_permissions;
use crate::open_file::{FileState, OpenFile, Verification};
use crate::panic_guard::{Guarded, catch_panic};

impl Store {
    /// Compares the file at the path with the open one. It costs two calls to the system.
    pub fn file_state(&self) -> FileState {
        self.open_file.state(&self.path)
    }

    /// Writes the open file to the path again after its path was deleted or replaced, and goes on with the new file. The
    /// folder is created if it is missing. After an error, the open file is still used if possible.
    pub fn rewrite_file(&mut self) -> Result<(), StoreError> {
        self.close_database()?;
        let written = self.path.parent().map_or(Ok(()), create_folder).and_then(|()| self.copy_open_file(&self.path));
        let opened = written.and_then(|()| {
            let file = fs_permissions::open_or_create_file(&self.path);
            let file = file.map_err(|error| StoreError::from_io(&self.path, error))?;
            OpenFile::open_database(&self.path, file, Verification::IfUnclosed, FirstWrite::AtOpen)
        });
        match opened {
            Ok((open_file, database)) => (self.open_file, self.database) = (open_file, Some(Guarded::new(database))),
            Err(error) => {
                // Without success, all further calls fail until the next attempt.
                let _ = self.reopen_file();
                return Err(error);
            }
        }
        Ok(())
    }

    /// Closes the database and opens it again, which frees the pages that an import has cached.
    pub fn reopen(&mut self) -> Result<(), StoreError> {
        self.close_database()?;
        self.reopen_file()
    }

    /// Opens the database of the open file again after it was closed.
    fn reopen_file(&mut self) -> Result<(), StoreError> {
        let file = self.open_file.file().and_then(File::try_clone);
        let file = file.map_err(|error| StoreError::from_io(&self.path, error))?;
        let (open_file, database) =
            OpenFile::open_database(&self.path, file, Verification::IfUnclosed, FirstWrite::AtOpen)?;
        (self.open_file, self.database) = (open_file, Some(Guarded::new(database)));
        Ok(())
    }

    /// Closes the database without a further access to the file, after another program has overwritten it. All later calls
    /// fail with [`StoreError::Closed`].
    pub fn detach_file(&mut self) {
        // Before the tables are closed, which may write.
        self.open_file.detach();
        self.clear_tables();
        self.database = None;
    }

    /// Copies the open file to another path, for example when another store takes its place.
    pub fn save_copy(&mut self, to: &Path) -> Result<(), StoreError> {
        self.close_database()?;
        let copied = self.copy_open_file(to);
        self.reopen_file()?;
        copied
    }

    pub(crate) fn copy_open_file(&self, to: &Path) -> Result<(), StoreError> {
        let copy = || -> io::Result<()> {
            let mut source = self.open_file.file()?.try_clone()?;
            source.seek(SeekFrom::Start(0))?;
            fs_permissions::write_copy(&mut source, to)
        };
        copy().map_err(|error| StoreError::from_io(to, error))
    }

    fn close_database(&mut self) -> Result<(), StoreError> {
        self.clear_tables();
        self.open_file.note_write();
        let Some(database) = self.database.take() else { return Ok(()) };
        let path = &self.path;
        let closed = catch_panic(|| database.into_inner().close()).map_or_else(
            |panic| Err(StoreError::corrupt(path, panic)),
            |closed| closed.map_err(|error| map_open_error(path, error)),
        );
        if closed.is_err() {
            // The error of closing is the one to report.
            let _ = self.reopen_file();
        }
        closed
    }
}
