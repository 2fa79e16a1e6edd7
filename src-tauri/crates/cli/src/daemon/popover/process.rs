//! A running popover process. Commands and events are exchanged over its standard streams, one on each line.
//!
//! Requests are numbered. Events that belong to an earlier request than the latest one are dropped, because the process
//! sent them before it read the latest.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use token_monitor_tray::{ActivationToken, PopoverCommand, PopoverEvent, PopoverRequest, PopoverState};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tracing::debug;

use crate::daemon::desktop_app;

/// The longest time a process may take to end after SIGTERM. A process that takes longer is killed.
const EXIT_TIMEOUT: Duration = Duration::from_secs(2);

/// The options of a popover process besides its first request.
pub(crate) struct StartOptions<'a> {
    /// The environment variable that names the settings file or the sample data.
    pub(crate) environment: &'a (&'static str, PathBuf),
    /// True if the popover is an ordinary window.
    pub(crate) is_window: bool,
    /// The token that permits the popover to take the focus.
    pub(crate) token: Option<ActivationToken>,
}

/// A popover process and its streams.
pub(crate) struct PopoverProcess {
    child: Child,
    commands: mpsc::UnboundedSender<PopoverCommand>,
    output: Lines<BufReader<ChildStdout>>,
    /// The latest request.
    request: PopoverRequest,
    /// The number of the latest request. The first is 1.
    request_id: u64,
    requested_at: Instant,
    is_painted: bool,
}

/// An event of a popover process.
pub(crate) enum ProcessEvent {
    /// The popover of the latest request has a new state.
    Changed(PopoverState),
    /// The window was destroyed before the process received the latest request, which is still to be shown.
    RequestLost(PopoverRequest),
    /// The process has ended.
    Exited(io::Result<ExitStatus>),
    /// The time to hide or to be kept is over.
    TimedOut,
}

impl PopoverProcess {
    /// Starts a process with its first request.
    pub(crate) fn start(options: StartOptions<'_>, request: PopoverRequest) -> io::Result<Self> {
        let mut command = Command::new(desktop_app::program_path()?);
        command.args(request.to_args()).arg("--controlled");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        if options.is_window {
            command.arg("--window");
        }
        let (variable, path) = options.environment;
        command.env(variable, path);
        if let Some(ActivationToken(token)) = options.token {
            command.env("XDG_ACTIVATION_TOKEN", &token).env("DESKTOP_STARTUP_ID", &token);
        }
        let mut child = command.spawn()?;
        let streams = child.stdin.take().zip(child.stdout.take());
        let (stdin, stdout) = streams.ok_or_else(|| io::Error::other("the process has no standard streams"))?;
        let (commands, receiver) = mpsc::unbounded_channel();
        tokio::spawn(write_commands(receiver, stdin));
        let output = BufReader::new(stdout).lines();
        Ok(Self { child, commands, output, request, request_id: 1, requested_at: Instant::now(), is_painted: false })
    }

    /// Returns the time of the latest request.
    pub(crate) fn requested_at(&self) -> Instant {
        self.requested_at
    }

    /// Returns true if the figures are on the screen.
    pub(crate) fn is_painted(&self) -> bool {
        self.is_painted
    }

    /// Sends a new request. If the process has ended, an event follows, and the next click starts another process.
    pub(crate) fn show(mut self, request: PopoverRequest) -> Self {
        self.request_id += 1;
        self.requested_at = Instant::now();
        self.request = request.clone();
        let _ = self.commands.send(PopoverCommand::Show(request));
        self
    }

    /// Sends the command to hide.
    pub(crate) fn hide(&self) {
        let _ = self.commands.send(PopoverCommand::Hide);
    }

    /// Waits for the next event. Cancel safe.
    pub(crate) async fn next_event(&mut self) -> ProcessEvent {
        loop {
            match self.output.next_line().await {
                Ok(Some(line)) => {
                    if let Some(event) = self.parse_event(&line) {
                        return event;
                    }
                }
                Ok(None) | Err(_) => return ProcessEvent::Exited(self.child.wait().await),
            }
        }
    }

    /// Returns the event on a line of output. None if the line is malformed or the event belongs to an earlier request.
    fn parse_event(&self, line: &str) -> Option<ProcessEvent> {
        let event: PopoverEvent =
            line.parse().inspect_err(|error| debug!(%error, line, "The popover printed an unknown line.")).ok()?;
        match event {
            PopoverEvent { state, request_id } if request_id == self.request_id => Some(ProcessEvent::Changed(state)),
            PopoverEvent { state: PopoverState::Destroyed, .. } => {
                Some(ProcessEvent::RequestLost(self.request.clone()))
            }
            PopoverEvent {
                state: PopoverState::Painted | PopoverState::LostFocus | PopoverState::Dismissed, ..
            } => None,
        }
    }

    /// Returns the process with the figures on the screen.
    #[expect(clippy::print_stdout, reason = "printed for measurements, on request only")]
    pub(crate) fn with_painted(mut self) -> Self {
        self.is_painted = true;
        debug!(after = ?self.requested_at.elapsed(), "The popover is painted.");
        if std::env::var_os("TOKEN_MONITOR_TRACE_PAINT").is_some() {
            println!("{}", PopoverState::Painted);
        }
        self
    }

    /// Returns the process with the popover hidden.
    pub(crate) fn with_hidden(self) -> Self {
        Self { is_painted: false, ..self }
    }

    /// Ends the process and waits for it.
    pub(crate) async fn end(mut self) {
        send_sigterm(&self.child);
        if timeout(EXIT_TIMEOUT, self.child.wait()).await.is_err() {
            // This fails if the process has ended meanwhile.
            let _ = self.child.kill().await;
        }
    }
}

/// Writes commands to the process. Closes its standard input when the sender is dropped.
async fn write_commands(mut receiver: mpsc::UnboundedReceiver<PopoverCommand>, mut stdin: ChildStdin) {
    while let Some(command) = receiver.recv().await {
        if let Err(error) = stdin.write_all(format!("{command}\n").as_bytes()).await {
            debug!(%error, "Cannot write to the popover process.");
            return;
        }
    }
}

#[expect(unsafe_code, reason = "the standard library can only kill, and a killed web view leaves its helpers behind")]
fn send_sigterm(child: &Child) {
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // SAFETY: `kill` touches no memory of this process. The child has not been waited for, so its id is not reused.
        unsafe { libc::kill(id, libc::SIGTERM) };
    }
}
