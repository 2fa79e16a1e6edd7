//! A popover process that runs, and the few words exchanged with it over its standard streams.
//!
//! Words about an opening that is over are dropped here: they were said before the process heard of the next one.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use token_monitor_tray::{ActivationToken, Became, Opening, Told, Wish};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tracing::debug;

use crate::daemon::app_program;

/// A process that is told to end does so within moments; one that hangs is killed.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a process is started with besides its opening.
pub(crate) struct Start<'a> {
    /// The settings file.
    pub(crate) config: Option<&'a Path>,
    /// Whether it is an ordinary window.
    pub(crate) as_window: bool,
    /// What lets it have the focus.
    pub(crate) token: Option<ActivationToken>,
}

/// A popover process and the way to speak with it.
pub(crate) struct Running {
    child: Child,
    wishes: mpsc::UnboundedSender<Wish>,
    says: Lines<BufReader<ChildStdout>>,
    /// The latest opening, how many there were with it, and when it was asked for.
    opening: Opening,
    openings: u64,
    asked: Instant,
    is_painted: bool,
}

/// What is heard of a popover process.
pub(crate) enum Heard {
    /// This became of the latest opening.
    Became(Became),
    /// Its window was gone before it heard of the latest opening, which is still to come.
    Missed(Opening),
    /// The process ended.
    Ended(io::Result<ExitStatus>),
    /// It had time enough.
    Over,
}

impl Running {
    /// Starts one, for its first opening.
    pub(crate) fn start(start: Start<'_>, opening: Opening) -> io::Result<Self> {
        let mut command = Command::new(app_program()?);
        command.args(opening.args()).arg("--led");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        if start.as_window {
            command.arg("--window");
        }
        if let Some(config) = start.config {
            command.env("TOKEN_MONITOR_CONFIG", config);
        }
        if let Some(ActivationToken(token)) = start.token {
            command.env("XDG_ACTIVATION_TOKEN", &token).env("DESKTOP_STARTUP_ID", &token);
        }
        let mut child = command.spawn()?;
        let streams = child.stdin.take().zip(child.stdout.take());
        let (input, output) = streams.ok_or_else(|| io::Error::other("it has no standard streams"))?;
        let (wishes, wished) = mpsc::unbounded_channel();
        tokio::spawn(pass_on(wished, input));
        let says = BufReader::new(output).lines();
        Ok(Self { child, wishes, says, opening, openings: 1, asked: Instant::now(), is_painted: false })
    }

    /// When the latest opening was asked for.
    pub(crate) fn asked(&self) -> Instant {
        self.asked
    }

    /// Whether its figures are on the screen.
    pub(crate) fn is_painted(&self) -> bool {
        self.is_painted
    }

    /// Has it on the screen. One that ended meanwhile is noticed soon, and the next click starts another.
    pub(crate) fn show(mut self, opening: Opening) -> Self {
        self.openings += 1;
        self.asked = Instant::now();
        self.opening = opening.clone();
        let _ = self.wishes.send(Wish::Show(opening));
        self
    }

    /// Has it off the screen.
    pub(crate) fn hide(&self) {
        let _ = self.wishes.send(Wish::Hide);
    }

    /// The next thing that becomes of it. Waiting can be given up at any time.
    pub(crate) async fn heard(&mut self) -> Heard {
        loop {
            match self.says.next_line().await {
                Ok(Some(line)) => {
                    if let Some(heard) = self.understand(&line) {
                        return heard;
                    }
                }
                Ok(None) | Err(_) => return Heard::Ended(self.child.wait().await),
            }
        }
    }

    fn understand(&self, line: &str) -> Option<Heard> {
        let told: Told =
            line.parse().inspect_err(|error| debug!(%error, line, "The popover said something else.")).ok()?;
        match told {
            Told { became, opening } if opening == self.openings => Some(Heard::Became(became)),
            Told { became: Became::Gone, .. } => Some(Heard::Missed(self.opening.clone())),
            Told { became: Became::Painted | Became::Left | Became::Dismissed, .. } => None,
        }
    }

    /// Notes that its figures are on the screen.
    #[expect(clippy::print_stdout, reason = "the trace is for whoever measures, on request only")]
    pub(crate) fn painted(mut self) -> Self {
        self.is_painted = true;
        debug!(after = ?self.asked.elapsed(), "The popover is painted.");
        if std::env::var_os("TOKEN_MONITOR_TRACE_PAINT").is_some() {
            println!("{}", Became::Painted);
        }
        self
    }

    /// Notes that it is off the screen.
    pub(crate) fn out_of_sight(self) -> Self {
        Self { is_painted: false, ..self }
    }

    /// Ends it.
    pub(crate) async fn end(mut self) {
        ask_to_end(&self.child);
        if timeout(PATIENCE, self.child.wait()).await.is_err() {
            // It may have ended just now.
            let _ = self.child.kill().await;
        }
    }
}

/// Hands wishes on. The process hears the end of them when nobody has any more.
async fn pass_on(mut wished: mpsc::UnboundedReceiver<Wish>, mut input: ChildStdin) {
    while let Some(wish) = wished.recv().await {
        if let Err(error) = input.write_all(format!("{wish}\n").as_bytes()).await {
            debug!(%error, "The popover does not listen.");
            return;
        }
    }
}

#[expect(unsafe_code, reason = "the standard library can only kill, and a killed web view leaves its helpers behind")]
fn ask_to_end(child: &Child) {
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // SAFETY: `kill` touches no memory of ours, and the child has not been waited for, so the number is its own.
        unsafe { libc::kill(id, libc::SIGTERM) };
    }
}
