//! The contents of a bar, without the syntax of any bar.

use chrono::{DateTime, Utc};
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::{AgentState, LimitUse, QuotaStats, Snapshot};
use token_monitor_core::text::format::{
    ViewerZone, format_compact, format_count, format_dollars, format_duration, format_percent, format_upcoming,
};
use token_monitor_core::text::phrases::{
    block_share_label, block_time_left, capitalize, import_phrase, label_with_age, missing_folders_phrase,
    official_block_quota, problem_phrase, quota_name, share_of_limit,
};
use token_monitor_core::text::sanitize::sanitize_name;

use crate::commands::bar::BarFigure;

/// The space between two figures.
const SEPARATOR: &str = " · ";

/// The longest name of a session in the tooltip, in characters.
const MAX_NAME_CHARS: usize = 40;

/// The text for a figure that is unknown.
const UNKNOWN: &str = "–";

/// The contents of a bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BarContent {
    /// The figures in one line.
    pub(crate) text: String,
    /// All figures, one per line.
    pub(crate) tooltip: Vec<String>,
    /// The level of the limit that binds; calm without one.
    pub(crate) level: LimitLevel,
    /// True if the official figures are old.
    pub(crate) is_stale: bool,
    /// The number of sessions that wait for the user.
    pub(crate) waiting: usize,
    /// The number of sessions at work.
    pub(crate) busy: usize,
    /// The used share of the limit that binds, in percent.
    pub(crate) percentage: Option<f64>,
    /// Tokens of today.
    pub(crate) tokens: u128,
    /// Cost of today in dollars, API-equivalent.
    pub(crate) cost: Option<f64>,
    /// Tokens a minute.
    pub(crate) tokens_per_minute: u64,
    /// The end of the block.
    pub(crate) block_ends_at: Option<DateTime<Utc>>,
    /// The reset of the limit that binds.
    pub(crate) resets_at: Option<DateTime<Utc>>,
}

impl BarContent {
    /// Collects the contents of a snapshot. Times are counted from `now`.
    pub(crate) fn new(snapshot: &Snapshot, figures: &[BarFigure], now: DateTime<Utc>) -> Self {
        let (binding, limit) = (binding_quota(snapshot), binding_limit(snapshot));
        let count = |state| snapshot.agents.iter().filter(|agent| agent.status.state == state).count();
        let texts: Vec<String> = figures.iter().filter_map(|figure| figure_text(*figure, snapshot, now)).collect();
        Self {
            text: texts.join(SEPARATOR),
            tooltip: tooltip_lines(snapshot, now),
            level: limit.map_or(LimitLevel::Calm, |limit| LimitLevel::from_percent(limit.used_percent)),
            is_stale: snapshot.quota.iter().any(|row| row.is_stale) && binding.is_none_or(|row| row.is_stale),
            waiting: count(AgentState::Waiting),
            busy: count(AgentState::Busy),
            percentage: limit.map(|limit| limit.used_percent),
            tokens: snapshot.today.totals.total_tokens,
            cost: snapshot.today.totals.total_cost,
            tokens_per_minute: snapshot.burn_rate.tokens_per_minute,
            block_ends_at: snapshot.current_block.as_ref().map(|block| block.end_time),
            resets_at: binding.and_then(|row| row.resets_at),
        }
    }

    /// Returns the classes for style sheets: the level, then what else applies.
    pub(crate) fn classes(&self) -> Vec<&'static str> {
        let level = match self.level {
            LimitLevel::Calm => "calm",
            LimitLevel::Busy => "warn",
            LimitLevel::High => "high",
            LimitLevel::Over => "over",
        };
        let others = [(self.is_stale, "stale"), (self.waiting > 0, "waiting")];
        std::iter::once(level)
            .chain(others.into_iter().filter_map(|(applies, class)| applies.then_some(class)))
            .collect()
    }
}

/// Returns the official window that binds.
pub(crate) fn binding_quota(snapshot: &Snapshot) -> Option<&QuotaStats> {
    snapshot.quota.iter().find(|row| row.is_binding)
}

/// Returns the limit that binds: the official window, otherwise the user's own limit for the block. Past blocks are no
/// limit.
pub(crate) fn binding_limit(snapshot: &Snapshot) -> Option<&LimitUse> {
    let own = snapshot.block_use.as_ref().filter(|share| share.basis.is_limit());
    binding_quota(snapshot).map(|row| &row.share).or(own)
}

