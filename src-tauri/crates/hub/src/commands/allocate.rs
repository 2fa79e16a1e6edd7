//! `allocate`: the usage of an organization by cost center.

use std::path::Path;

use chrono::{NaiveDate, Utc};
use token_monitor_export::Billing;

use crate::allocation::{AllocationFormat, AllocationReport, MonthAllocation, UNALLOCATED, last_day_of};
use crate::args::{AllocateArgs, OutputFormat, SelectionArgs};
use crate::commands::report::{group_texts, render_totals, select};
use crate::commands::{print_bytes, print_document};
use crate::database::Database;
use crate::error::HubError;
use crate::members::Members;
use crate::report::ReportGroup;

/// The name of a file that stands for standard output.
const STANDARD_OUTPUT: &str = "-";

pub(super) async fn run(database: &Database, args: AllocateArgs) -> Result<(), HubError> {
    let file = args.output.as_deref().filter(|file| file.as_os_str() != STANDARD_OUTPUT);
    if args.format == OutputFormat::Pdf {
        let bytes = make_month_report(database, &args).await?;
        return match file {
            Some(file) => write_file(file, &bytes),
            None => print_bytes(&bytes),
        };
    }
    let text = make_text(database, &args).await?;
    match file {
        Some(file) => write_file(file, text.as_bytes()),
        None => print_document(&text),
    }
}

/// Makes the PDF of a month.
async fn make_month_report(database: &Database, args: &AllocateArgs) -> Result<Vec<u8>, HubError> {
    let month = args.month.ok_or_else(|| HubError::BadRequest("a PDF needs a month; add --month".to_owned()))?;
    if !args.by.is_empty() {
        return Err(HubError::BadRequest("a PDF has groups of its own; leave out --by".to_owned()));
    }
    let organization = Members::find(database, &args.selection.organization.org).await?.organization();
    let member = args.selection.member.clone();
    MonthAllocation::load(database, organization, month, member).await?.to_pdf(Utc::now())
}

/// Makes a report as text, JSON or CSV.
async fn make_text(database: &Database, args: &AllocateArgs) -> Result<String, HubError> {
    let format = chosen_format(args);
    let (organization, request) = select(database, args.by.clone(), selected_days(args)).await?;
    let request = format.map_or(request.clone(), |format| format.adapt_request(request));
    let report = AllocationReport::load(database, organization, &request).await?;
    let billing = if args.billed { Billing::Api } else { Billing::Subscription };
    match format {
        None => Ok(render(&report, &request.groups())),
        Some(format) => report.to_document(&request, format, billing),
    }
}

/// Returns the selection with the days of the month, if there is one.
fn selected_days(args: &AllocateArgs) -> SelectionArgs {
    let days = |month: NaiveDate| SelectionArgs {
        since: Some(month),
        until: Some(last_day_of(month)),
        ..args.selection.clone()
    };
    args.month.map_or_else(|| args.selection.clone(), days)
}

/// Returns the format of the document, or `None` for a table.
fn chosen_format(args: &AllocateArgs) -> Option<AllocationFormat> {
    match args.format {
        _ if args.json => Some(AllocationFormat::Json),
        _ if args.csv => Some(AllocationFormat::Csv),
        OutputFormat::Table | OutputFormat::Pdf => None,
        OutputFormat::Json => Some(AllocationFormat::Json),
        OutputFormat::Csv => Some(AllocationFormat::Csv),
        OutputFormat::Focus => Some(AllocationFormat::Focus),
    }
}

fn write_file(file: &Path, bytes: &[u8]) -> Result<(), HubError> {
    std::fs::write(file, bytes).map_err(|source| HubError::Io { what: file.display().to_string(), source })
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
