//! The metrics under our own names.
//!
//! Counters never fall. The gauges called `ledger` have the figures as surfaces show them, which may be restated downward,
//! for example by other prices.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use token_monitor_core::report::model::{AgentState, QuotaStats, Snapshot};

use crate::counters::{CounterKind, CounterTable, SeriesKey, read_series};
use crate::exposition::family::{Family, Labels, SampleValue};
use crate::exposition::samples::{counter_samples, samples_of};
use crate::usage::UsageFigures;

/// The counters, with their names and descriptions.
const COUNTERS: [(CounterKind, &str, &str); 4] = [
    (CounterKind::Tokens, "token_monitor_tokens", "Tokens used, the highest sum so far"),
    (CounterKind::Messages, "token_monitor_messages", "Messages, the highest number so far"),
    (CounterKind::CostNanos, "token_monitor_cost_usd", "API-equivalent dollars, the highest sum so far"),
    (
        CounterKind::UnpricedTokens,
        "token_monitor_unpriced_tokens",
        "Tokens without a known price, the highest sum so far",
    ),
];

/// The gauges of the same figures as they are shown, with their names and descriptions.
const LEDGER_GAUGES: [(CounterKind, &str, &str); 4] = [
    (CounterKind::Tokens, "token_monitor_ledger_tokens", "Tokens used, as shown at this moment"),
    (CounterKind::Messages, "token_monitor_ledger_messages", "Messages, as shown at this moment"),
    (CounterKind::CostNanos, "token_monitor_ledger_cost_usd", "API-equivalent dollars, as shown at this moment"),
    (
        CounterKind::UnpricedTokens,
        "token_monitor_ledger_unpriced_tokens",
        "Tokens without a known price, as shown at this moment",
    ),
];

/// Returns all metrics.
pub(crate) fn token_monitor_families(table: &CounterTable, usage: &UsageFigures, max_projects: usize) -> Vec<Family> {
    let mut projects = table.projects().clone();
    let ledger = read_series(usage, &mut projects, max_projects);
    let snapshot = &usage.snapshot;
    let mut families = counter_families(table).to_vec();
    families.extend(ledger_families(&ledger));
    families.extend(quota_families(snapshot));
    families.extend(block_families(snapshot));
    families.extend(activity_families(snapshot));
    families.push(Family::gauge(
        "token_monitor_budget_used_ratio",
        "Used share of a budget, 1 if it is used up",
        usage
            .budgets
            .iter()
            .map(|row| (label("budget", row.period.as_str()), SampleValue::Real(row.used_ratio)))
            .collect(),
    ));
    families.extend(program_families(snapshot));
    families
}

fn counter_families(table: &CounterTable) -> [Family; 4] {
    COUNTERS.map(|(kind, name, help)| Family::counter(name, help, counter_samples(table, kind)))
}

fn ledger_families(ledger: &BTreeMap<SeriesKey, u64>) -> [Family; 4] {
    let samples = |kind| samples_of(ledger.iter().map(|(key, value)| (key, *value)), kind);
    LEDGER_GAUGES.map(|(kind, name, help)| Family::gauge(name, help, samples(kind)))
}

fn quota_families(snapshot: &Snapshot) -> [Family; 3] {
    let used = |row: &QuotaStats| Some(SampleValue::Real(row.share.used_percent / 100.0));
    let resets = |row: &QuotaStats| row.resets_at.map(unix_seconds);
    let read = |row: &QuotaStats| Some(unix_seconds(row.read_at));
    [
        Family::gauge(
            "token_monitor_quota_used_ratio",
            "Used share of an official limit, 1 if it is used up",
            quota_samples(snapshot, used),
        ),
        Family::gauge(
            "token_monitor_quota_resets_timestamp_seconds",
            "Time at which an official limit resets, in seconds since 1970",
            quota_samples(snapshot, resets),
        ),
        Family::gauge(
            "token_monitor_quota_read_timestamp_seconds",
            "Time at which Claude Code reported an official limit, in seconds since 1970",
            quota_samples(snapshot, read),
        ),
    ]
}

/// Returns one sample for each window. A second one with the same labels is left out, because Prometheus rejects it.
fn quota_samples(
    snapshot: &Snapshot,
    value: impl Fn(&QuotaStats) -> Option<SampleValue>,
) -> Vec<(Labels, SampleValue)> {
    let mut labels_used = BTreeSet::new();
    let rows = snapshot.quota.iter().filter_map(|row| Some((quota_labels(row), value(row)?)));
    rows.filter(|(labels, _)| labels_used.insert(labels.clone())).collect()
}

/// Returns the labels of a window. Only with several accounts in use, there is one for the account.
fn quota_labels(row: &QuotaStats) -> Labels {
    let scope = row.scope.clone().unwrap_or_default();
    let mut labels = vec![("window", json_name(&row.window)), ("scope", scope), ("origin", json_name(&row.origin))];
    labels.extend(row.account.clone().map(|account| ("account", account)));
    labels
}

fn block_families(snapshot: &Snapshot) -> [Family; 2] {
    let tokens = snapshot.current_block.as_ref().map(|block| u64::try_from(block.tokens_used).unwrap_or(u64::MAX));
    let share = snapshot.block_use.as_ref();
    let ratio =
        share.map(|share| (label("basis", &json_name(&share.basis)), SampleValue::Real(share.used_percent / 100.0)));
    [
        Family::single_gauge(
            "token_monitor_block_tokens",
            "Tokens of the current block",
            tokens.map(SampleValue::Whole),
        ),
        Family::gauge(
            "token_monitor_block_limit_ratio",
            "Share of its limit that the current block has used, or of past blocks by its basis",
            ratio.into_iter().collect(),
        ),
    ]
}

fn activity_families(snapshot: &Snapshot) -> [Family; 2] {
    let rate = snapshot.burn_rate.tokens_per_minute as f64 / 60.0;
    let count = |state| snapshot.agents.iter().filter(|agent| agent.status.state == state).count() as u64;
    let with_messages = snapshot.agents.iter().filter(|agent| agent.has_messages).count() as u64;
    let sessions = [
        ("waiting", count(AgentState::Waiting)),
        ("busy", count(AgentState::Busy)),
        ("idle", count(AgentState::Idle)),
        ("ended", snapshot.session_count.saturating_sub(with_messages)),
    ];
    [
        Family::single_gauge(
            "token_monitor_burn_tokens_per_second",
            "Tokens per second of the last five minutes",
            Some(SampleValue::Real(rate)),
        ),
        Family::gauge(
            "token_monitor_sessions",
            "Sessions by state; those that are hidden count as ended",
            sessions.map(|(state, count)| (label("state", state), SampleValue::Whole(count))).into(),
        ),
    ]
}

fn program_families(snapshot: &Snapshot) -> [Family; 2] {
    [
        Family::single_gauge(
            "token_monitor_last_read_timestamp_seconds",
            "Time of the figures, in seconds since 1970",
            Some(unix_seconds(snapshot.at)),
        ),
        Family::info("token_monitor_build", "Version of Token Monitor", label("version", env!("CARGO_PKG_VERSION"))),
    ]
}

fn label(name: &'static str, value: &str) -> Labels {
    vec![(name, value.to_owned())]
}

fn unix_seconds(time: DateTime<Utc>) -> SampleValue {
    SampleValue::Real(time.timestamp_millis() as f64 / 1000.0)
}

/// Returns the word that the JSON of a value is.
fn json_name(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}
