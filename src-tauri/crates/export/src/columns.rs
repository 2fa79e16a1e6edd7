//! The columns of an export: the groupings of its rows, then their sums.

use token_monitor_core::money::Usd;
use token_monitor_core::report::model::{ExactTotals, GroupValue, Grouping, ReportRow};
use token_monitor_core::text::sanitize::sanitize_line;

/// The meaning of all costs.
const COST_BASIS: &str = "API-equivalent";

/// The columns of the sums.
pub(super) const SUM_COLUMNS: [&str; 11] = [
    "messages",
    "input_tokens",
    "output_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "cache_read_tokens",
    "total_tokens",
    "unpriced_tokens",
    "under_logged_messages",
    "cost_usd",
    "cost_basis",
];

/// The value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// No value.
    Null,
    /// Sanitized text.
    Text(String),
    /// A whole number.
    Integer(u128),
    /// An amount in billionths of a dollar.
    Dollars(u128),
}

impl Field {
    /// Creates a field with sanitized text.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(sanitize_line(text))
    }

    fn optional(text: Option<&String>) -> Self {
        text.map_or(Self::Null, |text| Self::text(text))
    }
}

/// Formats an amount in billionths of a dollar with nine decimal places.
pub(super) fn format_nanos(nanos: u128) -> String {
    let one = u128::from(Usd::ONE.0);
    format!("{}.{:09}", nanos / one, nanos % one)
}

/// Returns the names of all columns. `by` are the groupings in the order of the columns.
pub(super) fn column_names(by: &[Grouping]) -> Vec<&'static str> {
    by.iter().flat_map(|by| group_columns(*by)).chain(&SUM_COLUMNS).copied().collect()
}

fn group_columns(by: Grouping) -> &'static [&'static str] {
    match by {
        Grouping::Day => &["day"],
        Grouping::Week => &["week_start"],
        Grouping::Month => &["month"],
        Grouping::Block => &["block_start", "block_end", "account"],
        Grouping::Project => &["project"],
        Grouping::Session => &["session_id", "session_name"],
        Grouping::Branch => &["branch"],
        Grouping::Tag => &["tags"],
        Grouping::PullRequest => &["pull_request"],
        Grouping::Agent => &["agent"],
        Grouping::Model => &["model"],
    }
}

/// Returns the values of all columns of a row.
pub(super) fn row_fields(row: &ReportRow) -> Vec<Field> {
    row.values.iter().flat_map(group_fields).chain(sum_fields(&row.sums)).collect()
}

fn group_fields(value: &GroupValue) -> Vec<Field> {
    match value {
        GroupValue::Day(date) | GroupValue::Week(date) => vec![Field::Text(date.to_string())],
        GroupValue::Month(first) => vec![Field::Text(first.format("%Y-%m").to_string())],
        GroupValue::Block(start, end, account) => {
            let [start, end] = [start, end].map(|time| Field::Text(time.format("%Y-%m-%dT%H:%M:%SZ").to_string()));
            vec![start, end, Field::optional(account.as_ref())]
        }
        GroupValue::Session(id, name) => vec![Field::text(id), Field::text(name)],
        GroupValue::Project(name) | GroupValue::Branch(name) | GroupValue::PullRequest(name) => {
            vec![Field::optional(name.as_ref())]
        }
        GroupValue::Tag(tags) if tags.is_empty() => vec![Field::Null],
        GroupValue::Tag(tags) => vec![Field::text(&tags.join(", "))],
        GroupValue::Agent(None) => vec![Field::text("main")],
        GroupValue::Agent(Some(agent)) if agent.is_empty() => vec![Field::text("subagent")],
        GroupValue::Agent(Some(name)) | GroupValue::Model(name) => vec![Field::text(name)],
    }
}

/// Returns the values of the columns of sums.
pub(super) fn sum_fields(sums: &ExactTotals) -> [Field; SUM_COLUMNS.len()] {
    let ExactTotals { totals, cost_nanos } = sums;
    [
        Field::Integer(u128::from(totals.message_count)),
        Field::Integer(totals.input_tokens),
        Field::Integer(totals.output_tokens),
        Field::Integer(totals.cache_creation_tokens.saturating_sub(totals.cache_creation_1h_tokens)),
        Field::Integer(totals.cache_creation_1h_tokens),
        Field::Integer(totals.cache_read_tokens),
        Field::Integer(totals.total_tokens),
        Field::Integer(totals.unpriced_tokens),
        Field::Integer(u128::from(totals.under_logged_messages)),
        totals.total_cost.map_or(Field::Null, |_| Field::Dollars(*cost_nanos)),
        Field::text(COST_BASIS),
    ]
}
