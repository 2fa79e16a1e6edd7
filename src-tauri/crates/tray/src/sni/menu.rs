//! The menu as the bus wants it: rows with numbers and properties, and what one menu differs from another in.
//!
//! Pure. A number belongs to a kind of row for good: a panel that still shows an older menu means the same row by
//! it, and no row ever changes its type under a panel's eyes.

use std::collections::HashMap;

use token_monitor_core::report::model::Pause;
use zbus::zvariant::Value;

use crate::menu::{Choice, Row};

/// The whole menu's number.
pub(crate) const ROOT: i32 = 0;

/// Where the numbers of rows that can be there several times begin.
const FIGURES: i32 = 100;
const SEPARATORS: i32 = 1_000;
const GROUPS: i32 = 2_000;

/// What a row looks like, by the protocol's names.
pub(crate) type Properties = HashMap<&'static str, Value<'static>>;

/// One row, or the whole menu.
pub(crate) struct Node {
    pub(crate) id: i32,
    pub(crate) properties: Properties,
    pub(crate) children: Vec<Node>,
    choice: Option<Choice>,
}

/// A menu.
pub(crate) struct Menu {
    root: Node,
}

/// What one menu differs from another in.
#[derive(Debug, PartialEq)]
pub(crate) enum Difference {
    /// Nothing.
    None,
    /// The looks of these rows, all of whose properties are given.
    Rows(Vec<(i32, Properties)>),
    /// Which rows there are.
    Layout,
}

impl Menu {
    /// Numbers rows and spells their looks.
    pub(crate) fn of(rows: &[Row]) -> Self {
        let children = Counter::default().nodes(rows);
        let properties = HashMap::from([("children-display", Value::from("submenu"))]);
        Self { root: Node { id: ROOT, properties, children, choice: None } }
    }

    /// Finds a row, or the whole menu.
    pub(crate) fn node(&self, id: i32) -> Option<&Node> {
        self.nodes().into_iter().find(|node| node.id == id)
    }

    /// What choosing a row wishes.
    pub(crate) fn choice(&self, id: i32) -> Option<Choice> {
        self.node(id)?.choice
    }

    /// The whole menu and every row, each before those in it.
    pub(crate) fn nodes(&self) -> Vec<&Node> {
        let mut nodes = vec![&self.root];
        let mut next = 0;
        while let Some(node) = nodes.get(next).copied() {
            nodes.extend(&node.children);
            next += 1;
        }
        nodes
    }

    /// What another menu has that this has not.
    pub(crate) fn difference(&self, other: &Self) -> Difference {
        let (old, new) = (self.nodes(), other.nodes());
        let shape = |nodes: &[&Node]| -> Vec<_> { nodes.iter().map(|node| (node.id, node.children.len())).collect() };
        if shape(&old) != shape(&new) {
            return Difference::Layout;
        }
        let differing = old.iter().zip(&new).filter(|(old, new)| old.properties != new.properties);
        let rows: Vec<_> = differing.map(|(_, new)| (new.id, new.properties.clone())).collect();
        if rows.is_empty() { Difference::None } else { Difference::Rows(rows) }
    }
}

/// Numbers the rows that have none by what they do.
#[derive(Default)]
struct Counter {
    figures: i32,
    separators: i32,
    groups: i32,
}

impl Counter {
    fn nodes(&mut self, rows: &[Row]) -> Vec<Node> {
        rows.iter().map(|row| self.node(row)).collect()
    }

    fn node(&mut self, row: &Row) -> Node {
        match row {
            Row::Separator => {
                let properties = HashMap::from([("type", Value::from("separator"))]);
                Node { id: SEPARATORS + next(&mut self.separators), properties, children: Vec::new(), choice: None }
            }
            Row::Figure(text) => {
                let mut properties = labelled(text);
                properties.insert("enabled", Value::from(false));
                Node { id: FIGURES + next(&mut self.figures), properties, children: Vec::new(), choice: None }
            }
            Row::Group(text, rows) => {
                let mut properties = labelled(text);
                properties.insert("children-display", Value::from("submenu"));
                let id = GROUPS + next(&mut self.groups);
                Node { id, properties, children: self.nodes(rows), choice: None }
            }
            Row::Choice(choice) => chosen(*choice),
        }
    }
}

