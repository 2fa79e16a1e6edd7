//! Starts, shows, hides and ends the popover process.
//!
//! A process that is kept after its popover was dismissed shows the popover again in a fraction of the time that a new
//! process needs, but also keeps its memory; the settings limit for how long. Only the tray process decides when that
//! time is over, so a click never reaches a popover process that is just ending. The event loop does not wait for the
//! popover: a process that hangs is ended in a task of its own.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use token_monitor_core::report::model::Route;
use token_monitor_tray::{ActivationToken, PopoverRequest, PopoverState, PopoverVisibility, ScreenPoint};
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use crate::daemon::popover::process::{PopoverProcess, ProcessEvent, StartOptions};

/// The longest time a popover may take to hide. A process that takes longer is ended.
const HIDE_TIMEOUT: Duration = Duration::from_secs(2);

/// The popover and its state.
pub(crate) struct PopoverController {
    /// The environment variable that names the settings file or the sample data, which the popover uses as well.
    environment: (&'static str, PathBuf),
    /// The time for which a dismissed popover is kept. Zero means that it is ended.
    keep_time: Duration,
    /// True if the popover is an ordinary window, as on a desktop without a tray.
    is_window: bool,
    /// The token that permits the next popover to take the focus.
    token: Option<ActivationToken>,
    state: State,
}

enum State {
    /// Closed, without a process.
    Closed,
    /// Closed at this time because another window got the focus.
    LostFocus(Instant),
    /// Visible, or requested.
    Open(PopoverProcess),
    /// Hiding on command. The process is ended at `deadline`.
    Hiding { process: PopoverProcess, deadline: Instant },
    /// Hidden, with the process kept until `until`. `lost_focus` is the time at which another window got the focus.
    Hidden { process: PopoverProcess, until: Instant, lost_focus: Option<Instant> },
}

impl PopoverController {
    /// Creates a controller without a popover. `environment` is a variable that the popover's process is given.
    pub(crate) fn new((variable, path): (&'static str, &Path)) -> Self {
        let environment = (variable, path.to_owned());
        Self { environment, keep_time: Duration::ZERO, is_window: false, token: None, state: State::Closed }
    }

    /// Sets for how long a dismissed popover is kept from now on. Zero means not at all.
    pub(crate) fn set_keep_seconds(&mut self, seconds: u32) {
        self.keep_time = Duration::from_secs(seconds.into());
    }

    /// Sets whether popovers that are started from now on are ordinary windows.
    pub(crate) fn set_window_mode(&mut self, is_window: bool) {
        self.is_window = is_window;
    }

    /// Returns the state that decides what a click does.
    pub(crate) fn visibility(&self) -> PopoverVisibility {
        match &self.state {
            State::Open(process) if process.is_painted() => PopoverVisibility::Open,
            State::Open(process) => PopoverVisibility::Opening(process.requested_at().into_std()),
            State::LostFocus(at) | State::Hidden { lost_focus: Some(at), .. } => {
                PopoverVisibility::LostFocus(at.into_std())
            }
            State::Closed | State::Hiding { .. } | State::Hidden { lost_focus: None, .. } => PopoverVisibility::Closed,
        }
    }

    /// Returns true if the popover is visible, or requested.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// Sets the token of a click, for the popover that the click may start.
    pub(crate) fn set_activation_token(&mut self, token: Option<ActivationToken>) {
        self.token = token;
    }

    /// Shows the popover near a point, if it is known, and with a page, if it is given. A popover that is already
    /// visible gets the focus and shows the page.
    pub(crate) fn open(&mut self, near: Option<(i32, i32)>, route: Option<&Route>) {
        let request = PopoverRequest { near: near.map(|(x, y)| ScreenPoint { x, y }), route: route.cloned() };
        self.state = match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(process) | State::Hiding { process, .. } | State::Hidden { process, .. } => {
                State::Open(process.show(request))
            }
            State::Closed | State::LostFocus(_) => self.start_process(request),
        };
    }

    fn start_process(&mut self, request: PopoverRequest) -> State {
        let options =
            StartOptions { environment: &self.environment, is_window: self.is_window, token: self.token.take() };
        match PopoverProcess::start(options, request) {
            Ok(process) => State::Open(process),
            Err(error) => {
                warn!(%error, "Cannot start the popover.");
                State::Closed
            }
        }
    }

    /// Waits for the next change of the popover's state. Waits forever if there is no process. Cancel safe.
    pub(crate) async fn next_change(&mut self) {
        let event = match &mut self.state {
            State::Open(process) => process.next_event().await,
            State::Hiding { process, deadline } | State::Hidden { process, until: deadline, .. } => tokio::select! {
                event = process.next_event() => event,
                () = sleep_until(*deadline) => ProcessEvent::TimedOut,
            },
            State::Closed | State::LostFocus(_) => std::future::pending().await,
        };
        self.transition(event);
    }

    fn transition(&mut self, event: ProcessEvent) {
        self.state = match (event, std::mem::replace(&mut self.state, State::Closed)) {
            (ProcessEvent::Changed(PopoverState::Painted), State::Open(process)) => State::Open(process.with_painted()),
            (ProcessEvent::Changed(PopoverState::LostFocus), State::Open(process)) => {
                self.keep_or_end(process, Some(Instant::now()))
            }
            (ProcessEvent::Changed(PopoverState::Dismissed), State::Open(process))
            | (
                ProcessEvent::Changed(PopoverState::LostFocus | PopoverState::Dismissed),
                State::Hiding { process, .. },
            ) => self.keep_or_end(process, None),
            (
                ProcessEvent::Changed(PopoverState::Destroyed) | ProcessEvent::TimedOut,
                State::Open(process) | State::Hiding { process, .. } | State::Hidden { process, .. },
            ) => {
                tokio::spawn(process.end());
                State::Closed
            }
            (ProcessEvent::RequestLost(request), State::Open(process)) => {
                tokio::spawn(process.end());
                self.start_process(request)
            }
            (ProcessEvent::Exited(status), State::Open(_) | State::Hiding { .. } | State::Hidden { .. }) => {
                log_failure(status);
                State::Closed
            }
            // The popover is already hidden, or hiding.
            (
                ProcessEvent::Changed(_)
                | ProcessEvent::RequestLost(_)
                | ProcessEvent::Exited(_)
                | ProcessEvent::TimedOut,
                state,
            ) => state,
        };
    }

    /// Keeps the process of a popover that is hidden, or ends it, depending on the settings.
    fn keep_or_end(&self, process: PopoverProcess, lost_focus: Option<Instant>) -> State {
        if !self.keep_time.is_zero() {
            let until = Instant::now() + self.keep_time;
            return State::Hidden { process: process.with_hidden(), until, lost_focus };
        }
        tokio::spawn(process.end());
        lost_focus.map_or(State::Closed, State::LostFocus)
    }

    /// Hides the popover. The settings decide if its process is kept.
    pub(crate) fn hide(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(process) => {
                process.hide();
                State::Hiding { process, deadline: Instant::now() + HIDE_TIMEOUT }
            }
            state => state,
        };
    }

    /// Ends the process of the popover and waits for it.
    pub(crate) async fn close(&mut self) {
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(process) | State::Hiding { process, .. } | State::Hidden { process, .. } => process.end().await,
            State::Closed | State::LostFocus(_) => {}
        }
    }
}

fn log_failure(status: std::io::Result<ExitStatus>) {
    if let Some(status) = status.ok().filter(|status| !status.success()) {
        warn!(%status, "The popover process failed.");
    }
}
