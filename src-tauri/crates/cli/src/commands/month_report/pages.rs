//! The contents of a month's report.

use chrono::{DateTime, NaiveDate, Utc};
use token_monitor_core::report::model::{GroupValue, Report, ReportRow, Totals};
use token_monitor_core::text::format::{
    ViewerZone, format_cost, format_count, format_date, format_number, format_table_time, format_tokens,
};
use token_monitor_pdf::{PdfColumn, PdfDocument, USAGE_FOOTER};

use crate::commands::month_report::MonthFigures;
use crate::commands::report::value_text;
use crate::error::CliError;
use crate::render::format::format_total_cost;

/// The most sessions that are listed.
const MAX_SESSIONS: usize = 500;

/// Returns the PDF of a month.
pub(super) fn build_document(
    figures: &MonthFigures,
    is_redacted: bool,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, CliError> {
    let mut document = PdfDocument::new(&format!("Claude Code usage, {}", figures.month.format("%B %Y")));
    add_introduction(&mut document, figures, is_redacted, now);
    add_summary(&mut document, figures);
    add_days(&mut document, figures);
    add_groups(&mut document, "By project", "Project", &figures.projects);
    add_groups(&mut document, "By model", "Model", &figures.models);
    add_sessions(&mut document, &figures.sessions, is_redacted);
    document.finish(USAGE_FOOTER, now).map_err(|error| CliError::request_failed(error.to_string()))
}

fn add_introduction(document: &mut PdfDocument, figures: &MonthFigures, is_redacted: bool, now: DateTime<Utc>) {
    let zone = ViewerZone::from_name(&figures.days.zone);
    document.add_paragraph(&format!(
        "Made by Token Monitor {} on {} from the logs of Claude Code on one computer. Days are in {}.",
        env!("CARGO_PKG_VERSION"),
        format_date(now, zone),
        figures.days.zone
    ));
    document.add_usage_notes(&figures.days.sums.totals);
    if is_redacted {
        document.add_paragraph("The names of projects and sessions are left out.");
    }
}

fn add_summary(document: &mut PdfDocument, figures: &MonthFigures) {
    let totals = &figures.days.sums.totals;
    let count = |report: &Report| format_number(report.rows.len() as u128);
    let busiest = figures.days.rows.iter().max_by_key(|row| row.sums.totals.total_tokens);
    let busiest = busiest.and_then(|row| Some((day_of(row)?, row.sums.totals.total_tokens)));
    let busiest = busiest.map(|(day, tokens)| format!("{}: {}", day.format("%B %-d"), format_tokens(tokens)));
    let rows = [
        ("Tokens", format_number(totals.total_tokens)),
        ("Input", format_number(totals.input_tokens)),
        ("Output", format_number(totals.output_tokens)),
        ("Cache writes", format_number(totals.cache_creation_tokens)),
        ("Cache reads", format_number(totals.cache_read_tokens)),
        ("Cost", format_total_cost(totals)),
        ("Messages", format_number(u128::from(totals.message_count))),
        ("Sessions", count(&figures.sessions)),
        ("Projects", count(&figures.projects)),
        ("Days with messages", count(&figures.days)),
        ("Busiest day", busiest.unwrap_or_else(|| "none".to_owned())),
    ];
    document.add_section("Summary");
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    document.add_table(&[PdfColumn::left("Figure", 1.0), PdfColumn::left("Value", 2.0)], &rows, false);
}

fn add_days(document: &mut PdfDocument, figures: &MonthFigures) {
    let tokens_of = |date: NaiveDate| {
        let row = figures.days.rows.iter().find(|row| day_of(row) == Some(date));
        row.map_or(0, |row| row.sums.totals.total_tokens)
    };
    document.add_section("By day");
    document.add_day_chart(figures.month, tokens_of);
    add_rows(document, "Day", &figures.days);
}

fn day_of(row: &ReportRow) -> Option<NaiveDate> {
    match row.values.first() {
        Some(GroupValue::Day(date)) => Some(*date),
        _ => None,
    }
}

fn add_groups(document: &mut PdfDocument, title: &str, header: &'static str, report: &Report) {
    document.add_section(title);
    add_rows(document, header, report);
}

/// Adds a table with a row for each group and one for the total.
fn add_rows(document: &mut PdfDocument, header: &'static str, report: &Report) {
    let rows = report.rows.iter().map(|row| (group_name(row), &row.sums.totals));
    document.add_usage_table(header, rows, &report.sums.totals);
}

fn group_name(row: &ReportRow) -> String {
    row.values.first().map(value_text).unwrap_or_default()
}

fn add_sessions(document: &mut PdfDocument, report: &Report, is_redacted: bool) {
    document.add_section("Sessions");
    let zone = ViewerZone::from_name(&report.zone);
    let columns = [
        PdfColumn::left("Session", 3.1),
        PdfColumn::left("Project", 1.7),
        PdfColumn::left("Last activity", 2.3),
        PdfColumn::right("Tokens", 2.0),
        PdfColumn::right("Cost", 1.3),
    ];
    let columns = if is_redacted { vec![columns[0], columns[3], columns[4]] } else { columns.to_vec() };
    let shown = report.rows.iter().take(MAX_SESSIONS).map(|row| session_cells(row, zone, is_redacted));
    let mut rows: Vec<Vec<String>> = shown.collect();
    rows.push(session_row("Total", &report.sums.totals, is_redacted));
    document.add_table(&columns, &rows, true);
    if let more @ 1.. = report.rows.len().saturating_sub(MAX_SESSIONS) {
        let count = format_count(more as u128, "smaller session is", "smaller sessions are");
        document.add_paragraph(&format!("{count} part of the total, but not listed."));
    }
}

fn session_cells(row: &ReportRow, zone: ViewerZone, is_redacted: bool) -> Vec<String> {
    let mut cells = session_row(&group_name(row), &row.sums.totals, is_redacted);
    if let Some(session) = row.session.as_ref().filter(|_| !is_redacted) {
        let path = session.project_path.as_deref().unwrap_or_default();
        let folder = path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
        cells[1] = token_monitor_core::text::sanitize::sanitize_line(folder);
        cells[2] = format_table_time(session.last_activity, zone);
    }
    cells
}

fn session_row(name: &str, totals: &Totals, is_redacted: bool) -> Vec<String> {
    let empty = if is_redacted { 0 } else { 2 };
    let figures = [format_number(totals.total_tokens), format_cost(totals.total_cost, totals.unpriced_tokens)];
    std::iter::once(name.to_owned()).chain(std::iter::repeat_n(String::new(), empty)).chain(figures).collect()
}
