//! An opened session: who it is, its figures by kind, model and subagent run, and its course.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use token_monitor_core::report::model::{ModelStats, PullRequestStats, RunStats, SessionDetail, Totals};
use token_monitor_core::text::format::{
    format_compact, format_date_time, format_dollars, format_number, format_percent, format_upcoming,
};
use token_monitor_core::text::sanitize::sanitize_name;

use crate::live::app::App;
use crate::live::session_row::{SessionRow, short_model};
use crate::live::theme::Role;
use crate::live::view::column_chart::{chart_rows, resample};
use crate::live::view::kinds::{kind_bars, kind_groups};
use crate::live::view::scene::{Scene, fit_line, join_groups, signed, spread};
use crate::live::view::session_cells::{cache_text, context_spans, state_sign, state_words};
use crate::live::view::text::{cells, fit_middle, pad_end, pad_start};
use crate::live::view::today::cost_text;
use crate::render::agents::cause_text;

/// The cells of the label in front of a field.
const LABEL_CELLS: usize = 9;

/// The longest text of a field, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// Draws the opened session, or why it is not there.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, app: &App, scene: &Scene<'_>) {
    let Some(feed) = &app.sessions.detail else { return };
    let lines = match (&feed.result, &feed.error) {
        (_, Some(error)) => vec![scene.line(Role::Problem, error.clone())],
        (Some(detail), None) => detail_lines(scene, detail, usize::from(area.width)),
        (None, None) => vec![scene.line(Role::Dim, "Reading the session…")],
    };
    for (row, line) in (0..area.height).zip(lines) {
        buffer.set_line(area.x, area.y + row, &line, area.width);
    }
}

