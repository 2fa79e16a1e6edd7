//! The store's file while it is open: detects that it was deleted, replaced or overwritten, and writes it again.
//!
//! On Unix, an open file keeps its contents after its path was deleted or replaced. [`Store::rewrite_file`] copies them
//! back to the path, so no data is lost. Contents that another program has overwritten are lost.

use std::cell::RefCell;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use redb::Database;

use crate::db::{CACHE_BYTES, Store, create_folder, map_open_error};
use crate::detachable_file::DetachableFile;
use crate::error::StoreError;
use crate::fs_permissions;

/// The number of bytes at the start of the file that change with each commit: redb's header.
const HEADER_BYTES: usize = 512;

/// The file at the path of an open store, compared with the open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// The path leads to the open file, and only this process has changed it.
    Intact,
    /// The path leads to no file.
    Missing,
    /// The path leads to another file.
    Replaced,
    /// Another program has changed the open file.
    Overwritten,
}

/// A handle to the open file, and its properties after the last write of this process.
pub(crate) struct OpenFile {
    /// `None` once it was detached.
    file: Option<File>,
    /// The flag that detaches the database from the file.
    is_detached: Arc<AtomicBool>,
    /// `None` after a write of this process, until the next check.
    recorded: RefCell<Option<Contents>>,
}

/// The properties of the contents of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Contents {
    len: u64,
    modified: Option<SystemTime>,
    header: Vec<u8>,
}

impl OpenFile {
    /// Opens a file as a database.
    pub(crate) fn open_database(path: &Path, file: File) -> Result<(Self, Database), StoreError> {
        let own = file.try_clone().map_err(|error| StoreError::from_io(path, error))?;
        let (backend, is_detached) = DetachableFile::new(file).map_err(|error| map_open_error(path, error))?;
        let opened = redb::Builder::new().set_cache_size(CACHE_BYTES).create_with_backend(backend);
        let database = opened.map_err(|error| map_open_error(path, error))?;
        Ok((Self { file: Some(own), is_detached, recorded: RefCell::new(None) }, database))
    }

    /// Notes that this process is about to write to the file.
    pub(crate) fn note_write(&self) {
        self.recorded.replace(None);
    }

    fn file(&self) -> io::Result<&File> {
        self.file.as_ref().ok_or_else(|| io::Error::other("the file was overwritten by another program"))
    }

    fn state(&self, path: &Path) -> FileState {
        let Some(file) = &self.file else { return FileState::Overwritten };
        let Ok(open) = file.metadata() else { return FileState::Missing };
        match fs::symlink_metadata(path) {
            Err(_) => FileState::Missing,
            Ok(found) if !is_same_file(&open, &found) => FileState::Replaced,
            Ok(_) if self.is_overwritten(file, &open) => FileState::Overwritten,
            Ok(_) => FileState::Intact,
        }
    }

    /// Returns true if the contents differ from those after the last write of this process. The header is read only if
    /// the time or the length has changed: on network drives, the time of a write can change later.
    fn is_overwritten(&self, file: &File, open: &Metadata) -> bool {
        let (len, modified) = (open.len(), open.modified().ok());
        let mut recorded = self.recorded.borrow_mut();
        if recorded.as_ref().is_some_and(|known| known.len == len && known.modified == modified) {
            return false;
        }
        let header = read_header(file).unwrap_or_default();
        let is_foreign = recorded.as_ref().is_some_and(|known| known.header != header || len < known.len);
        if !is_foreign {
            *recorded = Some(Contents { len, modified, header });
        }
        is_foreign
    }
}

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
            OpenFile::open_database(&self.path, file.map_err(|error| StoreError::from_io(&self.path, error))?)
        });
        match opened {
            Ok((open_file, database)) => (self.open_file, self.database) = (open_file, Some(database)),
            Err(error) => {
                // Without success, all further calls fail until the next attempt.
                let _ = self.reopen_file();
                return Err(error);
            }
        }
        Ok(())
    }

    /// Opens the database of the open file again after it was closed.
    fn reopen_file(&mut self) -> Result<(), StoreError> {
        let file = self.open_file.file().and_then(File::try_clone);
        let file = file.map_err(|error| StoreError::from_io(&self.path, error))?;
        let (open_file, database) = OpenFile::open_database(&self.path, file)?;
        (self.open_file, self.database) = (open_file, Some(database));
        Ok(())
    }

    /// Closes the database without a further access to the file, after another program has overwritten it. All later calls
    /// fail with [`StoreError::Closed`].
    pub fn detach_file(&mut self) {
        self.clear_tables();
        self.open_file.is_detached.store(true, Ordering::Relaxed);
        self.database = None;
        self.open_file.file = None;
    }

    /// Copies the open file to another path, for example when another store takes its place.
    pub fn save_copy(&mut self, to: &Path) -> Result<(), StoreError> {
        self.close_database()?;
        let copied = self.copy_open_file(to);
        self.reopen_file()?;
        copied
    }

    fn copy_open_file(&self, to: &Path) -> Result<(), StoreError> {
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
        if let Err(error) = database.close() {
            let _ = self.reopen_file();
            return Err(map_open_error(&self.path, error));
        }
        Ok(())
    }
}

fn read_header(file: &File) -> io::Result<Vec<u8>> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    let mut header = Vec::with_capacity(HEADER_BYTES);
    file.take(HEADER_BYTES as u64).read_to_end(&mut header)?;
    Ok(header)
}

#[cfg(unix)]
fn is_same_file(open: &Metadata, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (open.dev(), open.ino()) == (found.dev(), found.ino())
}

/// Other systems do not let a file be replaced while it is open.
#[cfg(not(unix))]
fn is_same_file(_open: &Metadata, _found: &Metadata) -> bool {
    true
}
