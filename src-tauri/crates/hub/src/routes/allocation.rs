//! `GET /api/v1/allocation`: the usage of the organization by cost center.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{NaiveDate, Utc};
use serde::Deserialize;
use token_monitor_export::Billing;
use uuid::Uuid;

use crate::access::authenticate;
use crate::allocation::{AllocationFormat, AllocationReport, MonthAllocation, last_day_of, parse_month};
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
    /// All days of a month, such as `2026-11`.
    month: Option<String>,
    member: Option<String>,
    format: ResponseFormat,
    billing: Billing,
}

/// The format of a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ResponseFormat {
    #[default]
    Json,
    Csv,
    Focus,
    /// A report of a month.
    Pdf,
}

impl AllocationParameters {
    /// Returns the first day of the month.
    fn first_day(&self) -> Result<Option<NaiveDate>, HubError> {
        self.month.as_deref().map(parse_month).transpose().map_err(HubError::BadRequest)
    }

    fn to_request(&self) -> Result<ReportRequest, HubError> {
        let (since, until) = match self.first_day()? {
            Some(_) if self.since.or(self.until).is_some() => {
                return Err(HubError::BadRequest("use either month, or since and until".to_owned()));
            }
            Some(month) => (Some(month), Some(last_day_of(month))),
            None => (self.since, self.until),
        };
        Ok(ReportRequest { by: parse_groups(self.by.as_deref())?, since, until, member: self.member.clone() })
    }

    /// Returns the first day of the month of a PDF, which has no other parameters than the member.
    fn month_of_pdf(&self) -> Result<NaiveDate, HubError> {
        if self.by.is_some() || self.since.or(self.until).is_some() {
            return Err(HubError::BadRequest(
                "a PDF has groups and days of its own; leave out by, since and until".to_owned(),
            ));
        }
        self.first_day()?.ok_or_else(|| HubError::BadRequest("a PDF needs a month".to_owned()))
    }
}

pub(super) async fn get_allocation(
    State(database): State<Database>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let parameters: AllocationParameters = parse_parameters(query.as_deref().unwrap_or_default())?;
    match parameters.format {
        ResponseFormat::Json => {
            let request = parameters.to_request()?;
            Ok(respond_json(&AllocationReport::load(&database, organization, &request).await?))
        }
        ResponseFormat::Csv => respond_csv(&database, organization, &parameters, AllocationFormat::Csv).await,
        ResponseFormat::Focus => respond_csv(&database, organization, &parameters, AllocationFormat::Focus).await,
        ResponseFormat::Pdf => {
            let month = parameters.month_of_pdf()?;
            let report = MonthAllocation::load(&database, organization, month, parameters.member).await?;
            let name = format!("allocation-{}.pdf", month.format("%Y-%m"));
            Ok(respond_file("application/pdf", &name, report.to_pdf(Utc::now())?))
        }
    }
}

async fn respond_csv(
    database: &Database,
    organization: Uuid,
    parameters: &AllocationParameters,
    format: AllocationFormat,
) -> Result<Response, HubError> {
    let request = format.adapt_request(parameters.to_request()?);
    let report = AllocationReport::load(database, organization, &request).await?;
    let document = report.to_document(&request, format, parameters.billing)?;
    Ok(respond_file("text/csv; charset=utf-8", format.file_name(), document))
}

/// Returns a document that a browser saves as a file.
fn respond_file(content_type: &str, name: &str, body: impl IntoResponse) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, disposition.as_str())];
    (headers, body).into_response()
}
