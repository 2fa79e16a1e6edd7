//! Processes on systems where the start of another process is not read: no session is shown as running.

use token_monitor_core::agents::ProcessIdentity;

/// Returns false, because a later process with the same id could not be told apart.
pub(crate) fn is_running(_process: &ProcessIdentity) -> bool {
    false
}

/// Waits for the end of processes. It is not supported here.
#[derive(Debug)]
pub(crate) enum ExitWatch {}

impl ExitWatch {
    /// Returns `None`.
    pub(crate) fn start(_processes: &[ProcessIdentity], _on_exit: impl FnOnce() + Send + 'static) -> Option<Self> {
        None
    }
}
