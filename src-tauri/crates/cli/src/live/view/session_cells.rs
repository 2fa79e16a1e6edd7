//! The cells of a session, in a list and on the page *Now*: state, context and prompt cache.

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::text::Span;
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::AgentState;
use token_monitor_core::text::format::{format_age, format_compact, format_duration, format_percent};

use crate::live::session_row::SessionRow;
use crate::live::theme::Role;
use crate::live::view::scene::{Scene, signed};
use crate::render::agents::agent_text;

/// The cells of a context meter.
const METER_CELLS: usize = 5;

/// The state of a session that does not run, but used tokens in the last five minutes.
const RECENTLY_USED: &str = "·";

/// Returns the sign of a session's state: ▲ waits for the user, ● busy, ○ idle.
pub(crate) fn state_sign(row: &SessionRow) -> (&'static str, Role) {
    match row.state() {
        Some(state @ AgentState::Waiting) => (state.shape(), Role::Waiting),
        Some(state @ AgentState::Busy) => (state.shape(), Role::Busy),
        Some(state @ AgentState::Idle) => (state.shape(), Role::Idle),
        None if row.usage.is_some_and(|usage| usage.is_active) => (RECENTLY_USED, Role::Text),
        None => (" ", Role::Text),
    }
}

/// Returns the state in words, as the other commands say it: `waits for you, 4m, permission prompt for Bash`.
pub(crate) fn state_words(row: &SessionRow, now: DateTime<Utc>) -> Option<String> {
    row.agent.as_ref().map(|agent| agent_text(agent, now))
}

/// Returns the context in use as a meter and a figure; only a figure if the size of the window is unknown.
pub(crate) fn context_spans(scene: &Scene<'_>, row: &SessionRow) -> Vec<Span<'static>> {
    let Some(context) = row.context else { return Vec::new() };
    let Some(percent) = context.percent else {
        return vec![scene.span(Role::Text, signed(&format_compact(context.tokens.into()), context.label))];
    };
    let filled = ((percent / 100.0 * METER_CELLS as f64).ceil() as usize).min(METER_CELLS);
    let role = Role::Level(LimitLevel::from_percent(percent));
    vec![
        scene.span(role, "▮".repeat(filled)),
        scene.span(Role::Track, "▯".repeat(METER_CELLS - filled)),
        scene.span(Role::Text, format!(" {}", signed(&format_percent(percent), context.label))),
    ]
}

/// Returns how long the prompt cache stays warm: `4m`, `42s`, `cold`.
pub(crate) fn cache_text(row: &SessionRow, now: DateTime<Utc>) -> Option<(Role, String)> {
    let cache = row.cache.as_ref()?;
    let Some(left) = row.cache_left(now) else { return Some((Role::Dim, "cold".to_owned())) };
    Some((Role::Text, signed(&format_cache_left(left), cache.label)))
}

/// Formats the time until a cache expires: seconds below one minute.
fn format_cache_left(left: TimeDelta) -> String {
    if left < TimeDelta::minutes(1) { format!("{}s", left.num_seconds()) } else { format_duration(left) }
}

/// Formats the time since a session was used: `now`, `25m`, `3h`, `2d`.
pub(crate) fn last_used(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match u64::try_from((now - at).num_minutes()).unwrap_or_default() {
        0 => "now".to_owned(),
        minutes => format_age(minutes),
    }
}
