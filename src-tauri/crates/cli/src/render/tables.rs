//! Tables of totals, and plain tables: text columns to the left, number columns to the right.

use token_monitor_core::report::model::Totals;
use token_monitor_core::text::format::{format_compact, format_cost, format_number};

use crate::render::table::{Cell, Column, ColumnKind, Table, left_out_note};
use crate::render::text_width::wrap_lines;

/// The width to which text of plain tables may be shortened.
const MIN_TEXT_WIDTH: usize = 12;

/// The columns that show totals. Total and cost stay.
const TOTALS_COLUMNS: [Column; 7] = [
    Column::new("Input", ColumnKind::Number).leaves(4),
    Column::new("Output", ColumnKind::Number).leaves(5),
    Column::new("Cache write", ColumnKind::Number).leaves(2),
    Column::new("Cache read", ColumnKind::Number).leaves(3),
    Column::new("Total", ColumnKind::Number),
    Column::new("Messages", ColumnKind::Number).leaves(1),
    Column::new("Cost", ColumnKind::Number),
];

/// Returns a table that has only a header. Text may be shortened, and no column leaves.
pub(crate) fn new_table(text_headers: &[&'static str], number_headers: &[&'static str]) -> Table {
    let text = text_headers.iter().map(|header| Column::new(header, ColumnKind::Text(MIN_TEXT_WIDTH)));
    let numbers = number_headers.iter().map(|header| Column::new(header, ColumnKind::Number));
    Table::new(text.chain(numbers).collect())
}

/// Returns the cells of a row. Text is sanitized.
pub(crate) fn row_cells(text: &[String], numbers: &[String]) -> Vec<Cell> {
    text.iter().chain(numbers).map(|text| Cell::text(text)).collect()
}

/// A table whose number columns are the fields of [`Totals`].
pub(crate) struct TotalsTable {
    table: Table,
    text_columns: usize,
}

impl TotalsTable {
    /// Creates a table that has only a header.
    pub(crate) fn new(text_columns: &[Column]) -> Self {
        let columns = text_columns.iter().chain(&TOTALS_COLUMNS).copied().collect();
        Self { table: Table::new(columns), text_columns: text_columns.len() }
    }

    /// Adds a row. Text columns without a text are empty.
    pub(crate) fn add_row(&mut self, text: &[String], totals: &Totals) {
        let empty = std::iter::repeat_n("", self.text_columns.saturating_sub(text.len()));
        let text = text.iter().map(String::as_str).chain(empty).map(Cell::text);
        self.table.add_row(text.chain(totals_cells(totals)));
    }

    /// Adds the row of the totals and returns the table with its legend. `notes` are further lines of the legend.
    pub(crate) fn render_with_total(mut self, totals: &Totals, notes: &[String], width: Option<usize>) -> String {
        self.add_row(&["Total".to_owned()], totals);
        let legend = render_legend(totals, "* a lower bound");
        render_with_legend(&self.table, &[&[legend], notes].concat(), width)
    }
}

/// Returns a table with its legend, and with a line about the columns that left.
pub(crate) fn render_with_legend(table: &Table, legend: &[String], width: Option<usize>) -> String {
    let rendered = table.render(width);
    let note = width.filter(|_| !rendered.left_out.is_empty()).map(|width| left_out_note(&rendered.left_out, width));
    let legend = legend.iter().cloned().chain(note).collect::<Vec<_>>().join("\n");
    let legend = width.map_or(legend.clone(), |width| wrap_lines(&legend, width));
    format!("{}\n\n{legend}", rendered.text)
}

fn totals_cells(totals: &Totals) -> [Cell; 7] {
    let lower_bound = if totals.under_logged_messages > 0 { "*" } else { "" };
    [
        number_cell(totals.input_tokens),
        Cell::number(
            format!("{}{lower_bound}", format_number(totals.output_tokens)),
            format!("{}{lower_bound}", format_compact(totals.output_tokens)),
        ),
        number_cell(totals.cache_creation_tokens),
        number_cell(totals.cache_read_tokens),
        number_cell(totals.total_tokens),
        number_cell(u128::from(totals.message_count)),
        Cell::text(&format_cost(totals.total_cost, totals.unpriced_tokens)),
    ]
}

/// Returns a cell with a number.
pub(crate) fn number_cell(number: u128) -> Cell {
    Cell::number(format_number(number), format_compact(number))
}

/// Returns the legend of a table with these totals. `lower_bound` begins the sentence about under-logged output.
pub(crate) fn render_legend(totals: &Totals, lower_bound: &str) -> String {
    let mut lines = vec!["Tokens are measured: summed from the logs. Costs are API-equivalent, not a bill.".to_owned()];
    lines.extend(totals.limitations(lower_bound));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_below_their_headers_also_without_texts() {
        let totals = Totals { input_tokens: 3, output_tokens: 4_000, total_tokens: 4_003, ..Totals::default() };
        let [name, project] = ["Name", "Project"].map(|header| Column::new(header, ColumnKind::Text(4)));
        let mut table = TotalsTable::new(&[name, project]);
        table.add_row(&["login form".to_owned(), "web-shop".to_owned()], &totals);
        table.add_row(&["  a model".to_owned()], &totals);
        let text = table.render_with_total(&totals, &[], None);
        let lines: Vec<&str> = text.lines().take(4).collect();
        let end_of = |text: &str| lines[0].find(text).expect("a header") + text.len();
        for line in &lines[1..] {
            for (header, figure) in [("Input", " 3"), ("Output", "4,000"), ("Total", "4,003"), ("Cost", "$0.00")] {
                assert!(line[..end_of(header)].ends_with(figure), "{header} of {line}");
            }
        }
    }
}
