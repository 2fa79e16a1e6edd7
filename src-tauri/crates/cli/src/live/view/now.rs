//! The page *Now*: what leads, the limits, the burn rate, today and the sessions at work.
//!
//! Parts are stacked by importance; what does not fit is left out from the bottom, and never cut in its middle.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use token_monitor_core::report::model::AgentState;
use token_monitor_core::text::format::format_compact;

use crate::live::app::App;
use crate::live::hit_map::Target;
use crate::live::session_row::{SessionRow, current_rows};
use crate::live::theme::Role;
use crate::live::view::big_figure::big_figure;
use crate::live::view::burn_rate::{burn_chart, burn_groups};
use crate::live::view::kinds::{kind_bars, kind_groups, kind_rows};
use crate::live::view::lead::Lead;
use crate::live::view::limits::limit_rows;
use crate::live::view::scene::{Scene, fit_line, join_groups, spread};
use crate::live::view::screen_size::ScreenSize;
use crate::live::view::session_cells::{cache_text, context_spans, last_used, state_sign, state_words};
use crate::live::view::text::{cells, fit_middle, pad_end, pad_start};
use crate::live::view::today::{comparison_group, period_line, period_rows, today_groups};

/// The least width at which a session shows its context and its cache.
const MIN_CELLS_FOR_CONTEXT: usize = 56;

/// The cells of a session's figures.
const CONTEXT_CELLS: usize = 12;
const CACHE_CELLS: usize = 7;
const TOKENS_CELLS: usize = 8;
const USED_CELLS: usize = 5;

/// The space between two columns.
const COLUMN_GAP: u16 = 3;

/// The least and the most cells of the right column.
const MIN_RIGHT_CELLS: u16 = 44;
const MAX_RIGHT_CELLS: u16 = 64;

/// Draws the page.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>, size: ScreenSize) {
    match size {
        ScreenSize::Wide => draw_wide(buffer, area, app, scene),
        ScreenSize::Normal => draw_normal(buffer, area, app, scene),
        ScreenSize::Small | ScreenSize::Line => draw_small(buffer, area, app, scene),
    }
}

fn draw_wide(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    let right_width = (area.width * 2 / 5).clamp(MIN_RIGHT_CELLS, MAX_RIGHT_CELLS);
    let left = Rect { width: area.width - right_width - COLUMN_GAP, ..area };
    let right = Rect { x: left.right() + COLUMN_GAP, width: right_width, ..area };
    let used_left = stack(buffer, left, wide_limit_parts(scene, left));
    let used_right = stack(buffer, right, wide_usage_parts(scene, usize::from(right.width)));
    let used = used_left.max(used_right);
    let rest = Rect { y: area.y + used, height: area.height - used, ..area };
    let count = current_rows(scene.snapshot).len() as u16;
    let lines = if rest.height > count * 2 { 2 } else { 1 };
    draw_sessions(buffer, rest, app, scene, lines);
}

