//! A file of a database that can be detached: afterwards every access fails, so that closing the database changes nothing.

use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::backends::FileBackend;
use redb::{BackendError, DatabaseError, StorageBackend};

/// The file of a database. It is detached when another program has overwritten it.
#[derive(Debug)]
pub(crate) struct DetachableFile {
    backend: FileBackend,
    is_detached: Arc<AtomicBool>,
}

impl DetachableFile {
    /// Creates the backend of a file, and the flag that detaches it.
    pub(crate) fn new(file: File) -> Result<(Self, Arc<AtomicBool>), DatabaseError> {
        let is_detached = Arc::new(AtomicBool::new(false));
        let backend = FileBackend::new(file)?;
        Ok((Self { backend, is_detached: Arc::clone(&is_detached) }, is_detached))
    }

    fn check(&self) -> io::Result<&FileBackend> {
        match self.is_detached.load(Ordering::Relaxed) {
            true => Err(io::Error::other("the file was overwritten by another program")),
            false => Ok(&self.backend),
        }
    }
}

impl StorageBackend for DetachableFile {
    fn len(&self) -> io::Result<u64> {
        self.check()?.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.check()?.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.check()?.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.check()?.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.check()?.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.backend.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.backend.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.backend.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.backend.query_lock_range(start, end)
    }
}
