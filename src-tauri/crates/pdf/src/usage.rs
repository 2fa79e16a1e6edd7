//! The parts that all reports of usage have: notes about costs, tables of totals, and the chart of a month's days.

use chrono::{Days, Months, NaiveDate};
use token_monitor_core::report::model::Totals;
use token_monitor_core::text::format::{format_compact, format_cost, format_number, format_tokens};

use crate::document::PdfDocument;
use crate::layout::{Bar, PdfColumn};

/// The text at the bottom of each page of a report of usage.
pub const USAGE_FOOTER: &str = "API-equivalent, not a bill";

impl PdfDocument {
    /// Adds paragraphs that explain the costs of totals and mark what they lack.
    pub fn add_usage_notes(&mut self, totals: &Totals) {
        self.add_paragraph(
            "Costs are API-equivalent, not a bill: the list price of the same calls on the API. A subscription is not billed \
             this way.",
        );
        totals.limitations("*").iter().for_each(|note| self.add_paragraph(note));
    }

    /// Adds a table with a row for each name and one for the total. `header` is that of the names.
    pub fn add_usage_table<'a>(
        &mut self,
        header: &'static str,
        rows: impl Iterator<Item = (String, &'a Totals)>,
        totals: &Totals,
    ) {
        let columns = [
            PdfColumn::left(header, 3.6),
            PdfColumn::right("Input", 1.4),
            PdfColumn::right("Output", 1.4),
            PdfColumn::right("Cache", 1.8),
            PdfColumn::right("Total", 1.8),
            PdfColumn::right("Cost", 1.4),
        ];
        let row = |(name, totals): (String, &Totals)| [name].into_iter().chain(totals_cells(totals)).collect();
        let rows = rows.map(row).chain([row(("Total".to_owned(), totals))]);
        self.add_table(&columns, &rows.collect::<Vec<Vec<String>>>(), true);
    }

    /// Adds a chart of the tokens of each day of a month.
    pub fn add_day_chart(&mut self, month: NaiveDate, tokens_of: impl Fn(NaiveDate) -> u128) {
        let tokens: Vec<(NaiveDate, u128)> = days_of_month(month).map(|day| (day, tokens_of(day))).collect();
        let highest = tokens.iter().map(|(_, tokens)| *tokens).max().unwrap_or_default();
        let bar =
            |(day, tokens): &(NaiveDate, u128)| Bar { label: day.format("%-d").to_string(), value: *tokens as f64 };
        let description = format!(
            "Bar chart of the tokens of each day of {}. The highest bar stands for {}. The table below has all values.",
            month.format("%B %Y"),
            format_tokens(highest)
        );
        let bars: Vec<Bar> = tokens.iter().map(bar).collect();
        self.add_chart(&bars, &format!("{} tokens", format_compact(highest)), description);
    }
}

fn totals_cells(totals: &Totals) -> [String; 5] {
    let lower_bound = if totals.under_logged_messages > 0 { "*" } else { "" };
    [
        format_compact(totals.input_tokens),
        format!("{}{lower_bound}", format_compact(totals.output_tokens)),
        format_compact(totals.cache_creation_tokens + totals.cache_read_tokens),
        format_number(totals.total_tokens),
        format_cost(totals.total_cost, totals.unpriced_tokens),
    ]
}

/// Returns the days of the month with this first day.
fn days_of_month(first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    std::iter::successors(Some(first), |day| day.checked_add_days(Days::new(1))).take_while(move |day| *day < next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_all_its_days() {
        let first = NaiveDate::from_ymd_opt(2024, 2, 1).expect("a day");
        assert_eq!(days_of_month(first).count(), 29);
    }
}