fn next(count: &mut i32) -> i32 {
    *count += 1;
    *count - 1
}

fn chosen(choice: Choice) -> Node {
    let mut properties = labelled(choice.text());
    if let Some(checked) = choice.is_checked() {
        properties.insert("toggle-type", Value::from("checkmark"));
        properties.insert("toggle-state", Value::from(i32::from(checked)));
    }
    Node { id: number(choice), properties, children: Vec::new(), choice: Some(choice) }
}

fn labelled(text: &str) -> Properties {
    HashMap::from([("label", Value::from(literal(text)))])
}

/// A check mark is one row, set or not.
fn number(choice: Choice) -> i32 {
    match choice {
        Choice::Open => 1,
        Choice::Settings => 2,
        Choice::StartAtLogin(_) => 3,
        Choice::Quit => 4,
        Choice::Pause(Pause::Off) => 10,
        Choice::Pause(Pause::FifteenMinutes) => 11,
        Choice::Pause(Pause::ThirtyMinutes) => 12,
        Choice::Pause(Pause::Hour) => 13,
        Choice::Pause(Pause::UntilReset) => 14,
        Choice::Pause(Pause::UntilTomorrow) => 15,
    }
}

/// Keeps an underscore an underscore: a single one would mark an access key and vanish.
fn literal(text: &str) -> String {
    text.replace('_', "__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(figure: &str, at_login: bool) -> Vec<Row> {
        vec![
            Row::Choice(Choice::Open),
            Row::Separator,
            Row::Figure(figure.to_owned()),
            Row::Separator,
            Row::Group("Pause alerts".to_owned(), vec![Row::Choice(Choice::Pause(Pause::Hour))]),
            Row::Choice(Choice::StartAtLogin(!at_login)),
            Row::Choice(Choice::Quit),
        ]
    }

    fn menu(figure: &str) -> Menu {
        Menu::of(&rows(figure, false))
    }

    #[test]
    fn names_keep_their_underscores() {
        assert_eq!(literal("Set CLAUDE_CONFIG_DIR"), "Set CLAUDE__CONFIG__DIR");
    }

    #[test]
    fn every_row_has_a_number_of_its_own() {
        let menu = menu("1 token");
        let mut ids: Vec<_> = menu.nodes().iter().map(|node| node.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn another_figure_is_another_look_of_one_row() {
        let Difference::Rows(rows) = menu("1 token").difference(&menu("2 tokens")) else { panic!("a layout") };
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].1["label"], Value::from("2 tokens"));
        assert_eq!(menu("1 token").difference(&menu("1 token")), Difference::None);
    }

    #[test]
    fn a_check_mark_is_the_same_row_set_or_not() {
        let (off, on) = (Menu::of(&rows("1", false)), Menu::of(&rows("1", true)));
        let Difference::Rows(rows) = off.difference(&on) else { panic!("a layout") };
        assert_eq!(rows[0].1["toggle-state"], Value::from(1));
        assert_eq!(off.choice(rows[0].0), Some(Choice::StartAtLogin(true)), "choosing it sets what is not set");
        assert_eq!(on.choice(rows[0].0), Some(Choice::StartAtLogin(false)));
    }

    #[test]
    fn a_row_more_is_another_layout_and_the_others_keep_their_numbers() {
        let few = menu("1 token");
        let mut more = rows("1 token", false);
        more.insert(3, Row::Figure("late".to_owned()));
        let more = Menu::of(&more);
        assert_eq!(few.difference(&more), Difference::Layout);
        assert_eq!(few.choice(number(Choice::Quit)), more.choice(number(Choice::Quit)));
    }

    #[test]
    fn what_is_to_be_read_cannot_be_chosen() {
        assert_eq!(menu("1 token").choice(FIGURES), None);
        assert_eq!(menu("1 token").choice(GROUPS), None);
        assert_eq!(menu("1 token").choice(77), None, "no row has this number");
    }
}
