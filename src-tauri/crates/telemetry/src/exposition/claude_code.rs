//! The metrics under the names that Claude Code's own telemetry has in Prometheus.

use crate::counters::{CounterKind, CounterTable};
use crate::exposition::family::Family;
use crate::exposition::samples::counter_samples;

/// The counters, with Claude Code's names and their descriptions. Figures that Claude Code does not export have none.
const COUNTERS: [(CounterKind, &str, &str); 3] = [
    (CounterKind::Tokens, "claude_code_token_usage_tokens", "Number of tokens used"),
    (CounterKind::CostNanos, "claude_code_cost_usage_USD", "Cost of the usage at list prices in dollars"),
    (CounterKind::Sessions, "claude_code_session_count", "Number of sessions with messages"),
];

/// Returns the counters under Claude Code's names.
pub(crate) fn claude_code_families(table: &CounterTable) -> Vec<Family> {
    COUNTERS.map(|(kind, name, help)| Family::counter(name, help, counter_samples(table, kind))).into()
}