/// Returns the parts of the left column: what leads, the limits and the burn rate.
fn wide_limit_parts(scene: &Scene<'_>, area: Rect) -> Vec<Vec<Line<'static>>> {
    let width = usize::from(area.width);
    let mut burn = vec![join_groups(scene, burn_groups(scene), width)];
    burn.extend(burn_chart(scene, width, usize::from(area.height / 6).clamp(4, 9)));
    vec![
        lead_lines(scene, width, true),
        with_heading(scene, "Limits", Vec::new(), limit_rows(scene, width), width),
        with_heading(scene, "Burn rate", Vec::new(), burn, width),
    ]
}

/// Returns the parts of the right column: today by kind, and other periods.
fn wide_usage_parts(scene: &Scene<'_>, width: usize) -> Vec<Vec<Line<'static>>> {
    let totals = &scene.snapshot.today.totals;
    let mut today = vec![join_groups(scene, today_groups(scene), width)];
    today.push(fit_line(Line::from(comparison_group(scene)), width));
    today.push(Line::default());
    today.extend(kind_bars(scene, totals, width));
    today.extend(kind_rows(scene, totals, width));
    vec![
        with_heading(scene, "Today", Vec::new(), today, width),
        with_heading(scene, "Other periods", Vec::new(), period_rows(scene, width), width),
    ]
}

fn draw_normal(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    let width = usize::from(area.width);
    let chart_rows = match area.height {
        30.. => 3,
        26..30 => 2,
        _ => 1,
    };
    let is_tall = area.height >= 20;
    let mut parts = vec![lead_lines(scene, width, is_tall)];
    parts.push(with_heading(scene, "Limits", Vec::new(), limit_rows(scene, width), width));
    parts.push(with_heading(
        scene,
        "Burn rate",
        flat_groups(scene, burn_groups(scene)),
        burn_chart(scene, width, chart_rows),
        width,
    ));
    let totals = &scene.snapshot.today.totals;
    let mut today = kind_bars(scene, totals, width);
    today.push(join_groups(scene, kind_groups(scene, totals), width));
    if area.height >= 24 {
        today.push(period_line(scene, width));
    }
    let today_words = today_groups(scene).into_iter().chain([comparison_group(scene)]).collect();
    parts.push(with_heading(scene, "Today", flat_groups(scene, today_words), today, width));
    let is_dense = area.height < 26;
    let used = if is_dense { stack_dense(buffer, area, parts) } else { stack(buffer, area, parts) };
    let rest = Rect { y: area.y + used, height: area.height - used, ..area };
    draw_sessions(buffer, rest, app, scene, 1);
}

fn draw_small(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    let width = usize::from(area.width);
    let lead = lead_lines(scene, width, false);
    let burn = label_line(scene, "Burn rate", burn_groups(scene), width);
    let today = label_line(scene, "Today", today_groups(scene), width);
    let limits = limit_rows(scene, width);
    let used = stack_dense(buffer, area, vec![lead, vec![burn], vec![today], limits]);
    let rest = Rect { y: area.y + used, height: area.height - used, ..area };
    draw_session_rows(buffer, rest, app, scene, 1);
}

/// Returns the leading figure, its bar, and what stands beside it.
fn lead_lines(scene: &Scene<'_>, width: usize, is_large: bool) -> Vec<Line<'static>> {
    let lead = Lead::of(scene);
    let beside: Vec<Vec<Span<'static>>> =
        lead.beside.iter().map(|(role, text)| vec![scene.span(*role, text.clone())]).collect();
    let rows =
        big_figure(&lead.figure).filter(|rows| is_large && !lead.figure.is_empty() && cells(&rows[0]) + 24 <= width);
    let mut lines: Vec<Line<'static>> = match rows {
        Some(rows) => large_lead(scene, &lead, rows, beside, width),
        None => {
            let figure = [lead.figure.as_str(), lead.unit.as_str()].join(" ");
            let mut groups = vec![vec![scene.span(lead.role, figure.trim().to_owned())]];
            groups.extend(beside);
            wrap_groups(scene, groups, width)
        }
    };
    lines.extend(lead.gauge.map(|gauge| Line::from(gauge.spans(scene, width))));
    lines
}

/// Returns the figure in three rows; beside it its unit, and below that the most important words.
fn large_lead(
    scene: &Scene<'_>,
    lead: &Lead,
    rows: [String; 3],
    beside: Vec<Vec<Span<'static>>>,
    width: usize,
) -> Vec<Line<'static>> {
    let room = width.saturating_sub(cells(&rows[0]) + 3);
    let unit = scene.line(Role::Strong, lead.unit.clone());
    let mut words = vec![unit];
    words.extend(wrap_groups(scene, beside, room));
    // The unit stands in the middle row while there is one line of words, otherwise at the top.
    let offset = usize::from(words.len() < 3);
    let mut lines: Vec<Line<'static>> =
        rows.into_iter().map(|row| scene.line(lead.role, format!("{row}   "))).collect();
    for (place, line) in words.into_iter().enumerate() {
        if let Some(row) = lines.get_mut(place + offset) {
            row.spans.extend(line.spans);
        }
    }
    lines.into_iter().map(|line| fit_line(line, width)).collect()
}

/// Joins groups by ` · `, on as many lines as they need, at most two.
fn wrap_groups(scene: &Scene<'_>, groups: Vec<Vec<Span<'static>>>, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Vec<Vec<Span<'static>>>> = vec![Vec::new()];
    let mut used = 0;
    for group in groups {
        let length: usize = group.iter().map(|span| cells(&span.content)).sum::<usize>() + 3;
        if used > 0 && used + length > width + 3 && lines.len() < 2 {
            lines.push(Vec::new());
            used = 0;
        }
        used += length;
        if let Some(line) = lines.last_mut() {
            line.push(group);
        }
    }
    lines.into_iter().map(|groups| join_groups(scene, groups, width)).collect()
}

fn label_line(scene: &Scene<'_>, label: &str, groups: Vec<Vec<Span<'static>>>, width: usize) -> Line<'static> {
    let mut spans = vec![scene.span(Role::Dim, format!("{} ", pad_end(label, 9)))];
    spans.extend(join_groups(scene, groups, width.saturating_sub(10)).spans);
    Line::from(spans)
}

