//! The page *Sessions*: the list, and beside or instead of it the opened session.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use token_monitor_core::text::format::{format_compact, format_count, format_dollars, format_number};
use token_monitor_core::text::sanitize::sanitize_name;

use crate::live::app::App;
use crate::live::app::sessions_page::sort_name;
use crate::live::hit_map::Target;
use crate::live::session_row::SessionRow;
use crate::live::theme::Role;
use crate::live::view::scene::{Scene, spread};
use crate::live::view::screen_size::ScreenSize;
use crate::live::view::session_cells::{cache_text, context_spans, last_used, state_sign};
use crate::live::view::session_detail;
use crate::live::view::table::{Column, TableLayout};
use crate::live::view::text::{cells, fit_middle};

/// The columns of the list, in their order on the screen.
const COLUMNS: &[Column] = &[
    Column::text("", 1, 0),
    Column::growing("Name", 24, 60, 0),
    Column::growing("Project", 10, 20, 5),
    Column::growing("Branch", 10, 18, 9),
    Column::growing("Model", 10, 22, 8),
    Column::text("Context", 11, 3),
    Column::number("Cache", 6, 4),
    Column::number("Tok/min", 7, 7),
    Column::number("Tokens", 7, 1),
    Column::number("Cost", 10, 6),
    Column::number("Used", 5, 2),
];

/// The least rows for a list above an opened session.
const MIN_SPLIT_ROWS: u16 = 26;

/// Draws the page.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>, size: ScreenSize) {
    if app.sessions.detail.is_none() {
        return draw_list(buffer, area, app, scene);
    }
    match size {
        ScreenSize::Wide if area.height >= MIN_SPLIT_ROWS => {
            let list = Rect { height: area.height / 3, ..area };
            draw_list(buffer, list, app, scene);
            let detail = Rect { y: list.bottom() + 1, height: area.height - list.height - 1, ..area };
            session_detail::draw(buffer, detail, app, scene);
        }
        ScreenSize::Wide | ScreenSize::Normal | ScreenSize::Small | ScreenSize::Line => {
            session_detail::draw(buffer, area, app, scene);
        }
    }
}

fn draw_list(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    let width = usize::from(area.width);
    let is_low = area.height < 8;
    let head = if is_low { 1 } else { 2 };
    app.sessions.cursor.set_rows(usize::from(area.height.saturating_sub(head)));
    let layout = TableLayout::fit(COLUMNS, width);
    if !is_low {
        buffer.set_line(area.x, area.y, &summary_line(app, scene, width), area.width);
    }
    let header = area.y + head - 1;
    buffer.set_line(area.x, header, &layout.header(scene), area.width);
    for (line, place) in app.sessions.cursor.visible().enumerate() {
        let y = header + 1 + line as u16;
        if y >= area.bottom() {
            break;
        }
        let Some(row) = app.sessions.row(place).map(SessionRow::from) else { continue };
        let drawn = layout.line(cells_of(scene, &row, &layout));
        buffer.set_line(area.x, y, &drawn, area.width);
        let row_area = Rect { y, height: 1, ..area };
        if app.sessions.cursor.selected() == Some(place) {
            highlight(buffer, row_area, scene);
        }
        app.hits.add(row_area, Target::Row(place));
    }
    if app.sessions.cursor.count() == 0 && area.height > head {
        buffer.set_line(area.x, header + 1, &empty_line(app, scene), area.width);
    }
}

/// Shows a row as selected: reversed as a whole, because parts in other colors would be hard to read.
pub(crate) fn highlight(buffer: &mut Buffer, area: Rect, scene: &Scene<'_>) {
    let selected = scene.theme.style(Role::Selected);
    buffer.set_style(area, Style::reset());
    buffer.set_style(area, selected.remove_modifier(Modifier::DIM));
}

