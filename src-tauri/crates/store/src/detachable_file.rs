//! A file of a database that can be detached: afterwards every access fails, so that closing the database changes nothing.

use std::fs::File;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::backends::FileBackend;
use redb::{BackendError, DatabaseError, StorageBackend};

#[cfg(feature = "fault-injection")]
use crate::fault_injection::FileChange;

/// A kind of call to the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "fault-injection"), expect(unreachable_pub, reason = "tests choose the calls that fail"))]
pub enum SystemCall {
    /// Reading, and asking for the length.
    Read,
    /// Writing, and changing the length.
    Write,
    /// Syncing to the disk.
    Sync,
}

/// The file of a database. It is detached when another program has overwritten it.
#[derive(Debug)]
pub(crate) struct DetachableFile {
    backend: FileBackend,
    is_detached: Arc<AtomicBool>,
    #[cfg(feature = "fault-injection")]
    path: std::path::PathBuf,
}

impl DetachableFile {
    /// Creates the backend of a file, and the flag that detaches it.
    #[cfg_attr(
        not(feature = "fault-injection"),
        expect(unused_variables, reason = "injected faults are chosen by the path")
    )]
    pub(crate) fn new(path: &Path, file: File) -> Result<(Self, Arc<AtomicBool>), DatabaseError> {
        let is_detached = Arc::new(AtomicBool::new(false));
        let file = Self {
            backend: FileBackend::new(file)?,
            is_detached: Arc::clone(&is_detached),
            #[cfg(feature = "fault-injection")]
            path: path.to_owned(),
        };
        Ok((file, is_detached))
    }

    /// Returns the backend for a call to the system, unless the file is detached or the call is made to fail.
    fn check(&self, call: SystemCall) -> io::Result<&FileBackend> {
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::check(&self.path, call)?;
        #[cfg(not(feature = "fault-injection"))]
        let _ = call;
        match self.is_detached.load(Ordering::Relaxed) {
            true => Err(io::Error::other("the file was overwritten by another program")),
            false => Ok(&self.backend),
        }
    }
}

impl StorageBackend for DetachableFile {
    fn len(&self) -> io::Result<u64> {
        self.check(SystemCall::Read)?.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.check(SystemCall::Read)?.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.check(SystemCall::Write)?.set_len(len)?;
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::record(&self.path, || FileChange::SetLen(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.check(SystemCall::Sync)?.sync_data()?;
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::record(&self.path, || FileChange::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.check(SystemCall::Write)?.write(offset, data)?;
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::record(&self.path, || FileChange::Write { offset, bytes: data.to_vec() });
        Ok(())
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