fn flat_groups(scene: &Scene<'_>, groups: Vec<Vec<Span<'static>>>) -> Vec<Span<'static>> {
    join_groups(scene, groups, usize::from(u16::MAX)).spans
}

fn with_heading(
    scene: &Scene<'_>,
    name: &str,
    after: Vec<Span<'static>>,
    lines: Vec<Line<'static>>,
    width: usize,
) -> Vec<Line<'static>> {
    if lines.is_empty() {
        return Vec::new();
    }
    let mut part = vec![scene.heading(name, after, width)];
    part.extend(lines);
    part
}

/// Draws parts one below the other with an empty line between them, and returns the rows used, the last empty line
/// included. A part that does not fit is left out.
fn stack(buffer: &mut Buffer, area: Rect, parts: Vec<Vec<Line<'static>>>) -> u16 {
    stack_with_gap(buffer, area, parts, 1)
}

fn stack_dense(buffer: &mut Buffer, area: Rect, parts: Vec<Vec<Line<'static>>>) -> u16 {
    stack_with_gap(buffer, area, parts, 0)
}

fn stack_with_gap(buffer: &mut Buffer, area: Rect, parts: Vec<Vec<Line<'static>>>, gap: u16) -> u16 {
    let mut used = 0;
    for (place, part) in parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        let height = u16::try_from(part.len()).unwrap_or(u16::MAX);
        let fits = used + height <= area.height;
        // The lead is shown as far as there is room: it is the one part that is never left out.
        if !fits && place > 0 {
            continue;
        }
        for (row, line) in (0..area.height.saturating_sub(used)).zip(part) {
            buffer.set_line(area.x, area.y + used + row, &line, area.width);
        }
        used = (used + height + gap).min(area.height);
    }
    used
}

/// Draws the sessions with their heading, one or two lines each.
fn draw_sessions(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>, lines: u16) {
    if area.height < 1 + lines {
        app.now_cursor.set_rows(0);
        return;
    }
    let counts = agent_counts(scene);
    let name = if counts.is_empty() { "Recent sessions" } else { "Sessions" };
    let after = join_groups(scene, counts, usize::from(area.width)).spans;
    let heading = sessions_heading(scene, name, after, usize::from(area.width));
    buffer.set_line(area.x, area.y, &heading, area.width);
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    draw_session_rows(buffer, rest, app, scene, lines);
}

/// Returns the heading of the sessions, with the titles of their figures where there is room.
fn sessions_heading(scene: &Scene<'_>, name: &str, after: Vec<Span<'static>>, width: usize) -> Line<'static> {
    if width < MIN_CELLS_FOR_CONTEXT {
        return scene.heading(name, after, width);
    }
    let titles = [("context", CONTEXT_CELLS), ("cache", CACHE_CELLS), ("tokens", TOKENS_CELLS), ("used", USED_CELLS)];
    let titles: String = titles.into_iter().map(|(title, cells)| pad_start(title, cells)).collect();
    let mut heading = scene.heading(name, after, width - cells(&titles));
    heading.spans.push(scene.span(Role::Dim, titles));
    heading
}

