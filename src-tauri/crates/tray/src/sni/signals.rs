//! The signals that inform panels about changes of the item.

use zbus::Connection;
use zbus::object_server::SignalEmitter;

use crate::sni::click::{ITEM_PATH, MENU_PATH};
use crate::sni::dbusmenu::DbusMenu;
use crate::sni::item_state::{ItemChanges, label_guide};
use crate::sni::menu::MenuDiff;
use crate::sni::status_notifier_item::StatusNotifierItem;

/// Emits the signals of changes.
pub(crate) async fn emit_changes(changes: ItemChanges, bus: &Connection) -> zbus::Result<()> {
    let item = SignalEmitter::new(bus, ITEM_PATH)?;
    if changes.icon {
        StatusNotifierItem::new_icon(&item).await?;
    }
    if changes.tooltip {
        StatusNotifierItem::new_tool_tip(&item).await?;
    }
    if let Some(label) = changes.label {
        let guide = label_guide(&label);
        StatusNotifierItem::x_ayatana_new_label(&item, &label, &guide).await?;
    }
    let menu = SignalEmitter::new(bus, MENU_PATH)?;
    match changes.menu {
        (MenuDiff::Unchanged, _) => Ok(()),
        (MenuDiff::Layout, revision) => DbusMenu::layout_updated(&menu, revision, 0).await,
        (MenuDiff::Properties(items), _) => DbusMenu::items_properties_updated(&menu, items, Vec::new()).await,
    }
}
