//! The state of the popover between two requests, without its window.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use token_monitor_core::report::model::Route;
use token_monitor_tray::{PopoverEvent, PopoverState};
use tokio::sync::watch;

/// The kind of window of the popover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Frame {
    /// Without a title bar, above all other windows, closed when it loses the focus.
    Popover,
    /// An ordinary window, for desktops without a tray.
    Window,
}

/// The effect of dismissing the popover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDismiss {
    /// Destroy the window.
    Destroy,
    /// Hide the window until the daemon shows or ends it.
    HideForDaemon,
    /// Hide the window, and destroy it after this time.
    HideFor(Duration),
}

/// The state of the popover between two requests.
pub(crate) struct PopoverTracker {
    data: Mutex<PopoverData>,
    shown: watch::Sender<bool>,
}

struct PopoverData {
    on_dismiss: OnDismiss,
    route: Route,
    frame: Frame,
    /// The time at which it was closed because it lost the focus.
    lost_focus_at: Option<Instant>,
    /// The time of the request; `None` once the figures are painted.
    requested_at: Option<Instant>,
    /// The number of requests, by which a delayed task detects that it is outdated.
    request_count: u64,
}

impl PopoverTracker {
    /// Creates the state of a popover that was never shown.
    pub(crate) fn new(on_dismiss: OnDismiss) -> Self {
        let (route, frame) = (Route::Now, Frame::Popover);
        let data = PopoverData { on_dismiss, route, frame, lost_focus_at: None, requested_at: None, request_count: 0 };
        Self { data: Mutex::new(data), shown: watch::Sender::new(false) }
    }

    /// Sets the effect of dismissing the popover.
    pub(crate) fn set_on_dismiss(&self, on_dismiss: OnDismiss) {
        self.lock().on_dismiss = on_dismiss;
    }

    /// The effect of dismissing the popover.
    pub(crate) fn on_dismiss(&self) -> OnDismiss {
        self.lock().on_dismiss
    }

    /// Returns true if a daemon controls the popover.
    pub(crate) fn is_daemon_controlled(&self) -> bool {
        self.on_dismiss() == OnDismiss::HideForDaemon
    }

    /// The page of the last request.
    pub(crate) fn route(&self) -> Route {
        self.lock().route.clone()
    }

    /// The kind of window.
    pub(crate) fn frame(&self) -> Frame {
        self.lock().frame
    }

    /// Subscribes to the visibility of the popover.
    pub(crate) fn subscribe_shown(&self) -> watch::Receiver<bool> {
        self.shown.subscribe()
    }

    /// Returns true if the popover is visible.
    pub(crate) fn is_shown(&self) -> bool {
        *self.shown.borrow()
    }

    /// Returns the number of the current request, and true if the popover is visible.
    pub(crate) fn current_request(&self) -> (u64, bool) {
        (self.lock().request_count, self.is_shown())
    }

    /// Marks the popover as shown by a new request. Returns true if it was visible before.
    pub(crate) fn mark_shown(&self, route: Option<&Route>) -> bool {
        let was_shown = self.shown.send_replace(true);
        let mut data = self.lock();
        data.request_count += 1;
        data.lost_focus_at = None;
        if let Some(route) = route {
            data.route = route.clone();
        }
        if !was_shown {
            data.requested_at = Some(Instant::now());
        }
        was_shown
    }

    /// Sets the kind of window that was created.
    pub(crate) fn set_frame(&self, frame: Frame) {
        self.lock().frame = frame;
    }

    /// Marks the figures as painted.
    pub(crate) fn mark_painted(&self) {
        self.lock().requested_at = None;
    }

    /// Marks the popover as hidden. Returns true if it was visible before.
    pub(crate) fn mark_hidden(&self, state: PopoverState) -> bool {
        let was_shown = self.shown.send_replace(false);
        if was_shown {
            self.lock().lost_focus_at = (state == PopoverState::LostFocus).then(Instant::now);
        }
        was_shown
    }

    /// Marks the window as destroyed.
    pub(crate) fn mark_destroyed(&self) {
        self.shown.send_replace(false);
    }

    /// Creates the event of the current request for the daemon.
    pub(crate) fn event(&self, state: PopoverState) -> PopoverEvent {
        PopoverEvent { state, request_id: self.lock().request_count }
    }

    /// Returns the visibility of the popover for a click, with a window or without.
    pub(crate) fn visibility(&self, has_window: bool) -> token_monitor_tray::PopoverVisibility {
        let data = self.lock();
        match (has_window && self.is_shown(), data.requested_at, data.lost_focus_at) {
            (true, Some(since), _) => token_monitor_tray::PopoverVisibility::Opening(since),
            (true, None, _) => token_monitor_tray::PopoverVisibility::Open,
            (false, _, Some(at)) => token_monitor_tray::PopoverVisibility::LostFocus(at),
            (false, _, None) => token_monitor_tray::PopoverVisibility::Closed,
        }
    }

    /// Locks the state. No code panics while holding the lock.
    fn lock(&self) -> MutexGuard<'_, PopoverData> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn showing_a_visible_popover_does_not_wait_for_a_paint() {
        let popover = PopoverTracker::new(OnDismiss::Destroy);
        assert!(!popover.mark_shown(None));
        assert!(matches!(popover.visibility(true), token_monitor_tray::PopoverVisibility::Opening(_)));
        popover.mark_painted();
        assert!(popover.mark_shown(Some(&Route::Alerts)), "it was visible");
        assert_eq!(popover.visibility(true), token_monitor_tray::PopoverVisibility::Open);
        assert_eq!(popover.route(), Route::Alerts);
    }

    #[test]
    fn an_event_has_the_number_of_its_request() {
        let popover = PopoverTracker::new(OnDismiss::HideForDaemon);
        popover.mark_shown(None);
        assert!(popover.mark_hidden(PopoverState::LostFocus));
        assert!(!popover.mark_hidden(PopoverState::Dismissed), "it was hidden already");
        assert!(matches!(popover.visibility(true), token_monitor_tray::PopoverVisibility::LostFocus(_)));
        assert_eq!(popover.event(PopoverState::LostFocus).to_string(), "lost-focus 1");
        popover.mark_shown(None);
        assert_eq!(popover.current_request(), (2, true));
    }
}
