//! Tables: text columns to the left, number columns to the right.

use comfy_table::{Cell, CellAlignment, Table, presets};
use token_monitor_core::report::model::Totals;
use token_monitor_core::text::format::{format_count, format_dollars, format_number};
use token_monitor_core::text::sanitize::sanitize_layout;

/// The headers of the columns that show totals.
const TOTALS_HEADERS: [&str; 7] =
    ["Input", "Output", "Cache write", "Cache read", "Total", "Messages", "Cost (API-equivalent)"];

/// Returns a table without borders that has only a header.
pub(crate) fn new_table(text_headers: &[&str], number_headers: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let to_owned = |headers: &[&str]| headers.iter().map(ToString::to_string).collect::<Vec<_>>();
    table.set_header(row_cells(&to_owned(text_headers), &to_owned(number_headers)));
    table
}

/// Returns the cells of a row. Text is sanitized, numbers are aligned to the right.
pub(crate) fn row_cells(text: &[String], numbers: &[String]) -> Vec<Cell> {
    let text = text.iter().map(|text| Cell::new(sanitize_layout(text)));
    let numbers = numbers.iter().map(|number| Cell::new(number).set_alignment(CellAlignment::Right));
    text.chain(numbers).collect()
}

/// A table whose number columns are the fields of [`Totals`].
pub(crate) struct TotalsTable {
    table: Table,
    text_columns: usize,
}

impl TotalsTable {
    /// Creates a table that has only a header.
    pub(crate) fn new(text_headers: &[&str]) -> Self {
        Self { table: new_table(text_headers, &TOTALS_HEADERS), text_columns: text_headers.len() }
    }

    /// Adds a row.
    pub(crate) fn add_row(&mut self, text: &[String], totals: &Totals) {
        self.table.add_row(row_cells(text, &totals_cells(totals)));
    }

    /// Adds the row of the totals and returns the table with its legend.
    pub(crate) fn render_with_total(mut self, totals: &Totals) -> String {
        let mut text = vec![String::new(); self.text_columns];
        text[0] = "Total".to_owned();
        self.add_row(&text, totals);
        format!("{}\n\n{}", self.table.trim_fmt(), render_legend(totals, "* a lower bound"))
    }
}

fn totals_cells(totals: &Totals) -> [String; 7] {
    let lower_bound = if totals.under_logged_messages > 0 { "*" } else { "" };
    [
        format_number(totals.input_tokens),
        format!("{}{lower_bound}", format_number(totals.output_tokens)),
        format_number(totals.cache_creation_tokens),
        format_number(totals.cache_read_tokens),
        format_number(totals.total_tokens),
        format_number(u128::from(totals.message_count)),
        format_cost(totals.total_cost, totals.unpriced_tokens),
    ]
}

/// Returns a cost in US dollars, with a `+` if there are unpriced tokens besides.
pub(crate) fn format_cost(cost: Option<f64>, unpriced_tokens: u128) -> String {
    match (cost, unpriced_tokens) {
        (Some(cost), 0) => format_dollars(cost),
        (Some(cost), _) => format!("{}+", format_dollars(cost)),
        (None, _) => "unpriced".to_owned(),
    }
}

/// Returns the legend of a table with these totals. `lower_bound` begins the sentence about under-logged output.
pub(crate) fn render_legend(totals: &Totals, lower_bound: &str) -> String {
    let mut lines = vec!["Tokens are measured: summed from the logs. Costs are API-equivalent, not a bill.".to_owned()];
    if totals.unpriced_tokens > 0 {
        let tokens = format_number(totals.unpriced_tokens);
        lines.push(format!("+ not including {tokens} tokens of models whose price is unknown."));
    }
    if totals.under_logged_messages > 0 {
        let messages = format_count(totals.under_logged_messages.into(), "message", "messages");
        lines.push(format!("{lower_bound}: Claude Code did not fully log the output of {messages}."));
    }
    lines.join("\n")
}
