//! Decides the effect of a click on the tray icon. Pure: the state of the popover and the time are arguments.

use std::time::{Duration, Instant};

/// The longest time between a press that takes the focus from the popover and the click that follows from it.
const SAME_CLICK_TIMEOUT: Duration = Duration::from_millis(250);

/// The longest time a popover counts as still opening. A page that has shown nothing by then may never do so.
const OPENING_TIMEOUT: Duration = Duration::from_secs(5);

/// The visibility of the popover at the time of a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopoverVisibility {
    /// Requested at this time and not painted yet.
    Opening(Instant),
    /// On the screen.
    Open,
    /// Closed, for another reason than a lost focus.
    Closed,
    /// Closed at this time because it lost the focus.
    LostFocus(Instant),
}

/// The action for a click on the tray icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClickAction {
    /// Show the popover.
    Open,
    /// Close the popover.
    Close,
    /// Do nothing: this click has already closed the popover, or the popover is still opening.
    Ignore,
}

/// Returns the action for a click at `now`.
///
/// Pressing the icon takes the focus from an open popover, which closes it. The click that follows belongs to the same
/// press and must not reopen it. A double click, or an impatient second click during a cold start, must not close a
/// popover that has not appeared yet.
pub fn on_click(popover: PopoverVisibility, now: Instant) -> ClickAction {
    match popover {
        PopoverVisibility::Opening(since) if now.saturating_duration_since(since) <= OPENING_TIMEOUT => {
            ClickAction::Ignore
        }
        PopoverVisibility::Open | PopoverVisibility::Opening(_) => ClickAction::Close,
        PopoverVisibility::Closed => ClickAction::Open,
        PopoverVisibility::LostFocus(at) if now.saturating_duration_since(at) <= SAME_CLICK_TIMEOUT => {
            ClickAction::Ignore
        }
        PopoverVisibility::LostFocus(_) => ClickAction::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_toggles_the_popover() {
        let now = Instant::now();
        assert_eq!(on_click(PopoverVisibility::Closed, now), ClickAction::Open);
        assert_eq!(on_click(PopoverVisibility::Open, now), ClickAction::Close);
    }

    #[test]
    fn a_second_click_while_the_popover_opens_is_ignored() {
        let requested = Instant::now();
        assert_eq!(on_click(PopoverVisibility::Opening(requested), requested + OPENING_TIMEOUT), ClickAction::Ignore);
        let later = requested + OPENING_TIMEOUT + Duration::from_millis(1);
        assert_eq!(
            on_click(PopoverVisibility::Opening(requested), later),
            ClickAction::Close,
            "a page that hangs can be closed"
        );
    }

    #[test]
    fn a_click_that_closed_the_popover_does_not_reopen_it() {
        let lost_focus = Instant::now();
        let at = |millis| lost_focus + Duration::from_millis(millis);
        assert_eq!(on_click(PopoverVisibility::LostFocus(lost_focus), at(0)), ClickAction::Ignore);
        assert_eq!(on_click(PopoverVisibility::LostFocus(lost_focus), at(250)), ClickAction::Ignore);
        assert_eq!(on_click(PopoverVisibility::LostFocus(lost_focus), at(251)), ClickAction::Open, "a separate click");
    }

    #[test]
    fn a_click_reported_before_the_lost_focus_is_the_same_click() {
        let click = Instant::now();
        let lost_focus = click + Duration::from_millis(5);
        assert_eq!(
            on_click(PopoverVisibility::LostFocus(lost_focus), click),
            ClickAction::Ignore,
            "events may arrive out of order"
        );
    }
}
