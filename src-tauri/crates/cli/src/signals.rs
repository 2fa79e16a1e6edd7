//! What ends this process: signals, for a background command the end of the app, and for one whose output is read the end of
//! the reader.

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

/// Waits until the user or the system ends this process, or until its standard output has no reader. A write would fail then,
/// but a process whose figures do not change writes nothing.
pub(crate) async fn wait_for_shutdown_or_reader() {
    tokio::select! {
        () = wait_for_shutdown() => {}
        () = wait_for_end_of_reader() => {}
    }
}

/// Waits until the other end of the standard output is closed. Waits forever for files, and on Windows.
async fn wait_for_end_of_reader() {
    #[cfg(unix)]
    {
        let (sender, receiver) = oneshot::channel();
        std::thread::spawn(move || {
            if has_lost_reader() {
                // The receiver is gone if the process ends for another reason.
                let _ = sender.send(());
            }
        });
        if receiver.await.is_ok() {
            return;
        }
    }
    pending::<()>().await;
}

/// Blocks until the other end of the standard output is closed. Returns false if the system cannot tell.
#[cfg(unix)]
fn has_lost_reader() -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;
    let output = std::io::stdout();
    loop {
        // Without requested events, only an error or a hang-up is reported.
        let mut fds = [PollFd::new(&output, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(_) => return fds[0].revents().intersects(PollFlags::ERR | PollFlags::HUP),
            Err(Errno::INTR) => {}
            Err(_) => return false,
        }
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
