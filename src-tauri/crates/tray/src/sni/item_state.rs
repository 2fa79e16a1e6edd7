//! The published state of the item and its menu, and the changes between two views.
//!
//! Pixels are drawn when a panel requests them. While the popover is open, and for a while after a click, changes of
//! the tooltip are not signaled, since panels show a changed tooltip while the pointer is on the icon: above the menu or the
//! popover. The property itself is always current.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::icon::cache::IconCache;
use crate::icon::types::{IconSize, PixelFormat};
use crate::sni::click::{ActivationToken, Click};
use crate::sni::menu::{MenuDiff, MenuTree};
use crate::tooltip::Tooltip;
use crate::view::TrayView;

/// An image: width, height and ARGB pixels.
pub(crate) type Pixmap = (i32, i32, Vec<u8>);

/// A callback for clicks.
type ClickHandler = Box<dyn Fn(Click, Option<ActivationToken>) + Send + Sync>;

/// The time after a click in which the pointer usually leaves the icon for what the click has opened.
const TOOLTIP_PAUSE: Duration = Duration::from_secs(10);

/// The state of the item and its menu.
pub(crate) struct ItemState {
    inner: Mutex<Inner>,
    on_click: ClickHandler,
}

struct Inner {
    view: TrayView,
    menu: MenuTree,
    /// The number of the menu's layout, which increases with each change.
    revision: u32,
    cache: IconCache,
    /// The token of the next click.
    token: Option<ActivationToken>,
    /// The tooltip that panels were last notified about.
    signaled_tooltip: Tooltip,
    /// The time until which changes of the tooltip are not signaled.
    paused_until: Option<Instant>,
}

impl ItemState {
    pub(crate) fn new(view: TrayView, on_click: ClickHandler) -> Self {
        let view = view.sanitized();
        let menu = MenuTree::from_items(&view.menu);
        let signaled_tooltip = view.tooltip.clone();
        let inner = Inner {
            view,
            menu,
            revision: 1,
            cache: IconCache::new(),
            token: None,
            signaled_tooltip,
            paused_until: None,
        };
        Self { inner: Mutex::new(inner), on_click }
    }

    /// Stores another view and returns the changes to signal at `now`.
    pub(crate) fn show(&self, view: TrayView, now: Instant) -> ItemChanges {
        let view = view.sanitized();
        let mut inner = self.lock();
        let menu = MenuTree::from_items(&view.menu);
        let diff = inner.menu.diff(&menu);
        if matches!(diff, MenuDiff::Layout) {
            inner.revision = inner.revision.wrapping_add(1);
        }
        let changes = ItemChanges {
            icon: inner.view.icon != view.icon,
            tooltip: inner.take_tooltip_change(&view, now),
            label: (inner.view.label != view.label).then(|| view.label.clone()),
            menu: (diff, inner.revision),
        };
        (inner.view, inner.menu) = (view, menu);
        changes
    }

    /// Returns the icon in each standard size.
    pub(crate) fn pixmaps(&self) -> Vec<Pixmap> {
        let inner = &mut *self.lock();
        let (cache, spec) = (&mut inner.cache, &inner.view.icon);
        let pixmap = |size: IconSize| {
            let pixels = cache.render(spec, size, PixelFormat::Argb);
            (size.pixels().into(), size.pixels().into(), pixels.to_vec())
        };
        IconSize::STANDARD.map(pixmap).into()
    }

    pub(crate) fn label(&self) -> String {
        self.lock().view.label.clone()
    }

    pub(crate) fn tooltip(&self) -> Tooltip {
        self.lock().view.tooltip.clone()
    }

    /// Calls a function with the menu and the number of its layout.
    pub(crate) fn with_menu<T>(&self, read: impl FnOnce(&MenuTree, u32) -> T) -> T {
        let inner = self.lock();
        read(&inner.menu, inner.revision)
    }

