//! The popover's process: started on a click, gone or kept out of sight when it is dismissed.
//!
//! A process that is kept shows again in a fraction of the time a new one needs, and holds its memory meanwhile; the
//! settings say for how long. Only the resident decides when that is over, so a click never meets a process that is
//! just leaving.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use token_monitor_core::figures::Route;
use token_monitor_desktop::{ActivationToken, Became, Opening, Point, Wish};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{debug, warn};

use super::app_program;

/// A popover that is told to end does so within moments; one that hangs is ended.
const PATIENCE: Duration = Duration::from_secs(2);

/// What becomes of the popover, over and over.
pub(crate) struct Popover {
    config: Option<PathBuf>,
    keep: Duration,
    /// On a desktop without a tray it is an ordinary window.
    as_window: bool,
    /// What lets the next one have the focus.
    token: Option<ActivationToken>,
    state: State,
}

enum State {
    Closed,
    /// It closed by losing the focus, at this moment.
    Dismissed(Instant),
    Open(Running),
    /// It is out of sight and ready, until then. Where it left for another window, that was at `left`.
    Warm {
        running: Running,
        until: Instant,
        left: Option<Instant>,
    },
}

/// A popover process and the way to speak with it.
struct Running {
    child: Child,
    wishes: mpsc::UnboundedSender<Wish>,
    says: Lines<BufReader<ChildStdout>>,
    asked: Instant,
}

/// What is heard of a popover process.
enum Heard {
    Said(Became),
    Ended(std::io::Result<ExitStatus>),
    /// It has been kept long enough.
    Over,
}

impl Popover {
    /// None yet. `config` is the settings file it is to use, too.
    pub(crate) fn new(config: Option<PathBuf>) -> Self {
        Self { config, keep: Duration::ZERO, as_window: false, token: None, state: State::Closed }
    }

    /// For how long a dismissed one is to be kept from now on; zero for not at all.
    pub(crate) fn keep_for(&mut self, seconds: u32) {
        self.keep = Duration::from_secs(seconds.into());
    }

    /// Whether it is to be an ordinary window from now on.
    pub(crate) fn be_window(&mut self, as_window: bool) {
        self.as_window = as_window;
    }

    /// What a click has to know.
    pub(crate) fn state(&self) -> token_monitor_desktop::Popover {
        match &self.state {
            State::Open(_) => token_monitor_desktop::Popover::Open,
            State::Dismissed(at) | State::Warm { left: Some(at), .. } => {
                token_monitor_desktop::Popover::Dismissed(at.into_std())
            }
            State::Closed | State::Warm { left: None, .. } => token_monitor_desktop::Popover::Closed,
        }
    }

    /// Keeps what came with a click for the popover it may open.
    pub(crate) fn allow(&mut self, token: Option<ActivationToken>) {
        self.token = token;
    }

