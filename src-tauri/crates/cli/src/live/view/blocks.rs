//! The page *Blocks*: a column for each block, and the list of blocks and gaps.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::{BillingBlock, BlockHistory, Provenance};
use token_monitor_core::text::format::{format_clock, format_compact, format_duration, format_upcoming};

use crate::live::app::{App, Measure};
use crate::live::hit_map::Target;
use crate::live::theme::Role;
use crate::live::view::column_chart::chart_rows;
use crate::live::view::scene::{Scene, signed, spread};
use crate::live::view::sessions::{highlight, row_cost};
use crate::live::view::table::{Column, TableLayout};

/// The columns of the list.
const COLUMNS: &[Column] = &[
    Column::text("Block", 22, 0),
    Column::number("Tokens", 8, 0),
    Column::growing("", 8, 48, 2),
    Column::number("Cost", 10, 1),
    Column::number("Peak/min", 8, 4),
    Column::number("Messages", 8, 5),
    Column::text("Note", 14, 3),
];

/// The cells of a block's column in the chart, the space beside it included.
const CHART_STEP: usize = 3;

/// Draws the page.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    let chart_height = match area.height {
        28.. => 7,
        16..28 => 4,
        _ => 0,
    };
    let width = usize::from(area.width);
    let Some(history) = app.blocks.list.result.as_ref() else {
        let text = app.blocks.list.error.clone();
        let line =
            text.map_or_else(|| scene.line(Role::Dim, "Reading the blocks…"), |error| scene.line(Role::Problem, error));
        buffer.set_line(area.x, area.y, &line, area.width);
        return;
    };
    let mut lines = vec![summary_line(scene, history, width)];
    if chart_height > 0 {
        lines.extend(chart_lines(scene, history, app.measure, width, chart_height));
        lines.push(Line::default());
    }
    let head = lines.len() as u16;
    for (row, line) in (0..area.height).zip(&lines) {
        buffer.set_line(area.x, area.y + row, line, area.width);
    }
    let list = Rect { y: area.y + head.min(area.height), height: area.height.saturating_sub(head), ..area };
    draw_list(buffer, list, app, scene);
}

