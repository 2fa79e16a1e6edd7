//! The page *History*: columns of days, weeks or months, the year as a map, and what the usage was for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use token_monitor_core::report::model::{History, HistoryBy, HistoryPart};
use token_monitor_core::text::format::{format_compact, format_count, format_dollars};
use token_monitor_core::text::sanitize::sanitize_name;

use crate::live::app::past_pages::{HistoryRange, split_name};
use crate::live::app::{App, Measure};
use crate::live::hit_map::Target;
use crate::live::session_row::{folder_name, short_model};
use crate::live::theme::{Role, SERIES_COLORS};
use crate::live::view::heatmap::{MAP_ROWS, heatmap_rows, legend};
use crate::live::view::history_bins::{Bin, bin_history, measured};
use crate::live::view::kinds::share_text;
use crate::live::view::scene::{Scene, fit_line, spread};
use crate::live::view::sessions::{highlight, row_cost};
use crate::live::view::text::{cells, fit_middle, pad_end, pad_start};
use crate::live::view::today::cost_text;

/// The parts of a cell, from an eighth to a whole.
const EIGHTHS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The most rows of the chart.
const MAX_CHART_ROWS: usize = 20;

/// The longest name of a part, in characters.
const MAX_NAME_CHARS: usize = 80;

/// Draws the page.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    let width = usize::from(area.width);
    let mut lines = vec![controls_line(app, scene, width)];
    let Some(history) = app.history.feed.result.as_ref() else {
        lines.push(match &app.history.feed.error {
            Some(error) => scene.line(Role::Problem, error.clone()),
            None => scene.line(Role::Dim, "Reading the history…"),
        });
        return put_lines(buffer, area, &lines);
    };
    if history.days.is_empty() {
        lines.push(scene.line(Role::Dim, "No usage in this range. ] chooses a longer one."));
        return put_lines(buffer, area, &lines);
    }
    lines.extend(totals_lines(scene, history, width));
    let room = usize::from(area.height).saturating_sub(lines.len());
    lines.extend(picture_lines(scene, history, app, width, room));
    put_lines(buffer, area, &lines);
    let head = (lines.len() as u16).min(area.height);
    draw_parts(buffer, Rect { y: area.y + head, height: area.height - head, ..area }, app, scene);
}