fn summary_line(app: &App, scene: &Scene<'_>, width: usize) -> Line<'static> {
    let page = &app.sessions;
    let count = page.cursor.count();
    let mut left = vec![scene.span(Role::Heading, format_count(count as u128, "session", "sessions"))];
    if !page.search.is_empty() {
        left.push(scene.span(Role::Accent, format!("  matching “{}”", sanitize_name(&page.search, 40))));
    }
    let older = page.list.result.as_ref().map_or(0, |result| result.older_count);
    if older > 0 && page.search.is_empty() {
        left.push(scene.span(Role::Dim, format!("  {} older: a shows them", format_number(older.into()))));
    }
    if let Some(error) = &page.list.error {
        left.push(scene.span(Role::Problem, format!("  {error}")));
    }
    let all = if page.includes_all { "all, " } else { "" };
    let right = vec![scene.span(Role::Dim, format!("{all}by {}", sort_name(page.sort)))];
    spread(left, right, width)
}

fn empty_line(app: &App, scene: &Scene<'_>) -> Line<'static> {
    let page = &app.sessions;
    let older = page.list.result.as_ref().map(|result| result.older_count);
    let text = match (&page.list.error, older, page.search.is_empty()) {
        (Some(error), ..) => return scene.line(Role::Problem, error.clone()),
        (None, None, _) => "Reading the sessions…",
        (None, Some(0), true) => "No sessions yet. Use Claude Code once, and its session appears here.",
        (None, Some(_), true) => "No session was used lately. a shows the older ones.",
        (None, Some(_), false) => "No session matches. Esc ends the search.",
    };
    scene.line(Role::Dim, text)
}

fn cells_of(scene: &Scene<'_>, row: &SessionRow, layout: &TableLayout) -> Vec<Vec<Span<'static>>> {
    let (sign, role) = state_sign(row);
    let text = |title: &str, text: &Option<String>| {
        let width = layout.width_of(title).unwrap_or_default();
        vec![scene.span(Role::Dim, fit_middle(text.as_deref().unwrap_or_default(), width))]
    };
    let (cache_role, cache) = cache_text(row, scene.now).unwrap_or((Role::Dim, String::new()));
    let number = |role, text: Option<String>| vec![scene.span(role, text.unwrap_or_default())];
    let usage = row.usage;
    let burn = usage.filter(|usage| usage.burn_rate > 0).map(|usage| format_compact(usage.burn_rate.into()));
    vec![
        vec![scene.span(role, sign)],
        name_cell(scene, row, layout.width_of("Name").unwrap_or_default()),
        text("Project", &row.project),
        text("Branch", &row.branch),
        text("Model", &row.model),
        context_spans(scene, row),
        number(cache_role, Some(cache)),
        number(Role::Text, burn),
        number(Role::Text, usage.map(|usage| format_compact(usage.tokens))),
        number(Role::Text, usage.map(|usage| row_cost(usage.cost, usage.is_partly_unpriced))),
        number(Role::Dim, usage.map(|usage| last_used(usage.last_activity, scene.now))),
    ]
}

/// Formats a cost; `+` marks tokens without a price that it does not include.
pub(crate) fn row_cost(cost: Option<f64>, is_partly_unpriced: bool) -> String {
    let plus = if is_partly_unpriced { "+" } else { "" };
    cost.map_or_else(|| "unpriced".to_owned(), |cost| format!("{}{plus}", format_dollars(cost)))
}

/// Returns the name, and what the user decided about the session while there is room for both.
fn name_cell(scene: &Scene<'_>, row: &SessionRow, width: usize) -> Vec<Span<'static>> {
    let marks = if row.marks.is_empty() { String::new() } else { format!(" {}", row.marks.join(" ")) };
    if cells(&row.name) + marks.len() > width {
        return vec![scene.span(Role::Text, fit_middle(&row.name, width))];
    }
    vec![scene.span(Role::Text, row.name.clone()), scene.span(Role::Dim, marks)]
}
