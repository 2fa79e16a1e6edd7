//! `GET /api/v1/report`: the usage of the organization, in groups.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::database::Database;
use crate::error::HubError;
use crate::report::{ReportRequest, TeamReport};
use crate::routes::{credential, respond_json};

/// The parameters of a report.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ReportParameters {
    /// The groups, separated by commas.
    by: Option<String>,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    member: Option<String>,
}

pub(super) async fn get_report(
    State(database): State<Database>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    let organization = credential(&headers)?.authenticate(&database).await?;
    let request = parse_request(query.as_deref().unwrap_or_default())?;
    Ok(respond_json(&TeamReport::load(&database, organization, &request).await?))
}

fn parse_request(query: &str) -> Result<ReportRequest, HubError> {
    let ReportParameters { by, since, until, member } = serde_html_form::from_str(query)
        .map_err(|error| HubError::BadRequest(format!("the parameters are not valid: {error}")))?;
    let groups = by.iter().flat_map(|by| by.split(',')).filter(|group| !group.is_empty());
    let by = groups.map(str::parse).collect::<Result<_, String>>().map_err(HubError::BadRequest)?;
    Ok(ReportRequest { by, since, until, member })
}
