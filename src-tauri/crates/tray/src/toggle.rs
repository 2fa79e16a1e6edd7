//! What a click on the tray icon does to the popover.
//!
//! Pure: it is told what the popover did and when, and refuses to read a clock or touch a window.

use std::time::{Duration, Instant};

/// Longest time between the press that takes the focus from the popover and the click it turns into.
const SAME_CLICK: Duration = Duration::from_millis(250);

/// Longest time a popover is taken to be still on its way. A page that has shown nothing by then never may.
const LONGEST_WAY: Duration = Duration::from_secs(5);

/// What is known about the popover at the moment of a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Popover {
    /// It was asked for at this moment, and its figures are not on the screen yet.
    Coming(Instant),
    /// It is on the screen.
    Open,
    /// It is not, and was not lately taken away for losing the focus.
    Closed,
    /// It closed by losing the focus, at this moment.
    Dismissed(Instant),
}

/// What to do about a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// Show the popover.
    Open,
    /// Take it away.
    Close,
    /// Nothing: this click has already closed it, or what it wants is on its way.
    Ignore,
}

/// Decides what a click at `now` does.
///
/// Pressing the icon takes the focus from an open popover, which closes for it; the click that follows is the
/// same wish to close and must not open it again. Whoever clicks twice, out of habit or because a popover that starts
/// cold takes its time, wants to see it and not that it goes before it came.
pub fn respond(popover: Popover, now: Instant) -> Response {
    match popover {
        Popover::Coming(since) if now.saturating_duration_since(since) <= LONGEST_WAY => Response::Ignore,
        Popover::Open | Popover::Coming(_) => Response::Close,
        Popover::Closed => Response::Open,
        Popover::Dismissed(at) if now.saturating_duration_since(at) <= SAME_CLICK => Response::Ignore,
        Popover::Dismissed(_) => Response::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_toggles_the_popover() {
        let now = Instant::now();
        assert_eq!(respond(Popover::Closed, now), Response::Open);
        assert_eq!(respond(Popover::Open, now), Response::Close);
    }

    #[test]
    fn a_second_click_on_what_is_still_coming_waits_for_it_too() {
        let asked = Instant::now();
        assert_eq!(respond(Popover::Coming(asked), asked + LONGEST_WAY), Response::Ignore);
        let later = asked + LONGEST_WAY + Duration::from_millis(1);
        assert_eq!(respond(Popover::Coming(asked), later), Response::Close, "a page that hangs can be closed");
    }

    #[test]
    fn the_click_that_dismissed_it_does_not_reopen_it() {
        let dismissed = Instant::now();
        let at = |millis| dismissed + Duration::from_millis(millis);
        assert_eq!(respond(Popover::Dismissed(dismissed), at(0)), Response::Ignore);
        assert_eq!(respond(Popover::Dismissed(dismissed), at(250)), Response::Ignore);
        assert_eq!(respond(Popover::Dismissed(dismissed), at(251)), Response::Open, "a click of its own");
    }

    #[test]
    fn a_click_told_before_the_dismissal_is_the_same_click() {
        let click = Instant::now();
        let dismissed = click + Duration::from_millis(5);
        assert_eq!(respond(Popover::Dismissed(dismissed), click), Response::Ignore, "events may arrive out of order");
    }
}