/// Returns a figure as text. Nothing is shown for a state in which no session runs.
fn figure_text(figure: BarFigure, snapshot: &Snapshot, now: DateTime<Utc>) -> Option<String> {
    let totals = &snapshot.today.totals;
    Some(match figure {
        BarFigure::Tokens => format_compact(totals.total_tokens),
        BarFigure::Cost => totals.total_cost.map_or(UNKNOWN.to_owned(), format_dollars),
        BarFigure::Quota => {
            binding_limit(snapshot).map_or(UNKNOWN.to_owned(), |limit| format_percent(limit.used_percent))
        }
        BarFigure::Left => snapshot
            .current_block
            .as_ref()
            .map_or(UNKNOWN.to_owned(), |block| format_duration((block.end_time - now).max(chrono::TimeDelta::zero()))),
        BarFigure::Rate => format!("{}/min", format_compact(u128::from(snapshot.burn_rate.tokens_per_minute))),
        BarFigure::State => return state_text(snapshot),
    })
}

fn state_text(snapshot: &Snapshot) -> Option<String> {
    let count = |state| snapshot.agents.iter().filter(|agent| agent.status.state == state).count();
    let (waiting, busy) = (count(AgentState::Waiting), count(AgentState::Busy));
    let texts =
        [(waiting, "waiting"), (busy, "busy")].map(|(count, word)| (count > 0).then(|| format!("{count} {word}")));
    let texts: Vec<String> = texts.into_iter().flatten().collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// Returns all figures with their labels.
fn tooltip_lines(snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<String> {
    let (totals, zone) = (&snapshot.today.totals, ViewerZone::from_name(&snapshot.zone));
    let cost = totals.total_cost.map_or("unpriced".to_owned(), format_dollars);
    let mut lines = vec![format!("Today {} tokens, {cost} API-equivalent", format_compact(totals.total_tokens))];
    if let Some(block) = &snapshot.current_block {
        let left = block_time_left((block.end_time - now).max(chrono::TimeDelta::zero()), snapshot.block_use.as_ref());
        let share = snapshot.block_use.as_ref().filter(|_| official_block_quota(snapshot).is_none()).map(|share| {
            let limit = share_of_limit(share, |limit| format!("{} tokens", format_compact(limit as u128)));
            format!(", {limit}, {}", block_share_label(snapshot))
        });
        lines.push(format!("Block {left}{}", share.unwrap_or_default()));
    }
    lines.extend(snapshot.quota.iter().map(|row| {
        let resets = row.resets_at.map_or(String::new(), |at| format!(", resets {}", format_upcoming(at, now, zone)));
        let label = label_with_age(row.share.label, row.is_stale, row.age_minutes);
        format!("{} {} used{resets}, {label}", quota_name(row), format_percent(row.share.used_percent))
    }));
    let burn = &snapshot.burn_rate;
    lines.push(match burn.is_at_rest() {
        true => "At rest".to_owned(),
        false => format!("{} tokens a minute", format_compact(u128::from(burn.tokens_per_minute))),
    });
    lines.extend(agent_lines(snapshot));
    let notes = [import_phrase(&snapshot.progress), problem_phrase(&snapshot.problems)];
    let missing = missing_folders_phrase(snapshot).map(str::to_owned);
    lines.extend(notes.into_iter().flatten().chain(missing).map(|note| capitalize(&note)));
    lines
}

/// Returns a line for each session that waits, and one for those at work.
fn agent_lines(snapshot: &Snapshot) -> Vec<String> {
    let of_state = |state| snapshot.agents.iter().filter(move |agent| agent.status.state == state);
    let waiting = of_state(AgentState::Waiting).map(|agent| {
        let reason = agent
            .status
            .waiting_for
            .as_deref()
            .map_or(String::new(), |reason| format!(": {}", sanitize_name(reason, MAX_NAME_CHARS)));
        format!("Waiting: {}{reason}", sanitize_name(&agent.display_name, MAX_NAME_CHARS))
    });
    let busy = of_state(AgentState::Busy).count() as u128;
    let busy = (busy > 0).then(|| format!("{} at work", format_count(busy, "session", "sessions")));
    waiting.chain(busy).collect()
}
