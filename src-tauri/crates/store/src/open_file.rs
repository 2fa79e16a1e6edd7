//! The store's file while it is open: detects that it was deleted, replaced or overwritten, and writes it again.
//!
//! On Unix, an open file keeps its contents after its path was deleted or replaced. `Store::rewrite_file` copies them
//! back to the path, so no data is lost. Contents that another program has overwritten are lost.

use std::cell::RefCell;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

use redb::Database;

use crate::database_file::{DatabaseFile, FileSwitches};
use crate::deferred_writes::FirstWrite;
use crate::error::{StoreError, map_open_error};
use crate::file_identity;
use crate::memory_overlay::MemoryOverlay;

/// The size of redb's page cache while logs are imported and in commands. The default of 1 GiB would be filled.
const CACHE_BYTES: usize = 4 << 20;

/// The size of the page cache in a process that stays: enough for a live batch.
const RESIDENT_CACHE_BYTES: usize = 1 << 20;

/// The size of the page cache for a copy, which is read once from its start to its end.
const COPY_CACHE_BYTES: usize = 1 << 20;

/// The size up to which a file is verified whenever it is opened: reading it takes a few milliseconds.
pub(crate) const MAX_VERIFIED_BYTES: u64 = 16 << 20;

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
    /// The switches of the file that the database has open.
    switches: FileSwitches,
    /// `None` after a write of this process, until the next check.
    recorded: RefCell<Option<Contents>>,
    /// The changes, while they are kept in memory.
    overlay: Option<MemoryOverlay>,
}

/// The extent to which a file is verified when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verification {
    /// Every page of a small file is verified. A larger one is verified only if it was not closed.
    IfSmall,
    /// Every page of a copy is verified, with a small page cache.
    Full,
    /// The file is verified only if it was not closed.
    IfUnclosed,
}

/// The properties of the contents of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Contents {
    len: u64,
    modified: Option<SystemTime>,
    header: Vec<u8>,
}

impl OpenFile {
    /// Ends all access to the file. The database must be dropped after that.
    pub(crate) fn detach(&mut self) {
        self.switches.detach();
        self.file = None;
    }

    /// Opens a file as a database.
    pub(crate) fn open_database(
        path: &Path,
        file: File,
        verification: Verification,
        first_write: FirstWrite,
    ) -> Result<(Self, Database), StoreError> {
        let own = file.try_clone().map_err(|error| StoreError::from_io(path, error))?;
        let len = file.metadata().map_err(|error| StoreError::from_io(path, error))?.len();
        let is_verified = match verification {
            Verification::IfSmall => len <= MAX_VERIFIED_BYTES,
            Verification::Full => true,
            Verification::IfUnclosed => false,
        };
        let opened = DatabaseFile::new(path, file, first_write);
        let (backend, switches) = opened.map_err(|error| map_open_error(path, error))?;
        let mut builder = redb::Builder::new();
        let cache = match (verification, first_write) {
            (Verification::Full, _) => COPY_CACHE_BYTES,
            (_, FirstWrite::AtOpen) if len > 0 => RESIDENT_CACHE_BYTES,
            // A command loads the pages that were read to verify them.
            (_, FirstWrite::WithFirstChange) if is_verified => CACHE_BYTES + usize::try_from(len).unwrap_or_default(),
            _ => CACHE_BYTES,
        };
        builder.set_cache_size(cache).set_check_integrity_on_open(is_verified);
        let database = builder.create_with_backend(backend).map_err(|error| map_open_error(path, error))?;
        Ok((Self { file: Some(own), switches, recorded: RefCell::new(None), overlay: None }, database))
    }

    /// Opens a file, if there is one, as a database whose changes stay in memory.
    pub(crate) fn open_in_memory(path: &Path, file: Option<File>) -> Result<(Self, Database), StoreError> {
        let own = file.as_ref().map(File::try_clone).transpose().map_err(|error| StoreError::from_io(path, error))?;
        let overlay = MemoryOverlay::new(file).map_err(|error| StoreError::from_io(path, error))?;
        if !overlay.lock_base() {
            return Err(StoreError::Busy { path: path.to_owned() });
        }
        let opened = redb::Builder::new().set_cache_size(CACHE_BYTES).create_with_backend(overlay.clone());
        let database = opened.map_err(|error| map_open_error(path, error))?;
        let switches = FileSwitches::default();
        Ok((Self { file: own, switches, recorded: RefCell::new(None), overlay: Some(overlay) }, database))
    }

    /// Returns the changes that are kept in memory, or `None` if they are written to the file.
    pub(crate) fn overlay(&self) -> Option<&MemoryOverlay> {
        self.overlay.as_ref()
    }

    /// Notes that this process is about to write to the file.
    pub(crate) fn note_write(&self) {
        self.switches.start_writing();
        self.recorded.replace(None);
    }

    /// Returns true if nothing was written since the file was opened, not even by the database.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.switches.is_unchanged()
    }

    pub(crate) fn file(&self) -> io::Result<&File> {
        self.file.as_ref().ok_or_else(|| io::Error::other("the file was overwritten by another program"))
    }

    pub(crate) fn state(&self, path: &Path) -> FileState {
        if self.file.is_none() && self.overlay.is_some() {
            return FileState::Intact;
        }
        let Some(file) = &self.file else { return FileState::Overwritten };
        let Ok(open) = file.metadata() else { return FileState::Missing };
        match fs::symlink_metadata(path) {
            Err(_) => FileState::Missing,
            Ok(found) if !file_identity::is_same_file(&open, &found) => FileState::Replaced,
            // While changes stay in memory, only attempts to write to the file again change it.
            Ok(_) if self.overlay.is_none() && self.is_overwritten(file, &open) => FileState::Overwritten,
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

fn read_header(file: &File) -> io::Result<Vec<u8>> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    let mut header = Vec::with_capacity(HEADER_BYTES);
    file.take(HEADER_BYTES as u64).read_to_end(&mut header)?;
    Ok(header)
}