fn summary_line(scene: &Scene<'_>, history: &BlockHistory, width: usize) -> Line<'static> {
    let blocks = history.blocks.iter().filter(|block| !block.is_gap).count();
    if blocks == 0 {
        return scene.line(Role::Dim, "No blocks yet. The first starts with your next message to Claude Code.");
    }
    let mut words = Vec::new();
    if let Some(limit) = history.limit_tokens {
        words.push(format!("your limit {}", format_compact(limit.into())));
    }
    words.extend(history.p90_tokens.map(|tokens| format!("usual maximum {}", format_compact(tokens.into()))));
    words.extend(history.largest_tokens.map(|tokens| format!("largest {}", format_compact(tokens.into()))));
    let left = vec![scene.span(Role::Heading, "Five-hour blocks, latest first")];
    spread(left, vec![scene.span(Role::Dim, words.join(" · "))], width)
}

/// Returns the chart of the latest blocks, the current one at the left, as in the list.
fn chart_lines(
    scene: &Scene<'_>,
    history: &BlockHistory,
    measure: Measure,
    width: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let shown: Vec<_> = history.blocks.iter().filter(|block| !block.is_gap).take(width / CHART_STEP).collect();
    let value = |block: &BillingBlock| match measure {
        Measure::Tokens => block.tokens_used as f64,
        Measure::Cost => block.cost_usd.unwrap_or_default(),
    };
    let reference = match measure {
        Measure::Tokens => history.limit_tokens.or(history.p90_tokens).map_or(0.0, |tokens| tokens as f64),
        Measure::Cost => 0.0,
    };
    let values: Vec<f64> = shown.iter().map(|block| value(block)).collect();
    let rows = chart_rows(&values, reference, height);
    let styled = |row: String| {
        let cell = |(place, char): (usize, char)| {
            let role = shown.get(place).map_or(Role::Stale, |block| block_role(block, history));
            scene.span(role, format!("{}{}", char.to_string().repeat(CHART_STEP - 1), " "))
        };
        Line::from(row.chars().enumerate().map(cell).collect::<Vec<_>>())
    };
    rows.into_iter().map(styled).collect()
}

/// Returns the role of a block: above what is usual, the current one, or past.
fn block_role(block: &BillingBlock, history: &BlockHistory) -> Role {
    let is_above = |bound: Option<u64>| bound.is_some_and(|bound| block.tokens_used > u128::from(bound));
    match (block.is_active, is_above(history.limit_tokens), is_above(history.p90_tokens)) {
        (_, true, _) => Role::Level(LimitLevel::Over),
        (_, false, true) => Role::Level(LimitLevel::Busy),
        (true, false, false) => Role::Accent,
        (false, false, false) => Role::Stale,
    }
}

fn draw_list(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    app.blocks.cursor.set_rows(usize::from(area.height.saturating_sub(1)));
    let layout = TableLayout::fit(COLUMNS, usize::from(area.width));
    if area.height > 0 {
        buffer.set_line(area.x, area.y, &layout.header(scene), area.width);
    }
    let Some(history) = &app.blocks.list.result else { return };
    let top = history.blocks.iter().map(|block| block.tokens_used).max().unwrap_or_default();
    let mut hits = Vec::new();
    for (line, place) in app.blocks.cursor.visible().enumerate() {
        let row_area = Rect { y: area.y + 1 + line as u16, height: 1, ..area };
        let block = place.checked_sub(app.blocks.loaded_from()).and_then(|place| history.blocks.get(place));
        let (Some(block), true) = (block, row_area.y < area.bottom()) else { continue };
        let drawn = layout.line(cells_of(scene, block, history, &layout, top));
        buffer.set_line(area.x, row_area.y, &drawn, area.width);
        if app.blocks.cursor.selected() == Some(place) {
            // The bar beside it keeps its color.
            highlight(buffer, Rect { width: row_area.width.min(COLUMNS[0].width as u16), ..row_area }, scene);
        }
        hits.push((row_area, Target::Row(place)));
    }
    hits.into_iter().for_each(|(area, target)| app.hits.add(area, target));
}

fn cells_of(
    scene: &Scene<'_>,
    block: &BillingBlock,
    history: &BlockHistory,
    layout: &TableLayout,
    top: u128,
) -> Vec<Vec<Span<'static>>> {
    let period = format!(
        "{} – {}",
        format_upcoming(block.start_time, scene.now, scene.zone),
        format_clock(block.end_time, scene.zone)
    );
    if block.is_gap {
        return cells_of_gap(scene, block, period, layout);
    }
    let period = if block.label == Provenance::Estimated { signed(&period, block.label) } else { period };
    let width = layout.width_of("").unwrap_or_default();
    let filled = if top == 0 { 0 } else { (block.tokens_used as f64 / top as f64 * width as f64).ceil() as usize };
    let role = block_role(block, history);
    let peak = block.peak_tokens_per_minute.map_or(String::new(), |peak| format_compact(peak.into()));
    vec![
        vec![scene.span(Role::Text, period)],
        vec![scene.span(Role::Text, format_compact(block.tokens_used))],
        vec![scene.span(role, "█".repeat(filled.min(width)))],
        vec![scene.span(Role::Text, row_cost(block.cost_usd, block.unpriced_tokens > 0))],
        vec![scene.span(Role::Dim, peak)],
        vec![scene.span(Role::Dim, format_compact(block.message_count.into()))],
        vec![scene.span(Role::Dim, note(block, history))],
    ]
}

fn cells_of_gap(
    scene: &Scene<'_>,
    gap: &BillingBlock,
    period: String,
    layout: &TableLayout,
) -> Vec<Vec<Span<'static>>> {
    let length = format_duration(gap.end_time - gap.start_time);
    let long = format!("{length} without messages");
    let mut cells = vec![Vec::new(); COLUMNS.len()];
    cells[0] = vec![scene.span(Role::Dim, period)];
    match layout.width_of("") {
        Some(width) if long.len() <= width => cells[2] = vec![scene.span(Role::Dim, long)],
        Some(_) => cells[2] = vec![scene.span(Role::Dim, format!("{length} idle"))],
        None => cells[1] = vec![scene.span(Role::Dim, "idle")],
    }
    cells
}

/// Returns what is special about a block.
fn note(block: &BillingBlock, history: &BlockHistory) -> String {
    let is_above = history.p90_tokens.is_some_and(|bound| block.tokens_used > u128::from(bound));
    match (block.is_active, history.largest.as_ref() == Some(&block.id), is_above) {
        (true, ..) => "current".to_owned(),
        (false, true, _) => "largest".to_owned(),
        (false, false, true) => "above usual".to_owned(),
        (false, false, false) => String::new(),
    }
}
