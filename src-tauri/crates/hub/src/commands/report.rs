//! `report`: the usage of an organization as text or JSON.

use serde_json::Value;
use token_monitor_core::report::model::ExactTotals;
use token_monitor_core::text::format::{format_dollars, format_number};

use crate::args::TeamReportArgs;
use crate::commands::{print_json, print_text, render_table};
use crate::database::Database;
use crate::error::HubError;
use crate::members::Members;
use crate::report::{ReportGroup, ReportRequest, TeamReport};

pub(super) async fn run(database: &Database, args: TeamReportArgs) -> Result<(), HubError> {
    let organization = Members::find(database, &args.organization.org).await?.organization();
    let TeamReportArgs { by, since, until, member, json, organization: _ } = args;
    let request = ReportRequest { by, since, until, member };
    let report = TeamReport::load(database, organization, &request).await?;
    if json { print_json(&report) } else { print_text(&render(&report, &request.by)) }
}

fn render(report: &TeamReport, by: &[ReportGroup]) -> String {
    let sums = ["Input", "Output", "Cache write", "Cache read", "Total", "Cost"];
    let head = by.iter().map(|group| group.name()).chain(sums).map(str::to_owned).collect();
    let value = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("-").to_owned();
    let rows = report.rows.iter().map(|row| {
        let values = by.iter().map(|group| value(row.values.get(group.name())));
        values.chain(render_sums(&row.totals)).collect()
    });
    let labels = (0..by.len()).map(|column| if column == 0 { "total".to_owned() } else { String::new() });
    let total = labels.chain(render_sums(&report.totals)).collect();
    render_table(&std::iter::once(head).chain(rows).chain([total]).collect::<Vec<_>>(), by.len())
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
