//! The burn rate: its figure, its level and the last hour.

use chrono::TimeDelta;
use ratatui::text::{Line, Span};
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::BurnLevel;
use token_monitor_core::text::format::{format_clock, format_compact, format_dollars, format_number};

use crate::live::theme::Role;
use crate::live::view::column_chart::{chart_rows, resample};
use crate::live::view::scene::{Scene, spread};

/// Returns the role of the burn rate's level.
pub(crate) fn burn_role(scene: &Scene<'_>) -> Role {
    let burn = &scene.snapshot.burn_rate;
    match burn.level {
        _ if burn.is_at_rest() => Role::Dim,
        BurnLevel::Normal => Role::Level(LimitLevel::Calm),
        BurnLevel::Moderate => Role::Level(LimitLevel::Busy),
        BurnLevel::High => Role::Level(LimitLevel::High),
    }
}

/// Returns the figure, the level and the hourly cost.
pub(crate) fn burn_groups(scene: &Scene<'_>) -> Vec<Vec<Span<'static>>> {
    let burn = &scene.snapshot.burn_rate;
    let level = scene.span(burn_role(scene), burn.level_phrase());
    if burn.is_at_rest() {
        return vec![vec![level], last_message(scene).map(|text| scene.span(Role::Dim, text)).into_iter().collect()];
    }
    let rate = format_number(burn.tokens_per_minute.into());
    let lower_bound = if burn.cost_is_lower_bound { "≥" } else { "" };
    let hourly = burn.cost_per_hour.map(|cost| format!("{lower_bound}{}/h", format_dollars(cost)));
    let hourly = hourly.unwrap_or_else(|| "cost unpriced".to_owned());
    vec![
        vec![scene.span(Role::Strong, rate), scene.span(Role::Text, " tok/min")],
        vec![level],
        vec![scene.span(Role::Text, hourly)],
    ]
}

/// Returns when the last message was, if it is known.
fn last_message(scene: &Scene<'_>) -> Option<String> {
    let last = scene.snapshot.recent_sessions.iter().map(|session| session.last_activity).max()?;
    Some(format!("last message {}", token_monitor_core::text::format::format_upcoming(last, scene.now, scene.zone)))
}

/// Returns the chart of the last hour and, with more than one row, its axis.
pub(crate) fn burn_chart(scene: &Scene<'_>, width: usize, height: usize) -> Vec<Line<'static>> {
    let minutes: Vec<f64> = scene.snapshot.last_hour.iter().map(|tokens| *tokens as f64).collect();
    let columns = resample(&minutes, width);
    let role = burn_role(scene);
    let mut lines: Vec<_> = chart_rows(&columns, 0.0, height).into_iter().map(|row| scene.line(role, row)).collect();
    if height > 1 {
        lines.push(axis(scene, columns.len()));
    }
    lines
}

fn axis(scene: &Scene<'_>, width: usize) -> Line<'static> {
    let start = format_clock(scene.snapshot.at - TimeDelta::hours(1), scene.zone);
    let peak = scene.snapshot.last_hour.iter().copied().max().unwrap_or_default();
    let middle = if peak > 0 { format!("peak {}/min", format_compact(peak.into())) } else { "no messages".to_owned() };
    let left = vec![scene.span(Role::Dim, format!("{start}  {middle}"))];
    spread(left, vec![scene.span(Role::Dim, "now")], width)
}
