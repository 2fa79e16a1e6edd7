//! The help and the menus, drawn above a page.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::live::app::App;
use crate::live::app::keys::HELP;
use crate::live::app::overlay::{Menu, Overlay};
use crate::live::hit_map::Target;
use crate::live::theme::Role;
use crate::live::view::scene::{Scene, fit_line};
use crate::live::view::sessions::highlight;
use crate::live::view::text::{cells, pad_end};

/// The cells of the keys in the help.
const KEY_CELLS: usize = 15;

/// What the signs mean, below the keys.
const SIGNS: [(&str, &str); 5] = [
    ("✓  ~  no sign", "from Claude Code; an estimate or forecast; measured from the logs"),
    ("▲  ●  ○", "a session that waits for you, is busy, or is idle"),
    ("█ ▓ ▒ ─  │", "used, surely used by the reset, maybe, left; where an even pace would be"),
    ("+  ≥", "without tokens whose price is unknown; a lower bound"),
    ("$", "API-equivalent: list prices of the same calls, not a bill"),
];

/// Draws what lies above the page.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    match app.overlay.clone() {
        Overlay::None | Overlay::Prompt(_) => {}
        Overlay::Help(top) => draw_help(buffer, area, top, scene),
        Overlay::Menu(menu) => draw_menu(buffer, area, &menu, app, scene),
    }
}

fn draw_help(buffer: &mut Buffer, area: Rect, top: usize, scene: &Scene<'_>) {
    let lines = help_lines(scene, usize::from(area.width));
    let box_area = centered(area, 92, lines.len() as u16 + 2);
    let inner = draw_box(buffer, box_area, "Keys", scene);
    let top = top.min(lines.len().saturating_sub(usize::from(inner.height)));
    for (row, line) in (0..inner.height).zip(lines.into_iter().skip(top)) {
        buffer.set_line(inner.x, inner.y + row, &fit_line(line, usize::from(inner.width)), inner.width);
    }
}

fn help_lines(scene: &Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let row = |keys: &str, text: &str| {
        let key_cells = KEY_CELLS.min(width / 3);
        Line::from(vec![scene.span(Role::Key, pad_end(keys, key_cells)), scene.span(Role::Text, format!(" {text}"))])
    };
    let page_names = |pages: &[crate::live::app::page::Page]| match pages.len() {
        4 => String::new(),
        _ => format!(" ({})", pages.iter().map(|page| page.title()).collect::<Vec<_>>().join(", ")),
    };
    let keys = HELP.iter().map(|entry| row(entry.keys, &format!("{}{}", entry.text, page_names(entry.pages))));
    let signs = SIGNS.iter().map(|(sign, text)| row(sign, text));
    keys.chain([Line::default()]).chain(signs).collect()
}

fn draw_menu(buffer: &mut Buffer, area: Rect, menu: &Menu, app: &mut App, scene: &Scene<'_>) {
    let width = menu.entries.iter().map(|(text, _)| cells(text)).max().unwrap_or_default() as u16 + 8;
    let inner = draw_box(buffer, centered(area, width, menu.entries.len() as u16 + 2), menu.title, scene);
    for (row, (place, (text, _))) in (0..inner.height).zip(menu.entries.iter().enumerate()) {
        let line_area = Rect { y: inner.y + row, height: 1, ..inner };
        let line = Line::from(vec![
            scene.span(Role::Key, format!("{} ", place + 1)),
            scene.span(Role::Text, pad_end(text, usize::from(inner.width).saturating_sub(2))),
        ]);
        buffer.set_line(line_area.x, line_area.y, &line, line_area.width);
        if place == menu.selected {
            highlight(buffer, line_area, scene);
        }
        app.hits.add(line_area, Target::MenuEntry(place));
    }
}

/// Returns an area of at most this size in the middle of another.
fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// Clears an area, draws a frame where there is room for one, and returns the inside.
fn draw_box(buffer: &mut Buffer, area: Rect, title: &str, scene: &Scene<'_>) -> Rect {
    for position in area.positions() {
        if let Some(cell) = buffer.cell_mut(position) {
            cell.reset();
        }
    }
    if area.width < 12 || area.height < 4 {
        return area;
    }
    let side = usize::from(area.width) - 2;
    let top = format!("╭─ {title} {}╮", "─".repeat(side.saturating_sub(cells(title) + 3)));
    let bottom = format!("╰{}╯", "─".repeat(side));
    buffer.set_line(area.x, area.y, &scene.line(Role::Track, top), area.width);
    buffer.set_line(area.x, area.bottom() - 1, &scene.line(Role::Track, bottom), area.width);
    for y in area.y + 1..area.bottom() - 1 {
        for x in [area.x, area.right() - 1] {
            buffer.set_line(x, y, &scene.line(Role::Track, "│"), 1);
        }
    }
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}
