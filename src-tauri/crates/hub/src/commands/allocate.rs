//! `allocate`: the usage of an organization by cost center.

use token_monitor_export::Billing;

use crate::allocation::{AllocationFormat, AllocationReport};
use crate::args::{AllocateArgs, OutputFormat};
use crate::commands::report::{group_texts, render_totals, select};
use crate::commands::{print_document, print_text};
use crate::database::Database;
use crate::error::HubError;
use crate::report::ReportGroup;

/// The name of usage that no rule matches.
const UNALLOCATED: &str = "unallocated";

pub(super) async fn run(database: &Database, args: AllocateArgs) -> Result<(), HubError> {
    let format = chosen_format(&args);
    let (organization, request) = select(database, args.by, args.selection).await?;
    let request = format.map_or(request.clone(), |format| format.adapt_request(request));
    let report = AllocationReport::load(database, organization, &request).await?;
    let billing = if args.billed { Billing::Api } else { Billing::Subscription };
    match format {
        None => print_text(&render(&report, &request.groups())),
        Some(format) => print_document(&report.to_document(&request, format, billing)?),
    }
}

/// Returns the format of the document, or `None` for a table.
fn chosen_format(args: &AllocateArgs) -> Option<AllocationFormat> {
    match args.format {
        _ if args.json => Some(AllocationFormat::Json),
        _ if args.csv => Some(AllocationFormat::Csv),
        OutputFormat::Table => None,
        OutputFormat::Json => Some(AllocationFormat::Json),
        OutputFormat::Csv => Some(AllocationFormat::Csv),
        OutputFormat::Focus => Some(AllocationFormat::Focus),
    }
}

fn render(report: &AllocationReport, by: &[ReportGroup]) -> String {
    let names: Vec<&str> = ["cost center"].into_iter().chain(by.iter().map(|group| group.name())).collect();
    let rows = report.rows.iter().map(|row| {
        let cost_center = row.cost_center.clone().unwrap_or_else(|| UNALLOCATED.to_owned());
        let texts = [cost_center].into_iter().chain(group_texts(&row.values, by)).collect();
        (texts, &row.totals)
    });
    render_totals(&names, rows, &report.totals)
}
