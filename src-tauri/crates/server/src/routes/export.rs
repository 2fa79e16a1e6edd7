//! `/api/v1/export`: usage in groups as a file for other programs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use token_monitor_core::report::model::{Grouping, ReportQuery};
use token_monitor_export::{Billing, ExportFormat, render_export};

use crate::entity_tag::{EntityTag, JSON};
use crate::problem::ProblemDetails;
use crate::query::Query;
use crate::routes::reports::{has_relative_days, request_report};
use crate::routes::selection::selection_params;
use crate::server::ServerState;

/// The header of a file in which usage may be missing: folders or logs could not be read.
const INCOMPLETE: HeaderName = HeaderName::from_static("token-monitor-incomplete");

selection_params! {
    /// The parameters of an export.
    ExportParams {
        /// The properties that distinguish rows; day and model by default.
        by: Vec<Grouping>,
        /// The format of the file.
        format: ExportFormat,
        /// For FOCUS: the way in which the usage is paid.
        billing: Billing,
    }
}

impl ExportParams {
    fn to_query(&self) -> ReportQuery {
        let by = if self.by.is_empty() { vec![Grouping::Day, Grouping::Model] } else { self.by.clone() };
        ReportQuery {
            by: self.format.groupings(by),
            filter: self.to_filter(),
            zone: self.timezone,
            ..ReportQuery::default()
        }
    }
}

/// Returns usage in groups as a file.
#[utoipa::path(
    get,
    path = "/api/v1/export",
    tag = "reports",
    summary = "Usage as CSV, TSV, JSON or FOCUS",
    params(ExportParams),
    responses((
        status = 200,
        description = "As `token-monitor export` writes it. The header `Token-Monitor-Incomplete` is `true` if folders or \
                       logs could not be read",
        content(
            (String = "text/csv; charset=utf-8"),
            (String = "text/tab-separated-values; charset=utf-8"),
            (serde_json::Value = "application/json"),
        )
    ))
)]
pub(crate) async fn get_export(
    State(state): State<Arc<ServerState>>,
    Query(params): Query<ExportParams>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let (format, billing) = (params.format, params.billing);
    let query = params.to_query();
    let engine = state.backend.engine().await?;
    let by_revision = EntityTag::of_revision(&state, &engine, &format!("{query:?} {format:?} {billing:?}"));
    let is_timeless = !has_relative_days(&query.filter);
    if is_timeless && by_revision.is_known(&headers) {
        return Ok(by_revision.not_modified());
    }
    let by = query.by.clone();
    let report = request_report(&engine, query).await?;
    let text = render_export(&report, &by, format, billing).map_err(|error| ProblemDetails::internal(&error))?;
    let tag = if is_timeless { by_revision } else { EntityTag::of_content(text.as_bytes()) };
    let (media_type, file) = file_type(format);
    let mut response = tag.respond(&headers, media_type, text);
    if report.completeness.incomplete {
        response.headers_mut().insert(INCOMPLETE, HeaderValue::from_static("true"));
    }
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static(file));
    Ok(response)
}

/// Returns the media type of a format, and the header that names the file.
fn file_type(format: ExportFormat) -> (&'static str, &'static str) {
    match format {
        ExportFormat::Csv | ExportFormat::Focus => {
            ("text/csv; charset=utf-8", "attachment; filename=\"token-monitor.csv\"")
        }
        ExportFormat::Tsv => ("text/tab-separated-values; charset=utf-8", "attachment; filename=\"token-monitor.tsv\""),
        ExportFormat::Json => (JSON, "attachment; filename=\"token-monitor.json\""),
    }
}