    /// Brings it up, near a point if one is known, with a page if one is named. One that is on the screen already
    /// gets the focus and shows that page.
    pub(crate) fn open(&mut self, near: Option<(i32, i32)>, route: Option<&Route>) {
        let opening = Opening { near: near.map(|(x, y)| Point { x, y }), route: route.cloned() };
        self.state = match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(running) | State::Warm { running, .. } => State::Open(running.show(opening)),
            State::Closed | State::Dismissed(_) => self.start(&opening),
        };
    }

    fn start(&mut self, opening: &Opening) -> State {
        let started = app_program().and_then(|program| {
            let mut command = Command::new(program);
            command.args(opening.args()).arg("--led");
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
            if self.as_window {
                command.arg("--window");
            }
            if let Some(config) = &self.config {
                command.env("TOKEN_MONITOR_CONFIG", config);
            }
            if let Some(ActivationToken(token)) = self.token.take() {
                command.env("XDG_ACTIVATION_TOKEN", &token).env("DESKTOP_STARTUP_ID", &token);
            }
            command.spawn()
        });
        match started.map(Running::of) {
            Ok(Some(running)) => State::Open(running),
            Ok(None) => State::Closed,
            Err(error) => {
                warn!(%error, "The popover could not be started.");
                State::Closed
            }
        }
    }

    /// Waits until something becomes of it by itself; for ever where there is none. Waiting can be given up at any
    /// time.
    pub(crate) async fn ended(&mut self) {
        let heard = match &mut self.state {
            State::Open(running) => running.heard().await,
            State::Warm { running, until, .. } => tokio::select! {
                heard = running.heard() => heard,
                () = sleep_until(*until) => Heard::Over,
            },
            State::Closed | State::Dismissed(_) => std::future::pending().await,
        };
        self.turn(heard);
    }

    fn turn(&mut self, heard: Heard) {
        self.state = match (heard, std::mem::replace(&mut self.state, State::Closed)) {
            (Heard::Said(Became::Painted), State::Open(running)) => {
                running.painted();
                State::Open(running)
            }
            (Heard::Said(Became::Left), State::Open(running)) => self.rest(running, Some(Instant::now())),
            (Heard::Said(Became::Dismissed), State::Open(running)) => self.rest(running, None),
            (Heard::Said(Became::Gone), State::Open(running) | State::Warm { running, .. }) => {
                tokio::spawn(running.end());
                State::Closed
            }
            // It was out of sight already.
            (Heard::Said(_), state) => state,
            (Heard::Ended(status), State::Open(_) | State::Warm { .. }) => gone(status),
            (Heard::Over, State::Warm { running, .. }) => {
                tokio::spawn(running.end());
                State::Closed
            }
            (Heard::Ended(_) | Heard::Over, state) => state,
        };
    }

    /// It is out of sight: kept, if the settings still say so.
    fn rest(&self, running: Running, left: Option<Instant>) -> State {
        if !self.keep.is_zero() {
            return State::Warm { running, until: Instant::now() + self.keep, left };
        }
        tokio::spawn(running.end());
        left.map_or(State::Closed, State::Dismissed)
    }

    /// Takes it off the screen; it stays ready where the settings say so.
    pub(crate) async fn hide(&mut self) {
        let State::Open(running) = &mut self.state else { return };
        if timeout(PATIENCE, running.hide()).await == Ok(true) {
            self.turn(Heard::Said(Became::Dismissed));
        } else {
            self.close().await;
        }
    }

    /// Ends it.
    pub(crate) async fn close(&mut self) {
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(running) | State::Warm { running, .. } => running.end().await,
            State::Closed | State::Dismissed(_) => {}
        }
    }
}

impl Running {
    fn of(mut child: Child) -> Option<Self> {
        let (input, output) = (child.stdin.take()?, child.stdout.take()?);
        let (wishes, wished) = mpsc::unbounded_channel();
        tokio::spawn(pass_on(wished, input));
        let says = BufReader::new(output).lines();
        Some(Self { child, wishes, says, asked: Instant::now() })
    }

    fn show(mut self, opening: Opening) -> Self {
        self.asked = Instant::now();
        // One that ended meanwhile is noticed soon, and the next click starts another.
        let _ = self.wishes.send(Wish::Show(opening));
        self
    }

    /// Whether it said that it is out of sight.
    async fn hide(&mut self) -> bool {
        let _ = self.wishes.send(Wish::Hide);
        loop {
            match self.heard().await {
                Heard::Said(Became::Left | Became::Dismissed) => return true,
                Heard::Said(Became::Painted) => {}
                Heard::Said(Became::Gone) | Heard::Ended(_) | Heard::Over => return false,
            }
        }
    }

    async fn heard(&mut self) -> Heard {
        loop {
            match self.says.next_line().await {
                Ok(Some(line)) => match line.parse() {
                    Ok(became) => return Heard::Said(became),
                    Err(error) => debug!(%error, line, "The popover said something else."),
                },
                Ok(None) | Err(_) => return Heard::Ended(self.child.wait().await),
            }
        }
    }

    #[expect(clippy::print_stdout, reason = "the trace is for whoever measures, on request only")]
    fn painted(&self) {
        debug!(after = ?self.asked.elapsed(), "The popover is painted.");
        if std::env::var_os("TOKEN_MONITOR_TRACE_PAINT").is_some() {
            println!("{}", Became::Painted);
        }
    }

    async fn end(mut self) {
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

fn gone(status: std::io::Result<ExitStatus>) -> State {
    if let Some(status) = status.ok().filter(|status| !status.success()) {
        warn!(%status, "The popover ended badly.");
    }
    State::Closed
}

#[expect(unsafe_code, reason = "the standard library can only kill, and a killed web view leaves its helpers behind")]
fn ask_to_end(child: &Child) {
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // SAFETY: `kill` touches no memory of ours, and the child has not been waited for, so the number is its own.
        unsafe { libc::kill(id, libc::SIGTERM) };
    }
}
