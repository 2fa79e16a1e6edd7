//! The state of the popover between two requests, without its window.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use token_monitor_core::report::model::Route;
use token_monitor_tray::{PopoverEvent, PopoverState, ScreenPoint, WindowSize};
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

/// The look of a window's edges, which the page draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FrameStyle {
    /// Round corners on a transparent ground. The window draws a shadow around the page.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "the system draws the shadow"))]
    Shadow,
    /// Square corners and a line around the page, where nothing composites.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "every desktop composites"))]
    Hairline,
    /// Nothing: the system draws the edges.
    System,
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
    /// The click of the last request.
    near: Option<ScreenPoint>,
    /// The size of the page in logical pixels, without margins. `None` before the page has been measured.
    page_size: Option<WindowSize>,
    /// The sizes requested for this window. Any other size was chosen by the user.
    requested_sizes: Vec<WindowSize>,
    /// True if the user has chosen the size of this window.
    is_resized_by_user: bool,
    /// True if the popover stays open when it loses the focus.
    is_pinned: bool,
    /// The number of requests, by which a delayed task detects that it is outdated.
    request_count: u64,
}

impl PopoverTracker {
    /// Creates the state of a popover that was never shown.
    pub(crate) fn new(on_dismiss: OnDismiss) -> Self {
        let (route, frame) = (Route::Now, Frame::Popover);
        let data = PopoverData {
            on_dismiss,
            route,
            frame,
            lost_focus_at: None,
            requested_at: None,
            near: None,
            page_size: None,
            requested_sizes: Vec::new(),
            is_resized_by_user: false,
            is_pinned: false,
            request_count: 0,
        };
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
    pub(crate) fn mark_shown(&self, route: Option<&Route>, near: Option<ScreenPoint>) -> bool {
        let was_shown = self.shown.send_replace(true);
        let mut data = self.lock();
        data.request_count += 1;
        data.lost_focus_at = None;
        data.near = near;
        if let Some(route) = route {
            data.route = route.clone();
        }
        if !was_shown {
            data.requested_at = Some(Instant::now());
            data.is_pinned = false;
        }
        was_shown
    }

    /// Sets the kind of a new window. Its size is not known.
    pub(crate) fn set_frame(&self, frame: Frame) {
        let mut data = self.lock();
        data.frame = frame;
        data.page_size = None;
        data.requested_sizes.clear();
        data.is_resized_by_user = false;
    }

    /// Sets whether the popover stays open when it loses the focus, until it is dismissed.
    pub(crate) fn set_pinned(&self, on: bool) {
        self.lock().is_pinned = on;
    }

    /// Returns true if the popover stays open when it loses the focus.
    pub(crate) fn is_pinned(&self) -> bool {
        self.lock().is_pinned
    }

    /// Returns the click of the last request.
    pub(crate) fn near(&self) -> Option<ScreenPoint> {
        self.lock().near
    }

    /// Returns the size of the page without margins, if it is known.
    pub(crate) fn page_size(&self) -> Option<WindowSize> {
        self.lock().page_size
    }

    /// Returns true if the user has chosen the size of the window.
    pub(crate) fn is_resized_by_user(&self) -> bool {
        self.lock().is_resized_by_user
    }

    /// Sets the size of the page that the window is to have.
    pub(crate) fn set_page_size(&self, size: WindowSize) {
        self.lock().page_size = Some(size);
    }

    /// Remembers a size of the page that was requested from the window manager.
    pub(crate) fn mark_requested(&self, size: WindowSize) {
        let mut data = self.lock();
        if !data.requested_sizes.contains(&size) {
            data.requested_sizes.push(size);
        }
    }

    /// Records the size of the page after the window was resized. A size that was not requested is the user's choice,
    /// except before the window is visible.
    pub(crate) fn record_size(&self, size: WindowSize) {
        let mut data = self.lock();
        let is_requested = |requested: &WindowSize| {
            requested.width.abs_diff(size.width) <= 1 && requested.height.abs_diff(size.height) <= 1
        };
        let is_visible = data.requested_at.is_none() && self.is_shown();
        if is_visible && !data.requested_sizes.iter().any(is_requested) {
            data.page_size = Some(size);
            data.is_resized_by_user = true;
        }
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
        assert!(!popover.mark_shown(None, None));
        assert!(matches!(popover.visibility(true), token_monitor_tray::PopoverVisibility::Opening(_)));
        popover.mark_painted();
        assert!(popover.mark_shown(Some(&Route::Alerts), None), "it was visible");
        assert_eq!(popover.visibility(true), token_monitor_tray::PopoverVisibility::Open);
        assert_eq!(popover.route(), Route::Alerts);
    }

    #[test]
    fn a_popover_is_pinned_until_it_is_dismissed() {
        let popover = PopoverTracker::new(OnDismiss::HideForDaemon);
        popover.mark_shown(None, None);
        popover.set_pinned(true);
        popover.mark_shown(None, None);
        assert!(popover.is_pinned(), "it was visible");
        popover.mark_hidden(PopoverState::Dismissed);
        popover.mark_shown(None, None);
        assert!(!popover.is_pinned());
    }

    #[test]
    fn an_event_has_the_number_of_its_request() {
        let popover = PopoverTracker::new(OnDismiss::HideForDaemon);
        popover.mark_shown(None, None);
        assert!(popover.mark_hidden(PopoverState::LostFocus));
        assert!(!popover.mark_hidden(PopoverState::Dismissed), "it was hidden already");
        assert!(matches!(popover.visibility(true), token_monitor_tray::PopoverVisibility::LostFocus(_)));
        assert_eq!(popover.event(PopoverState::LostFocus).to_string(), "lost-focus 1");
        popover.mark_shown(None, None);
        assert_eq!(popover.current_request(), (2, true));
    }

    #[test]
    fn only_a_size_that_was_not_requested_is_the_users_choice() {
        let size = |height| WindowSize { width: 380, height };
        let popover = PopoverTracker::new(OnDismiss::Destroy);
        popover.mark_shown(None, None);
        popover.record_size(size(200));
        assert!(!popover.is_resized_by_user(), "the window is not visible yet");
        popover.mark_painted();
        popover.mark_requested(size(600));
        popover.mark_requested(size(640));
        popover.record_size(size(600));
        popover.record_size(size(641));
        assert!(!popover.is_resized_by_user(), "late, or rounded");
        popover.record_size(size(700));
        assert!(popover.is_resized_by_user());
        assert_eq!(popover.page_size(), Some(size(700)));
        popover.set_frame(Frame::Popover);
        assert!(!popover.is_resized_by_user() && popover.page_size().is_none(), "a new window");
    }
}
