//! `token-monitor report`: a month's usage as a PDF to hand to somebody.

mod pages;
mod redaction;

use std::path::PathBuf;

use chrono::{Datelike, Local, NaiveDate};
use clap::Args;
use serde_json::json;
use token_monitor_core::report::grouped::DayBound;
use token_monitor_core::report::model::{Grouping, Report, ReportFilter, ReportQuery, ReportSort};
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::commands::export::write_file;
use crate::commands::month_report::redaction::redact;
use crate::connect::EngineSession;
use crate::error::CliError;
use crate::render::output::{Printer, WithCompleteness, print_bytes};

/// The options of a month's report.
#[derive(Clone, Debug, Args)]
pub(crate) struct MonthReportArgs {
    /// The month, such as 2026-11; by default the current one
    #[arg(long, value_name = "MONTH", value_parser = parse_month)]
    month: Option<NaiveDate>,

    /// Write to this file; - for standard output [default: token-monitor-MONTH.pdf]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Leave out the names of projects and sessions
    #[arg(long)]
    redact: bool,
}

/// The figures of a month.
#[derive(Clone, Debug)]
pub(crate) struct MonthFigures {
    /// The first day of the month.
    month: NaiveDate,
    days: Report,
    models: Report,
    projects: Report,
    sessions: Report,
}

/// Parses a month and returns its first day.
fn parse_month(text: &str) -> Result<NaiveDate, String> {
    match text.parse::<DayBound>() {
        Ok(DayBound::Month(first)) => Ok(first),
        Ok(DayBound::Date(_) | DayBound::LastDays(_) | DayBound::Weekday(_)) | Err(_) => {
            Err("use a month such as 2026-11".to_owned())
        }
    }
}

/// Writes the report and prints the path of the file.
pub(crate) async fn run(sources: ConfigSources, args: MonthReportArgs, printer: &Printer) -> Result<(), CliError> {
    let month = args.month.unwrap_or_else(current_month);
    let mut figures = request_figures(sources, month).await?;
    if args.redact {
        redact(&mut figures);
    }
    let bytes = pages::build_document(&figures, args.redact, clock::now())?;
    let default = || PathBuf::from(format!("token-monitor-{}.pdf", month.format("%Y-%m")));
    let file = args.output.unwrap_or_else(default);
    if file.as_os_str() == "-" {
        print_bytes(&bytes)?;
    } else {
        write_file(&file, &bytes)?;
        let path = file.display().to_string();
        let document = json!({ "file": path, "bytes": bytes.len() });
        let completeness = &figures.sessions.completeness;
        printer.print(&WithCompleteness { figures: &document, completeness }, || format!("Wrote {path}."))?;
    }
    CliError::check_complete(&figures.sessions.completeness)
}

fn current_month() -> NaiveDate {
    let today = clock::now().with_timezone(&Local).date_naive();
    today.with_day(1).unwrap_or(today)
}

async fn request_figures(sources: ConfigSources, month: NaiveDate) -> Result<MonthFigures, CliError> {
    let session = EngineSession::open(sources).await?;
    let figures = request_reports(&session, month).await;
    session.close()?;
    figures
}

async fn request_reports(session: &EngineSession, month: NaiveDate) -> Result<MonthFigures, CliError> {
    let report = async |by: Grouping, sort: Option<ReportSort>| {
        let bound = Some(DayBound::Month(month));
        let filter = ReportFilter { since: bound, until: bound, ..ReportFilter::default() };
        let query = ReportQuery { by: vec![by], filter, sort, ..ReportQuery::default() };
        match session.client.request(Request::Report(Box::new(query))).await? {
            Response::Report(report) => Ok::<Report, CliError>(*report),
            _ => Err(CliError::unexpected_response()),
        }
    };
    Ok(MonthFigures {
        month,
        days: report(Grouping::Day, None).await?,
        models: report(Grouping::Model, Some(ReportSort::Tokens)).await?,
        projects: report(Grouping::Project, Some(ReportSort::Tokens)).await?,
        sessions: report(Grouping::Session, Some(ReportSort::Tokens)).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_month_is_accepted() {
        assert_eq!(parse_month("2026-11"), Ok(NaiveDate::from_ymd_opt(2026, 11, 1).expect("a date")));
        assert!(["2026-11-01", "7d", "monday", "2026-13", ""].map(parse_month).iter().all(Result::is_err));
    }
}