fn detail_lines(scene: &Scene<'_>, detail: &SessionDetail, width: usize) -> Vec<Line<'static>> {
    let session = &detail.session;
    let row = SessionRow::from(session);
    let mut lines = vec![title_line(scene, &row, width)];
    lines.extend(field_lines(scene, detail, &row, width));
    let totals = &session.totals;
    let figures = vec![
        vec![scene.span(Role::Strong, format_compact(totals.total_tokens)), scene.span(Role::Text, " tokens")],
        vec![scene.span(Role::Text, cost_text(totals))],
        vec![scene.span(Role::Dim, format!("{} messages", format_number(totals.message_count.into())))],
    ];
    lines.push(scene.heading("Usage", join_groups(scene, figures, width).spans, width));
    lines.extend(kind_bars(scene, totals, width));
    lines.push(join_groups(scene, kind_groups(scene, totals), width));
    lines.extend(timeline_lines(scene, detail, width));
    lines.extend(part_lines(scene, detail, width));
    lines
}

fn title_line(scene: &Scene<'_>, row: &SessionRow, width: usize) -> Line<'static> {
    let (sign, role) = state_sign(row);
    let state = state_words(row, scene.now).map(|words| scene.span(role, words));
    let marks = row.marks.join(" ");
    let right: Vec<_> = state.into_iter().chain([scene.span(Role::Dim, format!("  {marks}"))]).collect();
    let right_width: usize = right.iter().map(|span| cells(&span.content)).sum();
    let name = fit_middle(&row.name, width.saturating_sub(right_width + 4).max(10));
    spread(vec![scene.span(role, format!("{sign} ")), scene.span(Role::Heading, name)], right, width)
}

fn field_lines(scene: &Scene<'_>, detail: &SessionDetail, row: &SessionRow, width: usize) -> Vec<Line<'static>> {
    let session = &detail.session;
    let clean = |text: &str| sanitize_name(text, MAX_TEXT_CHARS);
    let [start, end] = [session.start_time, session.last_activity].map(|at| format_date_time(at, scene.zone));
    let fields = [
        ("Id", Some(row.id.clone())),
        ("Project", session.project_path.as_deref().map(clean)),
        ("Branch", session.branch.as_deref().map(clean)),
        ("Tags", (!session.tags.is_empty()).then(|| clean(&session.tags.join(", ")))),
        ("About", detail.description.as_deref().map(clean)),
        ("Lasted", Some(format!("{start} to {end}"))),
    ];
    let field = |(label, text): (&str, Option<String>)| {
        Some(field_line(scene, label, vec![scene.span(Role::Text, text?)], width))
    };
    let mut lines: Vec<_> = fields.into_iter().filter_map(field).collect();
    lines.extend(context_line(scene, row, width));
    lines.extend(cache_line(scene, row, width));
    lines.extend(session.not_in_logs.as_ref().map(|unlogged| {
        let (tokens, cost) = (format_compact(unlogged.total()), format_dollars(unlogged.cost));
        let text = format!("{tokens} tokens, {cost}: reported by Claude Code, not in the logs");
        field_line(scene, "Unlogged", vec![scene.span(Role::Dim, text)], width)
    }));
    lines
}

fn field_line(scene: &Scene<'_>, label: &str, mut value: Vec<Span<'static>>, width: usize) -> Line<'static> {
    value.insert(0, scene.span(Role::Dim, format!("{} ", pad_end(label, LABEL_CELLS))));
    fit_line(Line::from(value), width)
}

fn context_line(scene: &Scene<'_>, row: &SessionRow, width: usize) -> Option<Line<'static>> {
    let context = row.context?;
    let mut spans = context_spans(scene, row);
    if context.percent.is_some() {
        let window = context.window.map_or(String::new(), |window| format!(" of {}", format_compact(window.into())));
        spans.push(scene.span(Role::Dim, format!(" · {}{window} tokens", format_compact(context.tokens.into()))));
    } else {
        spans.push(scene.span(Role::Dim, " tokens; the size of the window is unknown"));
    }
    Some(field_line(scene, "Context", spans, width))
}

fn cache_line(scene: &Scene<'_>, row: &SessionRow, width: usize) -> Option<Line<'static>> {
    let cache = row.cache.as_ref()?;
    let (role, left) = cache_text(row, scene.now)?;
    let left = if row.cache_left(scene.now).is_some() { format!("warm for {left}") } else { left };
    let mut groups = vec![vec![scene.span(role, left)]];
    groups.extend(cache.hit_percent.map(|hit| {
        vec![scene.span(Role::Text, format!("{} read from it", signed(&format_percent(hit), cache.label)))]
    }));
    groups.extend(cache.cold_tokens.map(|tokens| {
        let cost = cache.cold_cost.map_or(String::new(), |cost| format!(", {}", format_dollars(cost)));
        vec![scene.span(Role::Dim, format!("cold again: {} tokens{cost}", format_compact(tokens.into())))]
    }));
    groups.extend(cache.last_miss.as_ref().filter(|miss| !miss.causes.is_empty()).map(|miss| {
        let causes = miss.causes.iter().map(|cause| cause_text(*cause)).collect::<Vec<_>>().join(", ");
        vec![scene.span(Role::Dim, format!("last miss: {causes}"))]
    }));
    let spans = join_groups(scene, groups, width.saturating_sub(LABEL_CELLS + 1)).spans;
    Some(field_line(scene, "Cache", spans, width))
}

/// Returns the course of the session: tokens over time, from its first message to its last.
fn timeline_lines(scene: &Scene<'_>, detail: &SessionDetail, width: usize) -> Vec<Line<'static>> {
    let (Some(first), Some(last)) = (detail.timeline.first(), detail.timeline.last()) else { return Vec::new() };
    let span = (last.start_time - first.start_time).num_seconds();
    if span <= 0 || width < 30 {
        return Vec::new();
    }
    let mut values = vec![0.0; width.min(120)];
    let last_column = values.len() - 1;
    for point in &detail.timeline {
        let passed = (point.start_time - first.start_time).num_seconds();
        let column = (passed as f64 / span as f64 * last_column as f64).round() as usize;
        values[column.min(last_column)] += point.amount.tokens as f64;
    }
    let values = resample(&values, width);
    let mut lines: Vec<_> = chart_rows(&values, 0.0, 2).into_iter().map(|row| scene.line(Role::Accent, row)).collect();
    let [start, end] = [first.start_time, last.start_time].map(|at| format_upcoming(at, scene.now, scene.zone));
    lines.push(spread(vec![scene.span(Role::Dim, start)], vec![scene.span(Role::Dim, end)], values.len()));
    lines
}

/// Returns the models, and below each list the subagent runs and pull requests.
fn part_lines(scene: &Scene<'_>, detail: &SessionDetail, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut section = |name: &str, rows: Vec<(String, &Totals)>| {
        if !rows.is_empty() {
            lines.push(scene.heading(name, Vec::new(), width));
            lines.extend(rows.into_iter().map(|(name, totals)| part_line(scene, &name, totals, width)));
        }
    };
    section("Models", detail.models.iter().map(|model| (model_name(model), &model.totals)).collect());
    let requests = detail.pull_requests.iter();
    section("Pull requests", requests.map(|request| (request_name(request), &request.totals)).collect());
    section("Subagents", detail.runs.iter().map(|run| (run_name(run), &run.totals)).collect());
    lines
}

fn model_name(model: &ModelStats) -> String {
    short_model(&model.model)
}

fn request_name(request: &PullRequestStats) -> String {
    match (&request.repository, request.number) {
        (Some(repository), Some(number)) => format!("{}#{number}", sanitize_name(repository, MAX_TEXT_CHARS)),
        (_, _) => sanitize_name(&request.url, MAX_TEXT_CHARS),
    }
}

fn run_name(run: &RunStats) -> String {
    let workflow = run.workflow.as_deref().map_or(String::new(), |workflow| format!("{workflow}/"));
    let kind = run.kind.as_deref().map_or(String::new(), |kind| format!("{kind} "));
    sanitize_name(&format!("{kind}{workflow}{}", run.run_id), MAX_TEXT_CHARS)
}

fn part_line(scene: &Scene<'_>, name: &str, totals: &Totals, width: usize) -> Line<'static> {
    let figures =
        format!("{}{}", pad_start(&format_compact(totals.total_tokens), 8), pad_start(&cost_text(totals), 11));
    let output = format!("{} out", format_compact(totals.output_tokens));
    let output = if width >= 60 { pad_start(&output, 12) } else { String::new() };
    let name_width = width.saturating_sub(cells(&figures) + cells(&output) + 1).min(48);
    let spans = vec![
        scene.span(Role::Text, pad_end(&fit_middle(name, name_width), name_width)),
        scene.span(Role::Dim, output),
        scene.span(Role::Text, figures),
    ];
    fit_line(Line::from(spans), width)
}
