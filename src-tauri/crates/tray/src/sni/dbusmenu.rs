//! The menu's face to panels: `com.canonical.dbusmenu`.
//!
//! Nothing here decides or remembers: it spells the stage's menu and hands choices back. What a panel asks of rows
//! that are gone is answered with nothing.

#![expect(clippy::needless_pass_by_value, reason = "the bus hands arguments over, and the macro takes no slices")]

use std::collections::HashMap;
use std::sync::Arc;

use zbus::fdo;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

use crate::sni::Click;
use crate::sni::item_state::Stage;
use crate::sni::menu::{Node, Properties};

/// A row's number and its looks.
pub(crate) type PropertiesOf = (i32, Properties);

/// A row, its looks, and the rows in it.
type Layout = (i32, Properties, Vec<Value<'static>>);

/// A row's number, what happened to it, with what, and when.
type EventOf = (i32, String, OwnedValue, u32);

/// The menu as panels see it.
pub(crate) struct DbusMenu(pub(crate) Arc<Stage>);

#[zbus::interface(name = "com.canonical.dbusmenu")]
impl DbusMenu {
    /// A part of the menu, so many levels deep; all levels where that is negative.
    fn get_layout(&self, parent: i32, depth: i32, names: Vec<String>) -> fdo::Result<(u32, Layout)> {
        self.0.with_menu(|menu, revision| {
            let node = menu.node(parent).ok_or_else(no_such_row)?;
            Ok((revision, layout(node, depth, &names)))
        })
    }

    fn get_group_properties(&self, ids: Vec<i32>, names: Vec<String>) -> Vec<PropertiesOf> {
        self.0.with_menu(|menu, _| {
            let asked = |node: &&Node| ids.is_empty() || ids.contains(&node.id);
            let nodes = menu.nodes().into_iter().filter(asked);
            nodes.map(|node| (node.id, some(&node.properties, &names))).collect()
        })
    }

    fn get_property(&self, id: i32, name: &str) -> fdo::Result<Value<'static>> {
        let property = self.0.with_menu(|menu, _| menu.node(id)?.properties.get(name).cloned());
        property.ok_or_else(no_such_row)
    }

    fn event(&self, id: i32, event: &str, _data: Value<'_>, _time: u32) {
        self.happened(id, event);
    }

    /// Several events; answers with the rows that are not there.
    fn event_group(&self, events: Vec<EventOf>) -> Vec<i32> {
        for (id, event, _, _) in &events {
            self.happened(*id, event);
        }
        self.unknown(events.into_iter().map(|(id, ..)| id))
    }

    /// Nothing has to be made ready.
    fn about_to_show(&self, _id: i32) -> bool {
        false
    }

    /// The rows to ask for anew, of which there are none, and those that are not there.
    fn about_to_show_group(&self, ids: Vec<i32>) -> (Vec<i32>, Vec<i32>) {
        (Vec::new(), self.unknown(ids.into_iter()))
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
        updated: Vec<PropertiesOf>,
        removed: Vec<(i32, Vec<&str>)>,
    ) -> zbus::Result<()>;

    #[zbus(signal)]
    pub(crate) async fn layout_updated(emitter: &SignalEmitter<'_>, revision: u32, parent: i32) -> zbus::Result<()>;
}

impl DbusMenu {
    fn happened(&self, id: i32, event: &str) {
        let choice = self.0.with_menu(|menu, _| menu.choice(id));
        if let (Some(choice), "clicked") = (choice, event) {
            self.0.click(Click::Choose(choice));
        }
    }

    fn unknown(&self, ids: impl Iterator<Item = i32>) -> Vec<i32> {
        self.0.with_menu(|menu, _| ids.filter(|id| menu.node(*id).is_none()).collect())
    }
}

fn layout(node: &Node, depth: i32, names: &[String]) -> Layout {
    let children = if depth == 0 { &[][..] } else { &node.children };
    let children = children.iter().map(|child| Value::from(layout(child, depth.saturating_sub(1), names)));
    (node.id, some(&node.properties, names), children.collect())
}

/// The properties of these names; all where none is named.
fn some(properties: &Properties, names: &[String]) -> Properties {
    let asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    let chosen = properties.iter().filter(|(name, _)| asked(name));
    chosen.map(|(name, value)| (*name, value.clone())).collect::<HashMap<_, _>>()
}

fn no_such_row() -> fdo::Error {
    fdo::Error::InvalidArgs("the menu has no such row".to_owned())
}
