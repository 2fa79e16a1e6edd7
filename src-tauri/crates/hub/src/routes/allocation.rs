//! `GET /api/v1/allocation`: the usage of the organization by cost center.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use token_monitor_export::Billing;

use crate::access::authenticate;
use crate::allocation::{AllocationFormat, AllocationReport};
use crate::database::Database;
use crate::error::HubError;
use crate::report::ReportRequest;
use crate::routes::report::{parse_groups, parse_parameters};
use crate::routes::respond_json;

/// The parameters of a report by cost center.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AllocationParameters {
    /// The groups, separated by commas.
    by: Option<String>,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    member: Option<String>,
    format: AllocationFormat,
    billing: Billing,
}

pub(super) async fn get_allocation(
    State(database): State<Database>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let parameters: AllocationParameters = parse_parameters(query.as_deref().unwrap_or_default())?;
    let AllocationParameters { by, since, until, member, format, billing } = parameters;
    let request = ReportRequest { by: parse_groups(by.as_deref())?, since, until, member };
    let request = format.adapt_request(request);
    let report = AllocationReport::load(&database, organization, &request).await?;
    match format {
        AllocationFormat::Json => Ok(respond_json(&report)),
        AllocationFormat::Csv | AllocationFormat::Focus => {
            let disposition = format!("attachment; filename=\"allocation-{}.csv\"", format.name());
            let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, disposition.as_str())];
            Ok((headers, report.to_document(&request, format, billing)?).into_response())
        }
    }
}
