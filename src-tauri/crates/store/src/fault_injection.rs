//! Makes calls to the system on a store's file fail, for tests. Only compiled with the feature `fault-injection`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use crate::detachable_file::SystemCall;

static FAULTS: Mutex<Vec<Arc<Fault>>> = Mutex::new(Vec::new());

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
