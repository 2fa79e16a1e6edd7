//! The places on the screen that react to the mouse.

use ratatui::layout::{Position, Rect};

use crate::live::app::page::Page;

/// What a click reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The tab of a page.
    Page(Page),
    /// A row of the page's list, by its place in the whole list.
    Row(usize),
    /// An entry of the menu.
    MenuEntry(usize),
}

/// The places of the last drawing; later ones lie above earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HitMap(Vec<(Rect, Target)>);

impl HitMap {
    /// Adds a place.
    pub(crate) fn add(&mut self, area: Rect, target: Target) {
        self.0.push((area, target));
    }

    /// Returns what lies at a position.
    pub(crate) fn target_at(&self, column: u16, row: u16) -> Option<Target> {
        let position = Position { x: column, y: row };
        self.0.iter().rev().find(|(area, _)| area.contains(position)).map(|(_, target)| *target)
    }
}
