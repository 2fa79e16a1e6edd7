//! The menu in the terms of `com.canonical.dbusmenu`: items with ids and properties, and the difference between two
//! menus.
//!
//! Pure. An id belongs to one kind of item permanently: a panel that still shows an older menu means the same item by
//! it, and no item changes its type.

use std::collections::HashMap;

use token_monitor_core::report::model::Pause;
use zbus::zvariant::Value;

use crate::menu::{MenuAction, MenuItem, MenuPage};

/// The id of the root.
pub(crate) const ROOT_ID: i32 = 0;

/// The first ids of kinds of items that can occur several times.
const FIRST_LABEL_ID: i32 = 100;
const FIRST_SEPARATOR_ID: i32 = 1_000;
const FIRST_SUBMENU_ID: i32 = 2_000;

/// The properties of a menu item by their names in the protocol.
pub(crate) type Properties = HashMap<&'static str, Value<'static>>;

/// A menu item with its children, or the root.
pub(crate) struct MenuNode {
    pub(crate) id: i32,
    pub(crate) properties: Properties,
    pub(crate) children: Vec<MenuNode>,
    action: Option<MenuAction>,
}

/// A menu as the protocol describes it.
pub(crate) struct MenuTree {
    root: MenuNode,
}

/// The difference between two menus.
#[derive(Debug, PartialEq)]
pub(crate) enum MenuDiff {
    /// The menus are equal.
    Unchanged,
    /// The properties of some items differ. All properties of these items are included.
    Properties(Vec<(i32, Properties)>),
    /// The set or order of the items differs.
    Layout,
}

impl MenuTree {
    /// Assigns ids to the items and builds their properties.
    pub(crate) fn from_items(items: &[MenuItem]) -> Self {
        let children = IdAllocator::default().build_nodes(items);
        let properties = HashMap::from([("children-display", Value::from("submenu"))]);
        Self { root: MenuNode { id: ROOT_ID, properties, children, action: None } }
    }

    /// Returns an item, or the root.
    pub(crate) fn find_node(&self, id: i32) -> Option<&MenuNode> {
        self.all_nodes().into_iter().find(|node| node.id == id)
    }

    /// Returns the action of an item, or `None` if it cannot be selected.
    pub(crate) fn action(&self, id: i32) -> Option<MenuAction> {
        self.find_node(id)?.action
    }

    /// Returns the root and all items, each before its children.
    pub(crate) fn all_nodes(&self) -> Vec<&MenuNode> {
        let mut nodes = vec![&self.root];
        let mut next = 0;
        while let Some(node) = nodes.get(next).copied() {
            nodes.extend(&node.children);
            next += 1;
        }
        nodes
    }

    /// Returns the difference to a newer menu.
    pub(crate) fn diff(&self, other: &Self) -> MenuDiff {
        let (old, new) = (self.all_nodes(), other.all_nodes());
        let shape =
            |nodes: &[&MenuNode]| -> Vec<_> { nodes.iter().map(|node| (node.id, node.children.len())).collect() };
        if shape(&old) != shape(&new) {
            return MenuDiff::Layout;
        }
        let differing = old.iter().zip(&new).filter(|(old, new)| old.properties != new.properties);
        let rows: Vec<_> = differing.map(|(_, new)| (new.id, new.properties.clone())).collect();
        if rows.is_empty() { MenuDiff::Unchanged } else { MenuDiff::Properties(rows) }
    }
}

/// Assigns ids to items that have no action.
#[derive(Default)]
struct IdAllocator {
    labels: i32,
    separators: i32,
    submenus: i32,
}

impl IdAllocator {
    fn build_nodes(&mut self, rows: &[MenuItem]) -> Vec<MenuNode> {
        rows.iter().map(|row| self.build_node(row)).collect()
    }

    fn build_node(&mut self, row: &MenuItem) -> MenuNode {
        match row {
            MenuItem::Separator => {
                let properties = HashMap::from([("type", Value::from("separator"))]);
                MenuNode {
                    id: FIRST_SEPARATOR_ID + next_number(&mut self.separators),
                    properties,
                    children: Vec::new(),
                    action: None,
                }
            }
            MenuItem::Figure(text, action) => MenuNode {
                id: FIRST_LABEL_ID + next_number(&mut self.labels),
                properties: label_properties(text),
                children: Vec::new(),
                action: Some(*action),
            },
            MenuItem::Label(text) => {
                let mut properties = label_properties(text);
                properties.insert("enabled", Value::from(false));
                MenuNode {
                    id: FIRST_LABEL_ID + next_number(&mut self.labels),
                    properties,
                    children: Vec::new(),
                    action: None,
                }
            }
            MenuItem::Submenu(text, rows) => {
                let mut properties = label_properties(text);
                properties.insert("children-display", Value::from("submenu"));
                let id = FIRST_SUBMENU_ID + next_number(&mut self.submenus);
                MenuNode { id, properties, children: self.build_nodes(rows), action: None }
            }
            MenuItem::Action(action) => action_node(*action),
        }
    }
}

