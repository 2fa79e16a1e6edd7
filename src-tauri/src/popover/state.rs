//! What is known of the popover between its openings. It holds no window and asks for none.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use token_monitor_core::report::model::Route;
use token_monitor_tray::{Became, Told};
use tokio::sync::watch;

/// What kind of window it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Frame {
    /// Without a frame, above all others, gone as soon as another window gets the focus.
    Popover,
    /// One like any other, for desktops without a tray.
    Window,
}

/// What becomes of it when it is dismissed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stay {
    /// It is destroyed.
    Not,
    /// It stays out of sight, and the resident says for how long.
    Led,
    /// It stays out of sight for this long.
    For(Duration),
}

/// What is known of the popover.
pub(crate) struct Popover {
    known: Mutex<Known>,
    shown: watch::Sender<bool>,
}

struct Known {
    stay: Stay,
    route: Route,
    frame: Frame,
    /// When it lost the focus to another window, if that closed it.
    left: Option<Instant>,
    /// Since when it is awaited; none once its figures are on the screen.
    awaited: Option<Instant>,
    /// Goes up with each opening, so that a wait that began before one ends without harm.
    openings: u64,
}

impl Popover {
    /// None yet.
    pub(crate) fn new(stay: Stay) -> Self {
        let (route, frame) = (Route::Now, Frame::Popover);
        let known = Known { stay, route, frame, left: None, awaited: None, openings: 0 };
        Self { known: Mutex::new(known), shown: watch::Sender::new(false) }
    }

    /// Decides what becomes of it from now on.
    pub(crate) fn stay(&self, stay: Stay) {
        self.known().stay = stay;
    }

    /// What becomes of it when it is dismissed.
    pub(crate) fn stays(&self) -> Stay {
        self.known().stay
    }

    /// Whether a resident leads it.
    pub(crate) fn is_led(&self) -> bool {
        self.stays() == Stay::Led
    }

    /// The page it was opened for.
    pub(crate) fn route(&self) -> Route {
        self.known().route.clone()
    }

    /// What kind of window it is.
    pub(crate) fn frame(&self) -> Frame {
        self.known().frame
    }

    /// Whether it is on the screen, as it changes.
    pub(crate) fn shown(&self) -> watch::Receiver<bool> {
        self.shown.subscribe()
    }

    /// Whether it is on the screen.
    pub(crate) fn is_shown(&self) -> bool {
        *self.shown.borrow()
    }

    /// Which opening this is, and whether it is on the screen.
    pub(crate) fn now(&self) -> (u64, bool) {
        (self.known().openings, self.is_shown())
    }

    /// Notes an opening; whether it was on the screen before.
    pub(crate) fn begin(&self, route: Option<&Route>) -> bool {
        let was_shown = self.shown.send_replace(true);
        let mut known = self.known();
        known.openings += 1;
        known.left = None;
        if let Some(route) = route {
            known.route = route.clone();
        }
        if !was_shown {
            known.awaited = Some(Instant::now());
        }
        was_shown
    }

    /// Notes what kind of window is made for it.
    pub(crate) fn is_made(&self, frame: Frame) {
        self.known().frame = frame;
    }

    /// Notes that its figures are on the screen.
    pub(crate) fn is_painted(&self) {
        self.known().awaited = None;
    }

    /// Notes that it goes off the screen; whether it was on it.
    pub(crate) fn leave(&self, became: Became) -> bool {
        let was_shown = self.shown.send_replace(false);
        if was_shown {
            self.known().left = (became == Became::Left).then(Instant::now);
        }
        was_shown
    }

    /// Notes that its window is gone.
    pub(crate) fn is_gone(&self) {
        self.shown.send_replace(false);
    }

    /// What became of this opening, in a word for the resident.
    pub(crate) fn told(&self, became: Became) -> Told {
        Told { became, opening: self.known().openings }
    }

    /// What a click has to know of it, with a window or without.
    pub(crate) fn for_a_click(&self, has_window: bool) -> token_monitor_tray::Popover {
        let known = self.known();
        match (has_window && self.is_shown(), known.awaited, known.left) {
            (true, Some(since), _) => token_monitor_tray::Popover::Coming(since),
            (true, None, _) => token_monitor_tray::Popover::Open,
            (false, _, Some(at)) => token_monitor_tray::Popover::Dismissed(at),
            (false, _, None) => token_monitor_tray::Popover::Closed,
        }
    }

    /// Nothing panics while it holds this.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_brought_up_again_while_it_shows_is_not_awaited_anew() {
        let popover = Popover::new(Stay::Not);
        assert!(!popover.begin(None));
        assert!(matches!(popover.for_a_click(true), token_monitor_tray::Popover::Coming(_)));
        popover.is_painted();
        assert!(popover.begin(Some(&Route::Alerts)), "it was on the screen");
        assert_eq!(popover.for_a_click(true), token_monitor_tray::Popover::Open);
        assert_eq!(popover.route(), Route::Alerts);
    }

    #[test]
    fn what_became_of_it_names_the_opening() {
        let popover = Popover::new(Stay::Led);
        popover.begin(None);
        assert!(popover.leave(Became::Left));
        assert!(!popover.leave(Became::Dismissed), "it was off the screen already");
        assert!(matches!(popover.for_a_click(true), token_monitor_tray::Popover::Dismissed(_)));
        assert_eq!(popover.told(Became::Left).to_string(), "left 1");
        popover.begin(None);
        assert_eq!(popover.now(), (2, true));
    }
}
