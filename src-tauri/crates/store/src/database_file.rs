//! The file of a database, with what a store needs beyond reading and writing.
//!
//! It can be detached: afterwards every access fails, so that closing the database changes nothing. What the database writes
//! when it opens a file can be deferred until the store itself writes.

use std::fs::File;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::backends::FileBackend;
use redb::{BackendError, DatabaseError, StorageBackend};

use crate::deferred_writes::{self, DeferredWrites, FirstWrite, Operation};
#[cfg(feature = "fault-injection")]
use crate::fault_injection::FileChange;
use crate::unfinished_creation;

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
pub(crate) struct DatabaseFile {
    backend: FileBackend,
    switches: FileSwitches,
    /// `None` once the file is written to.
    deferred: Mutex<Option<DeferredWrites>>,
    #[cfg(feature = "fault-injection")]
    path: std::path::PathBuf,
}

/// What a store and the file of its database tell each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileSwitches {
    is_detached: Arc<AtomicBool>,
    is_writing: Arc<AtomicBool>,
    /// True while everything written so far is deferred.
    is_unchanged: Arc<AtomicBool>,
}

impl FileSwitches {
    /// Ends all access to the file.
    pub(crate) fn detach(&self) {
        self.is_detached.store(true, Ordering::Relaxed);
    }

    /// Announces a write of the store, with which deferred writes are made.
    pub(crate) fn start_writing(&self) {
        self.is_writing.store(true, Ordering::Relaxed);
    }

    /// Returns true while the file is as it was when it was opened, after it had been closed.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.is_unchanged.load(Ordering::Relaxed)
    }
}

impl DatabaseFile {
    /// Creates the backend of a file, and its switches.
    #[cfg_attr(
        not(feature = "fault-injection"),
        expect(unused_variables, reason = "injected faults are chosen by the path")
    )]
    pub(crate) fn new(path: &Path, file: File, first_write: FirstWrite) -> Result<(Self, FileSwitches), DatabaseError> {
        let switches = FileSwitches::default();
        let backend = FileBackend::new(file)?;
        // The backend has locked the file, so no other process is creating it.
        if unfinished_creation::is_unfinished(&backend)? {
            backend.set_len(0)?;
        }
        // The repair of a file that was not closed is written at once.
        let is_deferred = first_write == FirstWrite::WithFirstChange && is_closed_database(&backend)?;
        switches.is_unchanged.store(is_deferred, Ordering::Relaxed);
        let file = Self {
            backend,
            switches: switches.clone(),
            deferred: Mutex::new(is_deferred.then(DeferredWrites::default)),
            #[cfg(feature = "fault-injection")]
            path: path.to_owned(),
        };
        Ok((file, switches))
    }

    /// Returns the backend, unless the file is detached.
    fn backend(&self) -> io::Result<&FileBackend> {
        match self.switches.is_detached.load(Ordering::Relaxed) {
            true => Err(io::Error::other("the file was overwritten by another program")),
            false => Ok(&self.backend),
        }
    }

    /// Returns the backend for a call to the system, unless the file is detached or the call is made to fail.
    fn check(&self, call: SystemCall) -> io::Result<&FileBackend> {
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::check(&self.path, call)?;
        #[cfg(not(feature = "fault-injection"))]
        let _ = call;
        self.backend()
    }

    /// Keeps an operation on the file up to `end` for later, if that is possible. Otherwise performs those that were kept.
    fn defer(&self, end: u64, operation: impl FnOnce() -> Operation) -> io::Result<bool> {
        let mut deferred = self.lock_deferred();
        let Some(writes) = deferred.as_mut() else { return Ok(false) };
        let is_writing = self.switches.is_writing.load(Ordering::Relaxed);
        let is_kept = !is_writing && writes.has_room() && end <= self.backend()?.len()?;
        match is_kept {
            true => writes.push(operation()),
            false => self.perform_all(&mut deferred)?,
        }
        Ok(is_kept)
    }

    fn lock_deferred(&self) -> MutexGuard<'_, Option<DeferredWrites>> {
        self.deferred.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Performs the operations that were kept. From then on, none are kept.
    fn perform_all(&self, deferred: &mut Option<DeferredWrites>) -> io::Result<()> {
        if let Some(writes) = deferred {
            self.switches.is_unchanged.store(false, Ordering::Relaxed);
            writes.perform(|operation| match operation {
                Operation::Write { offset, bytes } => self.write_now(*offset, bytes),
                Operation::Sync => self.sync_now(),
            })?;
        }
        *deferred = None;
        Ok(())
    }

    fn write_now(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check(SystemCall::Write)?.write(offset, bytes)?;
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::record(&self.path, || FileChange::Write { offset, bytes: bytes.to_vec() });
        Ok(())
    }

    fn sync_now(&self) -> io::Result<()> {
        self.check(SystemCall::Sync)?.sync_data()?;
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::record(&self.path, || FileChange::Sync);
        Ok(())
    }
}

fn is_closed_database(backend: &FileBackend) -> io::Result<bool> {
    let mut header = [0; deferred_writes::HEADER_BYTES];
    if backend.len()? < header.len() as u64 {
        return Ok(false);
    }
    backend.read(0, &mut header)?;
    Ok(deferred_writes::was_closed(&header))
}

impl StorageBackend for DatabaseFile {
    fn len(&self) -> io::Result<u64> {
        self.check(SystemCall::Read)?.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.check(SystemCall::Read)?.read(offset, out)?;
        if let Some(writes) = self.lock_deferred().as_ref() {
            writes.apply_to(offset, out);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.perform_all(&mut self.lock_deferred())?;
        self.check(SystemCall::Write)?.set_len(len)?;
        #[cfg(feature = "fault-injection")]
        crate::fault_injection::record(&self.path, || FileChange::SetLen(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        if self.defer(0, || Operation::Sync)? { Ok(()) } else { self.sync_now() }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let end = offset + data.len() as u64;
        let is_deferred = self.defer(end, || Operation::Write { offset, bytes: data.to_vec() })?;
        if is_deferred { Ok(()) } else { self.write_now(offset, data) }
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
