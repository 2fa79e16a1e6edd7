//! Signals that end this process.

/// Waits until the user or the system ends this process: an interrupt, and on Unix also SIGTERM and SIGHUP.
pub(crate) async fn wait_for_shutdown() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).ok();
        let mut hangup = signal(SignalKind::hangup()).ok();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            Some(()) = next_signal(&mut terminate) => {}
            Some(()) = next_signal(&mut hangup) => {}
        }
    }
    #[cfg(not(unix))]
    // An error means that there is no console to interrupt from.
    drop(tokio::signal::ctrl_c().await);
}

#[cfg(unix)]
async fn next_signal(signal: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    signal.as_mut()?.recv().await
}
