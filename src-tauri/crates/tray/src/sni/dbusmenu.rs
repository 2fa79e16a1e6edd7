//! The D-Bus interface of the menu: `com.canonical.dbusmenu`.
//!
//! Returns the menu of the published [`ItemState`] and reports selected items. Unknown ids are returned as such, or
//! rejected.

#![expect(clippy::needless_pass_by_value, reason = "the bus hands arguments over, and the macro takes no slices")]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use zbus::fdo;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

use crate::sni::click::Click;
use crate::sni::item_state::ItemState;
use crate::sni::menu::{MenuNode, Properties};

/// The id of a menu item and its properties.
pub(crate) type ItemProperties = (i32, Properties);

/// The id of a menu item, its properties and its children.
type MenuLayout = (i32, Properties, Vec<Value<'static>>);

/// An event: the id of the menu item, the event's name, its data and its time.
type MenuEvent = (i32, String, OwnedValue, u32);

/// The D-Bus object of the menu.
pub(crate) struct DbusMenu(pub(crate) Arc<ItemState>);

#[zbus::interface(name = "com.canonical.dbusmenu")]
impl DbusMenu {
    /// Returns a part of the menu up to a depth, or all levels if `depth` is negative.
    fn get_layout(&self, parent: i32, depth: i32, names: Vec<String>) -> fdo::Result<(u32, MenuLayout)> {
        self.0.with_menu(|menu, revision| {
            let node = menu.find_node(parent).ok_or_else(unknown_id_error)?;
            Ok((revision, build_layout(node, depth, &names)))
        })
    }

    fn get_group_properties(&self, ids: Vec<i32>, names: Vec<String>) -> Vec<ItemProperties> {
        self.0.with_menu(|menu, _| {
            let is_requested = |node: &&MenuNode| ids.is_empty() || ids.contains(&node.id);
            let nodes = menu.all_nodes().into_iter().filter(is_requested);
            nodes.map(|node| (node.id, select_properties(&node.properties, &names))).collect()
        })
    }

    fn get_property(&self, id: i32, name: &str) -> fdo::Result<Value<'static>> {
        let property = self.0.with_menu(|menu, _| menu.find_node(id)?.properties.get(name).cloned());
        property.ok_or_else(unknown_id_error)
    }

    fn event(&self, id: i32, event: &str, _data: Value<'_>, _time: u32) {
        self.handle_event(id, event);
    }

    /// Handles several events and returns the unknown ids.
    fn event_group(&self, events: Vec<MenuEvent>) -> Vec<i32> {
        for (id, event, _, _) in &events {
            self.handle_event(*id, event);
        }
        self.missing_ids(events.into_iter().map(|(id, ..)| id))
    }

    /// Returns false, as no item has to be updated before it is shown.
    fn about_to_show(&self, _id: i32) -> bool {
        self.0.pause_tooltip(Instant::now());
        false
    }

    /// Returns the items to update, which are none, and the unknown ids.
    fn about_to_show_group(&self, ids: Vec<i32>) -> (Vec<i32>, Vec<i32>) {
        self.0.pause_tooltip(Instant::now());
        (Vec::new(), self.missing_ids(ids.into_iter()))
    }

    #[zbus(property)]
    fn version(&self) -> u32 {
        3
    }

    #[zbus(property)]
    fn text_direction(&self) -> &'static str {
        "ltr"
    }

    #[zbus(property)]
    fn status(&self) -> &'static str {
        "normal"
    }

    #[zbus(property)]
    fn icon_theme_path(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(signal)]
    pub(crate) async fn items_properties_updated(
        emitter: &SignalEmitter<'_>,
        updated: Vec<ItemProperties>,
        removed: Vec<(i32, Vec<&str>)>,
    ) -> zbus::Result<()>;

    #[zbus(signal)]
    pub(crate) async fn layout_updated(emitter: &SignalEmitter<'_>, revision: u32, parent: i32) -> zbus::Result<()>;
}

impl DbusMenu {
    fn handle_event(&self, id: i32, event: &str) {
        let action = self.0.with_menu(|menu, _| menu.action(id));
        if let (Some(action), "clicked") = (action, event) {
            self.0.click(Click::Menu(action));
        }
    }

    fn missing_ids(&self, ids: impl Iterator<Item = i32>) -> Vec<i32> {
        self.0.with_menu(|menu, _| ids.filter(|id| menu.find_node(*id).is_none()).collect())
    }
}

fn build_layout(node: &MenuNode, depth: i32, names: &[String]) -> MenuLayout {
    let children = if depth == 0 { &[][..] } else { &node.children };
    let children = children.iter().map(|child| Value::from(build_layout(child, depth.saturating_sub(1), names)));
    (node.id, select_properties(&node.properties, names), children.collect())
}

/// Returns the properties with these names, or all of them if there are no names.
fn select_properties(properties: &Properties, names: &[String]) -> Properties {
    let is_requested = |name: &str| names.is_empty() || names.iter().any(|requested| requested == name);
    let selected = properties.iter().filter(|(name, _)| is_requested(name));
    selected.map(|(name, value)| (*name, value.clone())).collect::<HashMap<_, _>>()
}

fn unknown_id_error() -> fdo::Error {
    fdo::Error::InvalidArgs("the menu has no item of this id".to_owned())
}
