//! Makes calls to the system on a store's file fail, and records its changes, for tests. Only compiled with the feature
//! `fault-injection`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use crate::database_file::SystemCall;

static FAULTS: Mutex<Vec<Arc<Fault>>> = Mutex::new(Vec::new());

static RECORDINGS: Mutex<Vec<Arc<Recording>>> = Mutex::new(Vec::new());

/// A change of a file, in the order in which they were requested. Only a sync makes those before it durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// Bytes that are written at an offset.
    Write {
        /// The offset in the file.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A new length.
    SetLen(u64),
    /// A sync to the disk.
    Sync,
}

/// The recorded changes of one file.
#[derive(Debug)]
struct Recording {
    path: PathBuf,
    changes: Mutex<Vec<FileChange>>,
}

/// Records the changes of a file until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct ChangeRecorder(Arc<Recording>);

impl ChangeRecorder {
    /// Starts to record the changes of the store at a path, before it is opened.
    pub fn start(path: &Path) -> Self {
        let recording = Arc::new(Recording { path: path.to_owned(), changes: Mutex::default() });
        RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&recording));
        Self(recording)
    }

    /// Returns the number of changes so far.
    pub fn count(&self) -> usize {
        self.0.changes.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Returns the changes so far.
    pub fn changes(&self) -> Vec<FileChange> {
        self.0.changes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for ChangeRecorder {
    fn drop(&mut self) {
        let mut recordings = RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner);
        recordings.retain(|recording| !Arc::ptr_eq(recording, &self.0));
    }
}

/// Records a change if the file is recorded.
pub(crate) fn record(path: &Path, change: impl FnOnce() -> FileChange) {
    let recordings = RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(recording) = recordings.iter().find(|recording| recording.path == path) {
        recording.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change());
    }
}

/// A failing call.
#[derive(Debug)]
struct Fault {
    path: PathBuf,
    call: SystemCall,
    errno: i32,
    hits: AtomicU64,
}

/// Makes calls fail until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct InjectedFault(Arc<Fault>);

impl InjectedFault {
    /// Makes all calls of a kind on the file of a store fail with an error number of the system.
    pub fn start(path: &Path, call: SystemCall, errno: i32) -> Self {
        let fault = Arc::new(Fault { path: path.to_owned(), call, errno, hits: AtomicU64::new(0) });
        FAULTS.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&fault));
        Self(fault)
    }

    /// Returns the number of calls that failed. A test asserts that there were some.
    pub fn hits(&self) -> u64 {
        self.0.hits.load(Ordering::Relaxed)
    }
}

impl Drop for InjectedFault {
    fn drop(&mut self) {
        let mut faults = FAULTS.lock().unwrap_or_else(PoisonError::into_inner);
        faults.retain(|fault| !Arc::ptr_eq(fault, &self.0));
    }
}

/// Returns the injected error of a call, if there is one.
pub(crate) fn check(path: &Path, call: SystemCall) -> io::Result<()> {
    let faults = FAULTS.lock().unwrap_or_else(PoisonError::into_inner);
    match faults.iter().find(|fault| fault.call == call && fault.path == path) {
        Some(fault) => {
            fault.hits.fetch_add(1, Ordering::Relaxed);
            Err(io::Error::from_raw_os_error(fault.errno))
        }
        None => Ok(()),
    }
}
