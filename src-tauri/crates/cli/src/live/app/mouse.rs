//! The mouse: a click on a tab or a row, and the wheel.

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::live::app::App;
use crate::live::app::keys::{Action, Move};
use crate::live::app::message::Effect;
use crate::live::app::overlay::Overlay;
use crate::live::app::page::Page;
use crate::live::hit_map::Target;

/// The rows that one step of the wheel moves.
const WHEEL_ROWS: isize = 3;

impl App {
    /// Handles an event of the mouse.
    pub(super) fn point(&mut self, event: MouseEvent, now: DateTime<Utc>) -> Vec<Effect> {
        match event.kind {
            MouseEventKind::ScrollDown => self.perform(Action::Move(Move::By(WHEEL_ROWS)), now),
            MouseEventKind::ScrollUp => self.perform(Action::Move(Move::By(-WHEEL_ROWS)), now),
            MouseEventKind::Down(MouseButton::Left) => self.click(event.column, event.row),
            _ => Vec::new(),
        }
    }

    fn click(&mut self, column: u16, row: u16) -> Vec<Effect> {
        self.notice = None;
        let target = self.hits.target_at(column, row);
        if let (Overlay::Menu(menu), Some(Target::MenuEntry(place))) = (&mut self.overlay, target) {
            menu.selected = place;
            return self.choose();
        }
        if self.overlay != Overlay::None {
            self.overlay = Overlay::None;
            return Vec::new();
        }
        match target {
            Some(Target::Page(page)) => self.page = page,
            Some(Target::Row(place)) => self.click_row(place),
            Some(Target::MenuEntry(_)) | None => {}
        }
        Vec::new()
    }

    /// Selects a row; a click on the selected one opens its session.
    fn click_row(&mut self, place: usize) {
        match self.page {
            Page::Now => self.now_cursor.select(place),
            Page::Sessions if self.sessions.cursor.selected() == Some(place) => self.sessions.open_selected(),
            Page::Sessions => self.sessions.move_in_list(|list| list.select(place)),
            Page::Blocks => self.blocks.cursor.select(place),
            Page::History => self.history.cursor.select(place),
        }
    }
}
