//! What stands on the bus now, shared by the icon's two faces, and what of it a new view changes.
//!
//! Pixels are drawn when a panel asks for them and not before. It compares and remembers; sending is left to
//! [`Changes::tell`], which says what changed and nothing else.

use std::sync::{Mutex, MutexGuard, PoisonError};

use zbus::Connection;
use zbus::object_server::SignalEmitter;

use crate::icon::cache::Album;
use crate::icon::spec::{Order, Side};
use crate::sni::dbusmenu::{DbusMenu, PropertiesOf};
use crate::sni::menu::{Difference, Menu};
use crate::sni::status_notifier_item::{Pixmap, StatusNotifierItem};
use crate::sni::{ActivationToken, Click, ITEM_PATH, MENU_PATH};
use crate::tooltip::Tooltip;
use crate::view::TrayView;

/// Whoever hears of clicks.
type OnClick = Box<dyn Fn(Click, Option<ActivationToken>) + Send + Sync>;

/// What stands on the bus now.
pub(crate) struct Stage {
    scene: Mutex<Scene>,
    on_click: OnClick,
}

struct Scene {
    view: TrayView,
    menu: Menu,
    /// Counts the layouts of the menu.
    revision: u32,
    album: Album,
    /// Given with the click that comes next.
    token: Option<ActivationToken>,
}

impl Stage {
    pub(crate) fn new(view: TrayView, on_click: OnClick) -> Self {
        let menu = Menu::of(&view.menu);
        let scene = Scene { view, menu, revision: 1, album: Album::new(), token: None };
        Self { scene: Mutex::new(scene), on_click }
    }

    /// Takes another view, and says what a panel has to hear of it.
    pub(crate) fn show(&self, view: TrayView) -> Changes {
        let mut scene = self.scene();
        let menu = Menu::of(&view.menu);
        let difference = scene.menu.difference(&menu);
        if matches!(difference, Difference::Layout) {
            scene.revision = scene.revision.wrapping_add(1);
        }
        let changes = Changes {
            icon: scene.view.picture != view.picture,
            tooltip: scene.view.tooltip != view.tooltip,
            label: (scene.view.label != view.label).then(|| view.label.clone()),
            menu: (difference, scene.revision),
        };
        (scene.view, scene.menu) = (view, menu);
        changes
    }

    /// The picture at every side a panel may ask for.
    pub(crate) fn pixmaps(&self) -> Vec<Pixmap> {
        let scene = &mut *self.scene();
        let (album, picture) = (&mut scene.album, &scene.view.picture);
        let pixmap = |side: Side| {
            let pixels = album.pixels(picture, side, Order::Argb);
            (side.pixels().into(), side.pixels().into(), pixels.to_vec())
        };
        Side::USUAL.map(pixmap).into()
    }

    pub(crate) fn label(&self) -> String {
        self.scene().view.label.clone()
    }

    pub(crate) fn tooltip(&self) -> Tooltip {
        self.scene().view.tooltip.clone()
    }

    /// The menu and the number of its layout.
    pub(crate) fn with_menu<T>(&self, look: impl FnOnce(&Menu, u32) -> T) -> T {
        let scene = self.scene();
        look(&scene.menu, scene.revision)
    }

    /// Keeps a token for the click it belongs to, which follows it.
    pub(crate) fn keep(&self, token: String) {
        self.scene().token = Some(ActivationToken(token));
    }

    /// Hands a click on, with the token that came before it.
    pub(crate) fn click(&self, click: Click) {
        let token = self.scene().token.take();
        (self.on_click)(click, token);
    }

    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a panel has to hear of.
pub(crate) struct Changes {
    icon: bool,
    tooltip: bool,
    label: Option<String>,
    menu: (Difference, u32),
}

impl Changes {
    /// Says what changed.
    pub(crate) async fn tell(self, bus: &Connection) -> zbus::Result<()> {
        let item = SignalEmitter::new(bus, ITEM_PATH)?;
        if self.icon {
            StatusNotifierItem::new_icon(&item).await?;
        }
        if self.tooltip {
            StatusNotifierItem::new_tool_tip(&item).await?;
        }
        if let Some(label) = self.label {
            let guide = guide(&label);
            StatusNotifierItem::x_ayatana_new_label(&item, &label, &guide).await?;
        }
        let menu = SignalEmitter::new(bus, MENU_PATH)?;
        match self.menu {
            (Difference::None, _) => Ok(()),
            (Difference::Layout, revision) => DbusMenu::layout_updated(&menu, revision, 0).await,
            (Difference::Rows(rows), _) => {
                let updated: Vec<PropertiesOf> = rows;
                DbusMenu::items_properties_updated(&menu, updated, Vec::new()).await
            }
        }
    }
}

/// The widest a label of this shape becomes, so that a panel can keep that much room and nothing jumps.
pub(crate) fn guide(label: &str) -> String {
    label.chars().map(|letter| if letter.is_ascii_digit() { '8' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_keeps_the_shape_of_a_label() {
        assert_eq!(guide("4.2M · 2 h 10 m left"), "8.8M · 8 h 88 m left");
    }
}
