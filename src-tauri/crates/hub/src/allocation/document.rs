//! Allocation reports as CSV and FOCUS.

use serde::Deserialize;
use serde_json::Value;
use token_monitor_core::report::model::{GroupValue, Report, ReportCompleteness, ReportRow};
use token_monitor_export::{Billing, ExportError, render_focus_by_cost_center, render_sums, to_json};

use crate::allocation::{AllocationReport, AllocationRow};
use crate::error::HubError;
use crate::report::{ReportGroup, ReportRequest};

/// The format of a report by cost center.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AllocationFormat {
    /// JSON.
    #[default]
    Json,
    /// CSV: the cost center, the groups and the sums.
    Csv,
    /// CSV in the FinOps FOCUS 1.3 cost and usage format, with the column `x_CostCenter`.
    Focus,
}

impl AllocationFormat {
    /// Returns the name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Focus => "focus",
        }
    }

    /// Returns a request with the groups that the format needs and has columns for. Those of FOCUS are the day, the model, and
    /// the project and the session if they were asked for.
    pub fn adapt_request(self, request: ReportRequest) -> ReportRequest {
        match self {
            Self::Json | Self::Csv => request,
            Self::Focus => {
                let optional = [ReportGroup::Project, ReportGroup::Session];
                let kept = optional.into_iter().filter(|group| request.by.contains(group));
                let by = [ReportGroup::Day, ReportGroup::Model].into_iter().chain(kept).collect();
                ReportRequest { by, ..request }
            }
        }
    }
}

impl AllocationReport {
    /// Returns the report of a request as a document. The request must be adapted to the format.
    ///
    /// # Errors
    ///
    /// If a value cannot be written, which is a defect.
    pub fn to_document(
        &self,
        request: &ReportRequest,
        format: AllocationFormat,
        billing: Billing,
    ) -> Result<String, HubError> {
        match format {
            AllocationFormat::Json => to_json(self).map_err(|error| document_error(error.into())),
            AllocationFormat::Csv => self.to_csv(&request.groups()),
            AllocationFormat::Focus => self.to_focus(billing),
        }
    }

    fn to_csv(&self, by: &[ReportGroup]) -> Result<String, HubError> {
        let header: Vec<&str> = ["cost_center"].into_iter().chain(by.iter().map(|group| group.name())).collect();
        let rows = self.rows.iter().map(|row| {
            let groups = by.iter().map(|group| text_of(row, *group));
            let texts = [row.cost_center.clone()].into_iter().chain(groups).collect();
            (texts, &row.totals)
        });
        render_sums(&header, rows, b',').map_err(document_error)
    }

    fn to_focus(&self, billing: Billing) -> Result<String, HubError> {
        let report = Report {
            zone: "UTC".to_owned(),
            since: None,
            until: None,
            rows: self.rows.iter().map(report_row).collect(),
            row_count: self.rows.len() as u64,
            completeness: ReportCompleteness::default(),
            sums: self.totals.clone(),
        };
        let cost_centers: Vec<Option<String>> = self.rows.iter().map(|row| row.cost_center.clone()).collect();
        render_focus_by_cost_center(&report, &cost_centers, billing).map_err(document_error)
    }
}

fn text_of(row: &AllocationRow, group: ReportGroup) -> Option<String> {
    row.values.get(group.name()).and_then(Value::as_str).map(str::to_owned)
}

fn report_row(row: &AllocationRow) -> ReportRow {
    let day = text_of(row, ReportGroup::Day).and_then(|day| day.parse().ok()).unwrap_or_default();
    let model = text_of(row, ReportGroup::Model).unwrap_or_default();
    let project = text_of(row, ReportGroup::Project).map(|project| GroupValue::Project(Some(project)));
    let session = text_of(row, ReportGroup::Session).map(|session| GroupValue::Session(session, String::new()));
    let values = [GroupValue::Day(day), GroupValue::Model(model)].into_iter().chain(project).chain(session).collect();
    ReportRow { values, sums: row.totals.clone(), session: None, block: None, parts: Vec::new() }
}

fn document_error(error: ExportError) -> HubError {
    HubError::Io { what: "the document".to_owned(), source: std::io::Error::other(error) }
}