/// Returns the number of running sessions in each state, without states that have none.
fn agent_counts(scene: &Scene<'_>) -> Vec<Vec<Span<'static>>> {
    let count = |state| scene.snapshot.agents.iter().filter(|agent| agent.status.state == state).count();
    let states = [AgentState::Waiting, AgentState::Busy, AgentState::Idle].map(|state| (state, count(state)));
    let phrase = |(state, count): (AgentState, usize)| match (state, count) {
        (_, 0) => None,
        (AgentState::Waiting, 1) => Some(scene.span(Role::Waiting, "1 waits for you")),
        (AgentState::Waiting, count) => Some(scene.span(Role::Waiting, format!("{count} wait for you"))),
        (AgentState::Busy, count) => Some(scene.span(Role::Text, format!("{count} busy"))),
        (AgentState::Idle, count) => Some(scene.span(Role::Dim, format!("{count} idle"))),
    };
    states.into_iter().filter_map(phrase).map(|span| vec![span]).collect()
}

fn draw_session_rows(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>, lines: u16) {
    let rows = current_rows(scene.snapshot);
    app.now_cursor.set_rows(usize::from(area.height / lines));
    if rows.is_empty() && area.height > 0 {
        buffer.set_line(area.x, area.y, &scene.line(Role::Dim, "no sessions yet"), area.width);
    }
    for (line, place) in app.now_cursor.visible().enumerate() {
        let Some(row) = rows.get(place) else { break };
        let y = area.y + line as u16 * lines;
        let is_selected = app.now_cursor.selected() == Some(place);
        let drawn = session_lines(scene, row, usize::from(area.width), is_selected);
        for (offset, line) in (0..lines).zip(&drawn) {
            buffer.set_line(area.x, y + offset, line, area.width);
        }
        app.hits.add(Rect { y, height: lines, ..area }, Target::Row(place));
    }
}

/// Returns a session in two lines: its name and figures, and below them its project and state.
fn session_lines(scene: &Scene<'_>, row: &SessionRow, width: usize, is_selected: bool) -> [Line<'static>; 2] {
    let (sign, role) = state_sign(row);
    let right = row_figures(scene, row, width);
    let right_width: usize = right.iter().map(|span| cells(&span.content)).sum();
    let name_width = width.saturating_sub(right_width + 4);
    let pointer = if is_selected { "›" } else { " " };
    let name_role = if is_selected { Role::Strong } else { Role::Text };
    let left = vec![
        scene.span(Role::Accent, pointer),
        scene.span(role, format!("{sign} ")),
        scene.span(name_role, fit_middle(&row.name, name_width)),
    ];
    let words = [row.project.clone(), row.model.clone(), state_words(row, scene.now)];
    let words = words.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let second = scene.line(Role::Dim, format!("   {words}"));
    [spread(left, right, width), fit_line(second, width)]
}

/// Returns the figures at the right of a session: context, cache, tokens and the time since it was used.
fn row_figures(scene: &Scene<'_>, row: &SessionRow, width: usize) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let has_context = width >= MIN_CELLS_FOR_CONTEXT;
    if has_context {
        let context = context_spans(scene, row);
        let used: usize = context.iter().map(|span| cells(&span.content)).sum();
        spans.push(Span::raw(" ".repeat(CONTEXT_CELLS.saturating_sub(used))));
        spans.extend(context);
        let (role, cache) = cache_text(row, scene.now).unwrap_or((Role::Dim, String::new()));
        spans.push(scene.span(role, pad_start(&cache, CACHE_CELLS)));
    }
    match row.usage {
        Some(usage) => {
            spans.push(scene.span(Role::Text, pad_start(&format_compact(usage.tokens), TOKENS_CELLS)));
            spans.push(scene.span(Role::Dim, pad_start(&last_used(usage.last_activity, scene.now), USED_CELLS)));
        }
        None if has_context => spans.push(Span::raw(" ".repeat(TOKENS_CELLS + USED_CELLS))),
        None => {}
    }
    spans
}
