//! Sanitizes the texts of a view before they leave the program.
//!
//! A tooltip or menu can contain names from files of other programs. A NUL cannot be sent over D-Bus at all: the bus closes
//! the connection of a process that tries.

use token_monitor_core::text::sanitize::sanitize_layout;

use crate::menu::MenuItem;
use crate::tooltip::Tooltip;
use crate::view::TrayView;

impl TrayView {
    /// Removes invisible characters and line breaks from all texts.
    #[must_use]
    pub fn sanitized(self) -> Self {
        let Self { label, tooltip: Tooltip { title, lines }, menu, icon, is_popover_open } = self;
        let lines = lines.iter().map(|line| sanitize_layout(line)).collect();
        Self {
            label: sanitize_layout(&label),
            tooltip: Tooltip { title: sanitize_layout(&title), lines },
            menu: menu.into_iter().map(sanitize_item).collect(),
            icon,
            is_popover_open,
        }
    }
}

fn sanitize_item(item: MenuItem) -> MenuItem {
    match item {
        MenuItem::Label(text) => MenuItem::Label(sanitize_layout(&text)),
        MenuItem::Figure(text, action) => MenuItem::Figure(sanitize_layout(&text), action),
        MenuItem::Submenu(text, items) => {
            MenuItem::Submenu(sanitize_layout(&text), items.into_iter().map(sanitize_item).collect())
        }
        MenuItem::Separator | MenuItem::Action(_) => item,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::MenuAction;
    use crate::test_support::snapshot;
    use crate::view::{TrayContext, build_view};

    #[test]
    fn no_text_of_a_view_has_invisible_characters() {
        let mut view = build_view(&snapshot(), &TrayContext::default());
        let text = "a\u{0}b\u{1b}[2J\u{202e}c\nd";
        view.label = text.to_owned();
        view.tooltip = Tooltip { title: text.to_owned(), lines: vec![text.to_owned()] };
        view.menu = vec![
            MenuItem::Label(text.to_owned()),
            MenuItem::Figure(text.to_owned(), MenuAction::Open),
            MenuItem::Submenu(text.to_owned(), vec![MenuItem::Label(text.to_owned())]),
        ];
        let clean = "ab[2Jc d".to_owned();
        let view = view.sanitized();
        assert_eq!(
            (view.label, view.tooltip.title, view.tooltip.lines),
            (clean.clone(), clean.clone(), vec![clean.clone()])
        );
        let label = MenuItem::Label(clean.clone());
        let figure = MenuItem::Figure(clean.clone(), MenuAction::Open);
        assert_eq!(view.menu, vec![label.clone(), figure, MenuItem::Submenu(clean, vec![label])]);
    }
}
