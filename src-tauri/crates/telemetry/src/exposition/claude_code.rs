//! The metrics under the names that Claude Code's own telemetry has in Prometheus.

use crate::counters::{CounterKind, CounterTable};
use crate::exposition::family::Family;
use crate::exposition::token_monitor::counter_samples;

/// Returns the counters under Claude Code's names. Figures that Claude Code does not export have none.
pub(crate) fn claude_code_families(table: &CounterTable) -> Vec<Family> {
    vec![
        Family::counter(
            "claude_code_token_usage_tokens",
            "Number of tokens used",
            counter_samples(table, CounterKind::Tokens),
        ),
        Family::counter(
            "claude_code_cost_usage_USD",
            "Cost of the usage at list prices in dollars",
            counter_samples(table, CounterKind::CostNanos),
        ),
        Family::counter(
            "claude_code_session_count",
            "Number of sessions with messages",
            counter_samples(table, CounterKind::Sessions),
        ),
    ]
}