/// Returns the chart and, for a year, its map, as far as they fit beside the list.
fn picture_lines(scene: &Scene<'_>, history: &History, app: &App, width: usize, room: usize) -> Vec<Line<'static>> {
    let list_rows = history.parts.len().min(8) + 2;
    let map = (app.history.range == HistoryRange::Year && room >= MAP_ROWS + 12)
        .then(|| heatmap_rows(scene, history, app.measure, width))
        .flatten();
    let map_rows = map.as_ref().map_or(0, |rows| rows.len() + 2);
    let chart_height = room.saturating_sub(list_rows + map_rows + 2).min(MAX_CHART_ROWS);
    let mut lines = Vec::new();
    if chart_height >= 3 {
        lines.extend(chart_lines(scene, history, app.measure, width, chart_height - 1));
        lines.push(Line::default());
    }
    if let Some(rows) = map {
        lines.push(scene.heading("Year", legend(scene), width));
        lines.extend(rows);
        lines.push(Line::default());
    }
    lines
}

fn put_lines(buffer: &mut Buffer, area: Rect, lines: &[Line<'static>]) {
    for (row, line) in (0..area.height).zip(lines) {
        buffer.set_line(area.x, area.y + row, line, area.width);
    }
}

fn controls_line(app: &App, scene: &Scene<'_>, width: usize) -> Line<'static> {
    let range = |range: HistoryRange| {
        let is_chosen = range == app.history.range;
        let role = if is_chosen { Role::Accent } else { Role::Dim };
        let text = if is_chosen { format!("[{}]", range.name()) } else { format!(" {} ", range.name()) };
        scene.span(role, text)
    };
    let measure = match app.measure {
        Measure::Tokens => "tokens",
        Measure::Cost => "cost",
    };
    let left = HistoryRange::ALL.map(range).to_vec();
    spread(left, vec![scene.span(Role::Dim, format!("{}, {measure}", split_name(app.history.split)))], width)
}

fn totals_lines(scene: &Scene<'_>, history: &History, width: usize) -> Vec<Line<'static>> {
    let totals = &history.totals;
    let days = history.days.iter().filter(|day| day.amount.tokens > 0).count() as u128;
    let best = history.days.iter().max_by_key(|day| day.amount.tokens);
    let groups = vec![
        vec![scene.span(Role::Strong, format_compact(totals.total_tokens)), scene.span(Role::Text, " tokens")],
        vec![scene.span(Role::Text, cost_text(totals))],
        vec![scene.span(Role::Dim, format_count(days, "active day", "active days"))],
        vec![scene.span(Role::Dim, format!("{} a day", format_compact(totals.total_tokens / days.max(1))))],
        best.map(|day| {
            let date = day.date.format("%b %-d");
            scene.span(Role::Dim, format!("best day {date}, {}", format_compact(day.amount.tokens)))
        })
        .into_iter()
        .collect(),
    ];
    vec![crate::live::view::scene::join_groups(scene, groups, width), Line::default()]
}

/// Returns the columns, each divided into the largest parts, and the axis below them.
fn chart_lines(
    scene: &Scene<'_>,
    history: &History,
    measure: Measure,
    width: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let (unit, bins) = bin_history(history, measure, width);
    let step = (width / bins.len().max(1)).clamp(1, 8);
    let top = bins.iter().map(Bin::total).fold(0.0, f64::max);
    let row = |row: usize| {
        let cell = |bin: &Bin| {
            let (glyph, part) = stacked_cell(bin, top, height, row);
            let filled = step.saturating_sub(usize::from(step > 1));
            scene.span(Role::Series(part), format!("{}{}", glyph.repeat(filled), " ".repeat(step - filled)))
        };
        Line::from(bins.iter().map(cell).collect::<Vec<_>>())
    };
    let mut lines: Vec<_> = (0..height).rev().map(row).collect();
    let [first, last] = [bins.first(), bins.last()].map(|bin| bin.map_or(history.from, |bin| bin.first));
    let top_text = match measure {
        Measure::Tokens => format_compact(top as u128),
        Measure::Cost => format_dollars(top),
    };
    let left = format!("{}  {}, the highest {top_text}", first.format("%b %-d"), unit.phrase());
    let used = (bins.len() * step).max(cells(&left) + 10).min(width);
    let right = vec![scene.span(Role::Dim, last.format("%b %-d").to_string())];
    lines.push(spread(vec![scene.span(Role::Dim, left)], right, used));
    lines
}

/// Returns the glyph of a cell of a column, and the part that fills most of it. Row 0 is the lowest.
fn stacked_cell(bin: &Bin, top: f64, height: usize, row: usize) -> (&'static str, usize) {
    let total = bin.total();
    if total <= 0.0 || top <= 0.0 {
        return (" ", 0);
    }
    let eighths = ((total / top * (height * 8) as f64).round() as usize).max(1);
    let filled = eighths.saturating_sub(row * 8).min(8);
    if filled == 0 {
        return (" ", 0);
    }
    let middle = (row * 8) as f64 + filled as f64 / 2.0;
    let mut upper = 0.0;
    let part = bin.parts.iter().position(|part| {
        upper += part / total * eighths as f64;
        middle <= upper
    });
    (EIGHTHS[filled - 1], part.unwrap_or_default())
}

fn draw_parts(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    if area.height < 2 {
        app.history.cursor.set_rows(0);
        return;
    }
    let heading = scene.heading(split_name(app.history.split), Vec::new(), usize::from(area.width));
    buffer.set_line(area.x, area.y, &heading, area.width);
    app.history.cursor.set_rows(usize::from(area.height - 1));
    let Some(history) = &app.history.feed.result else { return };
    let total: f64 = history.parts.iter().map(|part| measured(part.amount, app.measure)).sum();
    let mut hits = Vec::new();
    for (line, place) in app.history.cursor.visible().enumerate() {
        let Some(part) = history.parts.get(place) else { break };
        let row_area = Rect { y: area.y + 1 + line as u16, height: 1, ..area };
        let drawn = part_line(scene, part, place, app, total, usize::from(area.width));
        buffer.set_line(area.x, row_area.y, &drawn, area.width);
        if app.history.cursor.selected() == Some(place) && history.parts.len() > usize::from(area.height - 1) {
            highlight(buffer, row_area, scene);
        }
        hits.push((row_area, Target::Row(place)));
    }
    hits.into_iter().for_each(|(area, target)| app.hits.add(area, target));
}

fn part_line(
    scene: &Scene<'_>,
    part: &HistoryPart,
    place: usize,
    app: &App,
    total: f64,
    width: usize,
) -> Line<'static> {
    let share = measured(part.amount, app.measure) / total.max(f64::MIN_POSITIVE);
    let share = share_text((share * 10_000.0) as u128, 10_000);
    let cost = row_cost(part.amount.cost, false);
    let figures = format!(
        "{}{}{}",
        pad_start(&format_compact(part.amount.tokens), 8),
        pad_start(&cost, 12),
        pad_start(&share, 6)
    );
    let name_width = width.saturating_sub(cells(&figures) + 3).min(60);
    let name = part_name(part, app.history.split);
    let swatch = if place < SERIES_COLORS { "█ " } else { "▪ " };
    let spans: Vec<Span<'static>> = vec![
        scene.span(Role::Series(place), swatch),
        scene.span(Role::Text, pad_end(&fit_middle(&name, name_width), name_width)),
        scene.span(Role::Text, figures),
    ];
    fit_line(Line::from(spans), width)
}

/// Returns the name of a part, as it is used in its list.
pub(crate) fn part_name(part: &HistoryPart, split: HistoryBy) -> String {
    let others = |singular: &str, plural: &str| match part.count {
        0 | 1 => None,
        count => Some(format_count(count.into(), &format!("other {singular}"), &format!("other {plural}"))),
    };
    match (&part.name, split) {
        (Some(name), HistoryBy::Model) => short_model(name),
        (Some(name), HistoryBy::Project) => folder_name(name),
        (Some(name), HistoryBy::Branch | HistoryBy::Tag | HistoryBy::PullRequest) => {
            sanitize_name(name, MAX_NAME_CHARS)
        }
        (None, HistoryBy::Model) => others("model", "models").unwrap_or_else(|| "no model".to_owned()),
        (None, HistoryBy::Project) => others("project", "projects").unwrap_or_else(|| "no project".to_owned()),
        (None, HistoryBy::Branch) => others("branch", "branches").unwrap_or_else(|| "no branch".to_owned()),
        (None, HistoryBy::Tag) => others("tag", "tags").unwrap_or_else(|| "no tag".to_owned()),
        (None, HistoryBy::PullRequest) => {
            others("pull request", "pull requests").unwrap_or_else(|| "no pull request".to_owned())
        }
    }
}
