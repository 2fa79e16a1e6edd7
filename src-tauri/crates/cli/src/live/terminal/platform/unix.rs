//! Signals and job control on Unix.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::Signal;

/// The signals that end a program by default and can be handled.
const ENDING: [fn() -> SignalKind; 7] = [
    SignalKind::interrupt,
    SignalKind::terminate,
    SignalKind::hangup,
    SignalKind::quit,
    SignalKind::user_defined1,
    SignalKind::user_defined2,
    SignalKind::alarm,
];

/// The signals that this process receives.
pub(crate) struct Signals(UnboundedReceiver<Signal>);

impl Signals {
    /// Handles the signals from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, receiver) = unbounded_channel();
        let stopping = [(SignalKind::from_raw(libc::SIGTSTP), Signal::Stop)];
        let continuing = [(SignalKind::from_raw(libc::SIGCONT), Signal::Continue)];
        let ending = ENDING.map(|kind| (kind(), Signal::End));
        for (kind, meaning) in ending.into_iter().chain(stopping).chain(continuing) {
            let (mut stream, sender) = (signal(kind)?, sender.clone());
            tokio::spawn(async move { while stream.recv().await.is_some() && sender.send(meaning).is_ok() {} });
        }
        Ok(Self(receiver))
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) -> Option<Signal> {
        self.0.recv().await
    }
}

/// Returns true if there is a shell that can continue this process. A process that shares its group with the leader of
/// its session has none, and would be stopped forever.
#[expect(unsafe_code, reason = "the standard library knows no process groups")]
pub(crate) fn can_suspend() -> bool {
    // SAFETY: both functions only return numbers.
    unsafe { libc::getpgrp() != libc::getsid(0) }
}

/// Sends the signal of Ctrl-Z to all processes of this job, as the terminal does outside of raw mode.
#[expect(unsafe_code, reason = "the standard library sends no signals")]
pub(crate) fn suspend_group() {
    // SAFETY: `kill` touches no memory.
    unsafe { libc::kill(0, libc::SIGTSTP) };
}

/// Stops this process until it is continued.
#[expect(unsafe_code, reason = "the standard library sends no signals")]
pub(crate) fn stop_process() {
    // SAFETY: `kill` touches no memory.
    unsafe { libc::kill(libc::getpid(), libc::SIGSTOP) };
}