fn next_number(count: &mut i32) -> i32 {
    *count += 1;
    *count - 1
}

fn action_node(action: MenuAction) -> MenuNode {
    let mut properties = label_properties(action.label());
    if let Some(checked) = action.is_checked() {
        properties.insert("toggle-type", Value::from("checkmark"));
        properties.insert("toggle-state", Value::from(i32::from(checked)));
    }
    MenuNode { id: action_id(action), properties, children: Vec::new(), action: Some(action) }
}

fn label_properties(text: &str) -> Properties {
    HashMap::from([("label", Value::from(escape_mnemonic(text)))])
}

/// Returns the fixed id of an action. A check item has one id for both states.
fn action_id(action: MenuAction) -> i32 {
    match action {
        MenuAction::Open => 1,
        MenuAction::Settings => 2,
        MenuAction::StartAtLogin(_) => 3,
        MenuAction::Quit => 4,
        MenuAction::CopyFigures => 5,
        MenuAction::Show(MenuPage::Now) => 6,
        MenuAction::Show(MenuPage::History) => 7,
        MenuAction::Pause(Pause::Off) => 10,
        MenuAction::Pause(Pause::FifteenMinutes) => 11,
        MenuAction::Pause(Pause::ThirtyMinutes) => 12,
        MenuAction::Pause(Pause::Hour) => 13,
        MenuAction::Pause(Pause::UntilReset) => 14,
        MenuAction::Pause(Pause::UntilTomorrow) => 15,
    }
}

/// Doubles underscores, as a single one marks an access key and is not shown.
fn escape_mnemonic(text: &str) -> String {
    text.replace('_', "__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str, at_login: bool) -> Vec<MenuItem> {
        vec![
            MenuItem::Action(MenuAction::Open),
            MenuItem::Separator,
            MenuItem::Label(text.to_owned()),
            MenuItem::Separator,
            MenuItem::Submenu("Pause alerts".to_owned(), vec![MenuItem::Action(MenuAction::Pause(Pause::Hour))]),
            MenuItem::Action(MenuAction::StartAtLogin(!at_login)),
            MenuItem::Action(MenuAction::Quit),
        ]
    }

    fn menu(text: &str) -> MenuTree {
        MenuTree::from_items(&items(text, false))
    }

    #[test]
    fn underscores_are_doubled() {
        assert_eq!(escape_mnemonic("Set CLAUDE_CONFIG_DIR"), "Set CLAUDE__CONFIG__DIR");
    }

    #[test]
    fn every_item_has_a_unique_id() {
        let menu = menu("1 token");
        let mut ids: Vec<_> = menu.all_nodes().iter().map(|node| node.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn another_text_changes_the_properties_of_one_item() {
        let MenuDiff::Properties(rows) = menu("1 token").diff(&menu("2 tokens")) else { panic!("the layout changed") };
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].1["label"], Value::from("2 tokens"));
        assert_eq!(menu("1 token").diff(&menu("1 token")), MenuDiff::Unchanged);
    }

    #[test]
    fn a_check_item_keeps_its_id() {
        let (off, on) = (MenuTree::from_items(&items("1", false)), MenuTree::from_items(&items("1", true)));
        let MenuDiff::Properties(rows) = off.diff(&on) else { panic!("the layout changed") };
        assert_eq!(rows[0].1["toggle-state"], Value::from(1));
        assert_eq!(
            off.action(rows[0].0),
            Some(MenuAction::StartAtLogin(true)),
            "selecting it enables what is disabled"
        );
        assert_eq!(on.action(rows[0].0), Some(MenuAction::StartAtLogin(false)));
    }

    #[test]
    fn an_additional_item_changes_the_layout_and_no_other_id() {
        let few = menu("1 token");
        let mut more = items("1 token", false);
        more.insert(3, MenuItem::Label("late".to_owned()));
        let more = MenuTree::from_items(&more);
        assert_eq!(few.diff(&more), MenuDiff::Layout);
        assert_eq!(few.action(action_id(MenuAction::Quit)), more.action(action_id(MenuAction::Quit)));
    }

    #[test]
    fn a_figure_can_be_selected_and_keeps_its_id_when_its_text_changes() {
        let menu =
            |text: &str| MenuTree::from_items(&[MenuItem::Figure(text.to_owned(), MenuAction::Show(MenuPage::Now))]);
        let tree = menu("1 token");
        assert_eq!(tree.action(FIRST_LABEL_ID), Some(MenuAction::Show(MenuPage::Now)));
        assert!(!tree.find_node(FIRST_LABEL_ID).unwrap().properties.contains_key("enabled"), "it is not gray");
        assert!(matches!(tree.diff(&menu("2 tokens")), MenuDiff::Properties(rows) if rows.len() == 1));
    }

    #[test]
    fn labels_and_submenus_have_no_action() {
        assert_eq!(menu("1 token").action(FIRST_LABEL_ID), None);
        assert_eq!(menu("1 token").action(FIRST_SUBMENU_ID), None);
        assert_eq!(menu("1 token").action(77), None, "no item has this id");
    }
}
