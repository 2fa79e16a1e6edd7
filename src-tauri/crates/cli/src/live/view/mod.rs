//! Draws the live view into a buffer of cells. Pure: the state, the time and the size decide every cell.

mod ascii;
mod big_figure;
mod blocks;
mod burn_rate;
mod chrome;
mod column_chart;
mod gauge;
mod heatmap;
mod history;
mod history_bins;
mod kinds;
pub(crate) mod lead;
mod limits;
mod now;
mod one_line;
mod overlays;
pub(crate) mod scene;
mod screen_size;
mod session_cells;
mod session_detail;
mod sessions;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod today;

pub(crate) use history::part_name;
pub(crate) use session_cells::{cache_text, state_words};

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use token_monitor_core::text::format::ViewerZone;

use crate::live::app::App;
use crate::live::app::page::Page;
use crate::live::hit_map::HitMap;
use crate::live::theme::ColorTheme;
use crate::live::view::scene::Scene;
use crate::live::view::screen_size::ScreenSize;

/// The rows from which an empty line below the tabs and one above the keys are worth their room.
const ROWS_WITH_AIR: u16 = 30;

/// Draws everything. Sets the number of visible rows and the places for the mouse in the state, and returns the position
/// of the cursor while a text is typed.
pub(crate) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    app: &mut App,
    now: DateTime<Utc>,
    is_ascii: bool,
) -> Option<Position> {
    app.hits = HitMap::default();
    let snapshot = app.shared_snapshot();
    let scene = Scene {
        snapshot: &snapshot,
        now: app.shown_time(now),
        zone: ViewerZone::from_name(&snapshot.zone),
        theme: ColorTheme { name: app.theme },
    };
    let size = ScreenSize::of(area.width, area.height);
    let cursor = match size {
        ScreenSize::Line => one_line::draw(buffer, area, app, &scene),
        ScreenSize::Wide | ScreenSize::Normal | ScreenSize::Small => draw_framed(buffer, area, app, &scene, size),
    };
    if size != ScreenSize::Line {
        overlays::draw(buffer, area, app, &scene);
    }
    if is_ascii {
        ascii::replace_by_ascii(buffer);
    }
    cursor.map(Position::from)
}

fn draw_framed(
    buffer: &mut Buffer,
    area: Rect,
    app: &mut App,
    scene: &Scene<'_>,
    size: ScreenSize,
) -> Option<(u16, u16)> {
    let margin = u16::from(size != ScreenSize::Small);
    let inner = Rect { x: area.x + margin, width: area.width - 2 * margin, ..area };
    chrome::draw_tabs(buffer, Rect { height: 1, ..inner }, app, scene);
    let mut top = inner.y + 1 + u16::from(area.height >= ROWS_WITH_AIR);
    for line in chrome::banner_lines(app, scene, usize::from(inner.width)) {
        buffer.set_line(inner.x, top, &line, inner.width);
        top += 1;
    }
    // A small screen shows the keys only while there is something to say below.
    let has_bottom = size != ScreenSize::Small || app.notice.is_some() || app.overlay.takes_last_line();
    let bottom = area.bottom() - u16::from(has_bottom);
    let air = u16::from(area.height >= ROWS_WITH_AIR);
    let page = Rect { y: top, height: bottom.saturating_sub(top + air), ..inner };
    match app.page {
        Page::Now => now::draw(buffer, page, app, scene, size),
        Page::Sessions => sessions::draw(buffer, page, app, scene, size),
        Page::Blocks => blocks::draw(buffer, page, app, scene),
        Page::History => history::draw(buffer, page, app, scene),
    }
    let last = Rect { y: bottom, height: 1, ..inner };
    has_bottom.then(|| chrome::draw_bottom(buffer, last, app, scene)).flatten()
}
