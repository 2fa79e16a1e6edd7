//! The reports: `days`, `weeks`, `months`, `sessions`, `models`, `projects` and `blocks`.
//!
//! All of them ask the engine for one grouped report. Totals are those of the rows shown.

pub(crate) mod args;
mod table;

use token_monitor_core::report::model::{Grouping, Report, ReportQuery};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};
use token_monitor_export::{Billing, ExportFormat, ReportJson, render_export};

use crate::commands::report::args::ReportArgs;
pub(crate) use crate::commands::report::table::value_text;
use crate::connect::request_once;
use crate::error::CliError;
use crate::render::output::{Printer, print_raw};

/// Prints the report whose rows are given by `query.by`. Its other options come from `args`.
pub(crate) async fn run(
    sources: ConfigSources,
    by: Grouping,
    args: &ReportArgs,
    query: ReportQuery,
    printer: &Printer,
) -> Result<(), CliError> {
    let query = ReportQuery { by: vec![by], ..query };
    let report = request_report(sources, query).await?;
    if args.csv {
        print_raw(&render_export(&report, &[by], ExportFormat::Csv, Billing::default())?)?;
    } else {
        let render = || table::render_report(&report, by, args.breakdown, printer.width);
        printer.print(&ReportJson { report: &report, by }, render)?;
    }
    CliError::check_complete(&report.completeness)
}

/// Returns a report from the engine.
pub(crate) async fn request_report(sources: ConfigSources, query: ReportQuery) -> Result<Report, CliError> {
    match request_once(sources, Request::Report(Box::new(query))).await? {
        Response::Report(report) => Ok(*report),
        _ => Err(CliError::unexpected_response()),
    }
}