    /// Stores the token of the click that follows.
    pub(crate) fn set_activation_token(&self, token: String) {
        self.lock().token = Some(ActivationToken(token));
    }

    /// Reports a click with the token that preceded it.
    pub(crate) fn click(&self, click: Click) {
        self.pause_tooltip(Instant::now());
        let token = self.lock().token.take();
        (self.on_click)(click, token);
    }

    /// Stops signaling changes of the tooltip for a while, because the menu or the popover opens.
    pub(crate) fn pause_tooltip(&self, now: Instant) {
        self.lock().paused_until = Some(now + TOOLTIP_PAUSE);
    }

    /// Returns when to show the view again, because a change of its tooltip was not signaled.
    pub(crate) fn tooltip_due(&self) -> Option<Instant> {
        let inner = self.lock();
        let is_pending = !inner.view.is_popover_open && inner.signaled_tooltip != inner.view.tooltip;
        inner.paused_until.filter(|_| is_pending)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Returns true if panels are to be notified about the tooltip of a view now.
    fn take_tooltip_change(&mut self, view: &TrayView, now: Instant) -> bool {
        if self.view.is_popover_open && !view.is_popover_open {
            self.paused_until = None;
        }
        let is_paused = view.is_popover_open || self.paused_until.is_some_and(|until| now < until);
        let is_due = self.signaled_tooltip != view.tooltip && !is_paused;
        if is_due {
            self.signaled_tooltip = view.tooltip.clone();
        }
        is_due
    }
}

/// The changes that panels are notified about.
pub(crate) struct ItemChanges {
    pub(crate) icon: bool,
    pub(crate) tooltip: bool,
    pub(crate) label: Option<String>,
    pub(crate) menu: (MenuDiff, u32),
}

/// Returns the widest label of the same shape, for which a panel reserves the space.
pub(crate) fn label_guide(label: &str) -> String {
    label.chars().map(|letter| if letter.is_ascii_digit() { '8' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::snapshot;
    use crate::view::{TrayContext, build_view};

    fn view(tooltip: &str) -> TrayView {
        let tooltip = Tooltip { title: tooltip.to_owned(), lines: Vec::new() };
        TrayView { tooltip, ..build_view(&snapshot(), &TrayContext::default()) }
    }

    #[test]
    fn a_changed_tooltip_is_not_signaled_soon_after_a_click() {
        let (state, now) = (ItemState::new(view("1"), Box::new(|_, _| ())), Instant::now());
        assert!(state.show(view("2"), now).tooltip);
        state.pause_tooltip(now);
        assert_eq!(state.tooltip_due(), None, "panels know it");
        assert!(!state.show(view("3"), now + Duration::from_secs(1)).tooltip, "it would cover the popover");
        assert_eq!(state.tooltip().title, "3", "a panel that asks is answered");
        let due = state.tooltip_due().expect("a change was not signaled");
        assert_eq!(due, now + TOOLTIP_PAUSE);
        assert!(state.show(view("3"), due).tooltip, "panels learn about it later");
        assert_eq!(state.tooltip_due(), None);
    }

    #[test]
    fn a_changed_tooltip_is_not_signaled_while_the_popover_is_open() {
        let (state, now) = (ItemState::new(view("1"), Box::new(|_, _| ())), Instant::now());
        state.pause_tooltip(now);
        let open = |tooltip: &str| TrayView { is_popover_open: true, ..view(tooltip) };
        assert!(!state.show(open("2"), now).tooltip);
        assert!(!state.show(open("3"), now + 2 * TOOLTIP_PAUSE).tooltip);
        assert_eq!(state.tooltip_due(), None, "the popover may stay open");
        state.pause_tooltip(now);
        assert!(state.show(view("3"), now).tooltip, "the click has closed the popover");
    }

    #[test]
    fn the_label_guide_replaces_digits_by_eights() {
        assert_eq!(label_guide("4.2M · 2 h 10 m left"), "8.8M · 8 h 88 m left");
    }
}
