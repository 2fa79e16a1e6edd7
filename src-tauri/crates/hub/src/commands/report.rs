//! `report`: the usage of an organization as text or JSON.

use serde_json::{Map, Value};
use token_monitor_core::report::model::ExactTotals;
use token_monitor_core::text::format::{format_dollars, format_number};
use uuid::Uuid;

use crate::args::{SelectionArgs, TeamReportArgs};
use crate::commands::{print_json, print_text, render_table};
use crate::database::Database;
use crate::error::HubError;
use crate::members::Members;
use crate::report::{ReportGroup, ReportRequest, TeamReport};

pub(super) async fn run(database: &Database, args: TeamReportArgs) -> Result<(), HubError> {
    let TeamReportArgs { by, selection, json } = args;
    let (organization, request) = select(database, by, selection).await?;
    let report = TeamReport::load(database, organization, &request).await?;
    if json { print_json(&report) } else { print_text(&render(&report, &request.by)) }
}

/// Finds an organization, and returns the request for its usage.
pub(super) async fn select(
    database: &Database,
    by: Vec<ReportGroup>,
    selection: SelectionArgs,
) -> Result<(Uuid, ReportRequest), HubError> {
    let SelectionArgs { since, until, member, organization } = selection;
    let organization = Members::find(database, &organization.org).await?.organization();
    Ok((organization, ReportRequest { by, since, until, member }))
}

fn render(report: &TeamReport, by: &[ReportGroup]) -> String {
    let names: Vec<&str> = by.iter().map(|group| group.name()).collect();
    let rows = report.rows.iter().map(|row| (group_texts(&row.values, by), &row.totals));
    render_totals(&names, rows, &report.totals)
}

/// Returns the values of groups as text.
pub(super) fn group_texts(values: &Map<String, Value>, by: &[ReportGroup]) -> Vec<String> {
    let text = |group: &ReportGroup| values.get(group.name()).and_then(Value::as_str).unwrap_or("-").to_owned();
    by.iter().map(text).collect()
}

/// Returns a table of sums, with the totals at its end. `names` are the headings of the texts before the sums.
pub(super) fn render_totals<'a>(
    names: &[&str],
    rows: impl Iterator<Item = (Vec<String>, &'a ExactTotals)>,
    totals: &ExactTotals,
) -> String {
    let sums = ["Input", "Output", "Cache write", "Cache read", "Total", "Cost"];
    let head = names.iter().copied().chain(sums).map(str::to_owned).collect();
    let rows = rows.map(|(texts, totals)| texts.into_iter().chain(render_sums(totals)).collect());
    let labels = (0..names.len()).map(|column| if column == 0 { "total".to_owned() } else { String::new() });
    let total = labels.chain(render_sums(totals)).collect();
    render_table(&std::iter::once(head).chain(rows).chain([total]).collect::<Vec<_>>(), names.len())
}

fn render_sums(sums: &ExactTotals) -> [String; 6] {
    let totals = &sums.totals;
    let cost = totals.total_cost.map_or_else(|| "-".to_owned(), format_dollars);
    let [input, output, write, read, total] = [
        totals.input_tokens,
        totals.output_tokens,
        totals.cache_creation_tokens,
        totals.cache_read_tokens,
        totals.total_tokens,
    ]
    .map(format_number);
    [input, output, write, read, total, cost]
}
