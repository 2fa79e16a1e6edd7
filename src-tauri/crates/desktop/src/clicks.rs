//! What a click on the tray icon does to the popover.
//!
//! Pure: it is told what the popover did and when, and refuses to read a clock or touch a window.

use std::time::{Duration, Instant};

/// Longest time between the press that takes the focus from the popover and the click it turns into.
const SAME_CLICK: Duration = Duration::from_millis(250);

/// What is known about the popover at the moment of a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Popover {
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
    /// Nothing: this click has already closed it.
    Ignore,
}

/// Decides what a click at `now` does.
///
/// Pressing the icon takes the focus from an open popover, which closes for it; the click that follows is the
/// same wish to close and must not open it again.
pub fn respond(popover: Popover, now: Instant) -> Response {
    match popover {
        Popover::Open => Response::Close,
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
