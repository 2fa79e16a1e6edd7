//! What ends this process: signals, and for a background command the end of the app.

use std::future::pending;
use std::io::{Read, stdin};

use tokio::sync::oneshot;

/// Waits until the user or the system ends this process. A background command also ends with the app, which then closes the
/// standard input of the command.
pub(crate) async fn wait_for_stop(is_background: bool) {
    tokio::select! {
        () = wait_for_shutdown() => {}
        () = wait_for_end_of_input(), if is_background => {}
    }
}

async fn wait_for_end_of_input() {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut byte = [0];
        while stdin().read(&mut byte).is_ok_and(|count| count > 0) {}
        // The receiver is gone if the process ends for another reason.
        let _ = sender.send(());
    });
    if receiver.await.is_err() {
        pending::<()>().await;
    }
}

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
