//! Reports as files for other programs: CSV, TSV, JSON and FOCUS.
//!
//! Columns have fixed names and a fixed order. Costs are written in billionths of a dollar without rounding, so the rows
//! add up to the totals exactly.

mod columns;
mod focus;
mod json;
mod separated;

use clap::ValueEnum;
use token_monitor_core::report::model::{Grouping, Report};

use crate::error::CliError;
pub(crate) use crate::render::export::separated::{guard_formula, write_rows};

/// The format of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Comma-separated values (RFC 4180)
    #[default]
    Csv,
    /// Tab-separated values
    Tsv,
    /// JSON with the same columns
    Json,
    /// CSV in the FinOps FOCUS 1.3 cost and usage format
    Focus,
}

/// The way in which the usage is paid, for FOCUS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum BillingArg {
    /// A subscription covers the usage: nothing is billed for it
    #[default]
    Subscription,
    /// The usage is billed at list prices
    Api,
}

/// Returns a report as text in a format. `by` are the groupings of its rows.
pub(crate) fn render_export(
    report: &Report,
    by: &[Grouping],
    format: ExportFormat,
    billing: BillingArg,
) -> Result<String, CliError> {
    match format {
        ExportFormat::Csv => separated::render(report, by, b','),
        ExportFormat::Tsv => separated::render(report, by, b'\t'),
        ExportFormat::Json => json::render(report, by),
        ExportFormat::Focus => focus::render(report, billing),
    }
}
