//! The popover's process: started on a click, gone when it is dismissed.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use token_monitor_desktop::LEFT_FOR_ANOTHER_WINDOW;
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tracing::warn;

/// A popover that is told to end does so within moments; one that hangs is ended.
const PATIENCE: Duration = Duration::from_secs(2);

/// The popover's process, if there is one.
pub(crate) struct Popover {
    config: Option<PathBuf>,
    child: Option<Child>,
    dismissed: Option<Instant>,
}

impl Popover {
    /// None yet. `config` is the settings file it is to use, too.
    pub(crate) fn new(config: Option<PathBuf>) -> Self {
        Self { config, child: None, dismissed: None }
    }

    /// What a click has to know.
    pub(crate) fn state(&self) -> token_monitor_desktop::Popover {
        match (&self.child, self.dismissed) {
            (Some(_), _) => token_monitor_desktop::Popover::Open,
            (None, Some(at)) => token_monitor_desktop::Popover::Dismissed(at),
            (None, None) => token_monitor_desktop::Popover::Closed,
        }
    }

    /// Starts it, near a point if one is known. Where it runs already nothing happens.
    pub(crate) fn open(&mut self, near: Option<(i32, i32)>) {
        if self.child.is_some() {
            return;
        }
        let place = near.map_or("--popover".to_owned(), |(x, y)| format!("--popover={x},{y}"));
        let program = std::env::current_exe().map(|own| own.with_file_name("token-monitor-app"));
        let started = program.and_then(|program| {
            let mut command = Command::new(program);
            command.arg(place).kill_on_drop(true);
            if let Some(config) = &self.config {
                command.env("TOKEN_MONITOR_CONFIG", config);
            }
            command.spawn()
        });
        match started {
            Ok(child) => self.child = Some(child),
            Err(error) => warn!(%error, "The popover could not be started."),
        }
    }

    /// Waits until it ends by itself; for ever where there is none.
    pub(crate) async fn ended(&mut self) {
        match &mut self.child {
            Some(child) => {
                let status = child.wait().await;
                self.gone(status);
            }
            None => std::future::pending().await,
        }
    }

    /// Ends it.
    pub(crate) async fn close(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        ask_to_end(&child);
        if timeout(PATIENCE, child.wait()).await.is_err() {
            // It may have ended just now.
            let _ = child.kill().await;
        }
        self.dismissed = None;
    }

    fn gone(&mut self, status: std::io::Result<ExitStatus>) {
        let left = status.as_ref().is_ok_and(|status| status.code() == Some(LEFT_FOR_ANOTHER_WINDOW));
        if let Some(status) = status.ok().filter(|status| !status.success() && !left) {
            warn!(%status, "The popover ended badly.");
        }
        (self.child, self.dismissed) = (None, left.then(Instant::now));
    }
}

#[expect(unsafe_code, reason = "the standard library can only kill, and a killed web view leaves its helpers behind")]
fn ask_to_end(child: &Child) {
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // SAFETY: `kill` touches no memory of ours, and the child has not been waited for, so the number is its own.
        unsafe { libc::kill(id, libc::SIGTERM) };
    }
}
