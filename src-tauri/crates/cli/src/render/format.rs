//! Formats costs and burn levels for a terminal.

use token_monitor_core::report::model::{BurnLevel, Totals};
use token_monitor_core::text::format::{format_dollars, format_tokens};

/// Formats the cost of totals, and the number of tokens without a price.
pub(crate) fn format_total_cost(totals: &Totals) -> String {
    match (totals.total_cost, totals.unpriced_tokens) {
        (Some(cost), 0) => format!("{} API-equivalent", format_dollars(cost)),
        (Some(cost), unpriced) => {
            format!("{} API-equivalent and {} unpriced", format_dollars(cost), format_tokens(unpriced))
        }
        (None, _) => "unpriced".to_owned(),
    }
}

/// Colors a text by burn level: green, yellow or red.
pub(crate) fn paint_level(text: &str, level: BurnLevel, color: bool) -> String {
    let code = match level {
        BurnLevel::Normal => 32,
        BurnLevel::Moderate => 33,
        BurnLevel::High => 31,
    };
    if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
