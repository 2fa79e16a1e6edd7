//! Signals on systems without job control.

use std::io;

use super::Signal;

/// The signals that this process receives: an interrupt from the console.
pub(crate) struct Signals;

impl Signals {
    /// Handles the signals from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) -> Option<Signal> {
        tokio::signal::ctrl_c().await.ok().map(|()| Signal::End)
    }
}

/// Returns false: there is no job control.
pub(crate) fn can_suspend() -> bool {
    false
}

/// Does nothing: there is no job control.
pub(crate) fn suspend_group() {}

/// Does nothing: there is no job control.
pub(crate) fn stop_process() {}
