//! Reports as documents for other programs: JSON as the command and the server print it, CSV, TSV and FOCUS.
//!
//! Columns have fixed names and a fixed order. Costs are written in billionths of a dollar without rounding, so the rows
//! add up to the totals exactly.

mod columns;
mod error;
mod focus;
mod json_rows;
mod json_text;
mod report_json;
mod separated;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::{Grouping, Report};

pub use crate::error::ExportError;
pub use crate::focus::render_focus_by_cost_center;
pub use crate::json_text::to_json;
pub use crate::report_json::ReportJson;
pub use crate::separated::{guard_formula, render_sums, write_rows};

/// The format of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180).
    #[default]
    Csv,
    /// Tab-separated values.
    Tsv,
    /// JSON with the same columns.
    Json,
    /// CSV in the FinOps FOCUS 1.3 cost and usage format.
    Focus,
}

/// The way in which the usage is paid, for FOCUS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Billing {
    /// A subscription covers the usage: nothing is billed for it.
    #[default]
    Subscription,
    /// The usage is billed at list prices.
    Api,
}

impl ExportFormat {
    /// Returns the usual extension of files in this format.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::Focus => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
        }
    }

    /// Returns the groupings in the order of the columns. FOCUS needs a period and the model.
    pub fn groupings(self, by: impl IntoIterator<Item = Grouping>) -> Vec<Grouping> {
        let mut by: BTreeSet<Grouping> = by.into_iter().collect();
        if self == Self::Focus {
            let has_period = [Grouping::Day, Grouping::Week, Grouping::Month].iter().any(|period| by.contains(period));
            by.extend((!has_period).then_some(Grouping::Day));
            by.insert(Grouping::Model);
        }
        by.into_iter().collect()
    }
}

/// Returns a report as text in a format. `by` are the groupings of its rows.
///
/// # Errors
///
/// If a value cannot be written, which is a defect.
pub fn render_export(
    report: &Report,
    by: &[Grouping],
    format: ExportFormat,
    billing: Billing,
) -> Result<String, ExportError> {
    match format {
        ExportFormat::Csv => separated::render(report, by, b','),
        ExportFormat::Tsv => separated::render(report, by, b'\t'),
        ExportFormat::Json => json_rows::render(report, by),
        ExportFormat::Focus => focus::render(report, billing),
    }
}
