//! The published state of the item and its menu, and the changes between two views.
//!
//! Pixels are drawn when a panel requests them.

use std::sync::{Mutex, MutexGuard, PoisonError};

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
}

impl ItemState {
    pub(crate) fn new(view: TrayView, on_click: ClickHandler) -> Self {
        let view = view.sanitized();
        let menu = MenuTree::from_items(&view.menu);
        let inner = Inner { view, menu, revision: 1, cache: IconCache::new(), token: None };
        Self { inner: Mutex::new(inner), on_click }
    }

    /// Stores another view and returns the changes to signal.
    pub(crate) fn show(&self, view: TrayView) -> ItemChanges {
        let view = view.sanitized();
        let mut inner = self.lock();
        let menu = MenuTree::from_items(&view.menu);
        let diff = inner.menu.diff(&menu);
        if matches!(diff, MenuDiff::Layout) {
            inner.revision = inner.revision.wrapping_add(1);
        }
        let changes = ItemChanges {
            icon: inner.view.icon != view.icon,
            tooltip: inner.view.tooltip != view.tooltip,
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
        let token = self.lock().token.take();
        (self.on_click)(click, token);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn the_label_guide_replaces_digits_by_eights() {
        assert_eq!(label_guide("4.2M · 2 h 10 m left"), "8.8M · 8 h 88 m left");
    }
}
