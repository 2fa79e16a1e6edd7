//! The popover: started on a click, gone or kept out of sight when it is dismissed.
//!
//! A process that is kept shows again in a fraction of the time a new one needs, and holds its memory meanwhile; the
//! settings say for how long. Only the resident decides when that is over, so a click never meets a process that is
//! just leaving. Nothing here waits for the process: what hangs is ended beside the loop.

mod process;

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use token_monitor_core::report::model::Route;
use token_monitor_tray::{ActivationToken, Became, Opening, Point};
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use crate::daemon::popover::process::{Heard, Running, Start};

/// One that is told to go off the screen does so within moments; one that hangs is ended.
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
    /// It was told to go off the screen, and is ended if it has not by then.
    Leaving {
        running: Running,
        by: Instant,
    },
    /// It is out of sight and ready, until then. Where it left for another window, that was at `left`.
    Warm {
        running: Running,
        until: Instant,
        left: Option<Instant>,
    },
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
    pub(crate) fn state(&self) -> token_monitor_tray::Popover {
        match &self.state {
            State::Open(running) if running.is_painted() => token_monitor_tray::Popover::Open,
            State::Open(running) => token_monitor_tray::Popover::Coming(running.asked().into_std()),
            State::Dismissed(at) | State::Warm { left: Some(at), .. } => {
                token_monitor_tray::Popover::Dismissed(at.into_std())
            }
            State::Closed | State::Leaving { .. } | State::Warm { left: None, .. } => {
                token_monitor_tray::Popover::Closed
            }
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
            State::Open(running) | State::Leaving { running, .. } | State::Warm { running, .. } => {
                State::Open(running.show(opening))
            }
            State::Closed | State::Dismissed(_) => self.start(opening),
        };
    }

    fn start(&mut self, opening: Opening) -> State {
        let start = Start { config: self.config.as_deref(), as_window: self.as_window, token: self.token.take() };
        match Running::start(start, opening) {
            Ok(running) => State::Open(running),
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
            State::Leaving { running, by: until } | State::Warm { running, until, .. } => tokio::select! {
                heard = running.heard() => heard,
                () = sleep_until(*until) => Heard::Over,
            },
            State::Closed | State::Dismissed(_) => std::future::pending().await,
        };
        self.turn(heard);
    }

    fn turn(&mut self, heard: Heard) {
        self.state = match (heard, std::mem::replace(&mut self.state, State::Closed)) {
            (Heard::Became(Became::Painted), State::Open(running)) => State::Open(running.painted()),
            (Heard::Became(Became::Left), State::Open(running)) => self.rest(running, Some(Instant::now())),
            (Heard::Became(Became::Dismissed), State::Open(running))
            | (Heard::Became(Became::Left | Became::Dismissed), State::Leaving { running, .. }) => {
                self.rest(running, None)
            }
            (
                Heard::Became(Became::Gone) | Heard::Over,
                State::Open(running) | State::Leaving { running, .. } | State::Warm { running, .. },
            ) => {
                tokio::spawn(running.end());
                State::Closed
            }
            (Heard::Missed(opening), State::Open(running)) => {
                tokio::spawn(running.end());
                self.start(opening)
            }
            (Heard::Ended(status), State::Open(_) | State::Leaving { .. } | State::Warm { .. }) => gone(status),
            // It was out of sight already, or on its way.
            (Heard::Became(_) | Heard::Missed(_) | Heard::Ended(_) | Heard::Over, state) => state,
        };
    }

    /// It is out of sight: kept, if the settings still say so.
    fn rest(&self, running: Running, left: Option<Instant>) -> State {
        if !self.keep.is_zero() {
            return State::Warm { running: running.out_of_sight(), until: Instant::now() + self.keep, left };
        }
        tokio::spawn(running.end());
        left.map_or(State::Closed, State::Dismissed)
    }

    /// Takes it off the screen; it stays ready where the settings say so.
    pub(crate) fn hide(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(running) => {
                running.hide();
                State::Leaving { running, by: Instant::now() + PATIENCE }
            }
            state => state,
        };
    }

    /// Ends it.
    pub(crate) async fn close(&mut self) {
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(running) | State::Leaving { running, .. } | State::Warm { running, .. } => running.end().await,
            State::Closed | State::Dismissed(_) => {}
        }
    }
}

fn gone(status: std::io::Result<ExitStatus>) -> State {
    if let Some(status) = status.ok().filter(|status| !status.success()) {
        warn!(%status, "The popover ended badly.");
    }
    State::Closed
}
