//! `GET /api/v1/report`: the usage of the organization, in groups.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::access::authenticate;
use crate::database::Database;
use crate::error::HubError;
use crate::report::{ReportGroup, ReportRequest, TeamReport};
use crate::routes::respond_json;

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

impl ReportParameters {
    fn to_request(&self) -> Result<ReportRequest, HubError> {
        let by = parse_groups(self.by.as_deref())?;
        Ok(ReportRequest { by, since: self.since, until: self.until, member: self.member.clone() })
    }
}

/// Parses the groups of a report, separated by commas.
pub(super) fn parse_groups(by: Option<&str>) -> Result<Vec<ReportGroup>, HubError> {
    let groups = by.into_iter().flat_map(|by| by.split(',')).filter(|group| !group.is_empty());
    groups.map(str::parse).collect::<Result<_, String>>().map_err(HubError::BadRequest)
}

pub(super) async fn get_report(
    State(database): State<Database>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let request = parse_request(query.as_deref().unwrap_or_default())?;
    Ok(respond_json(&TeamReport::load(&database, organization, &request).await?))
}

fn parse_request(query: &str) -> Result<ReportRequest, HubError> {
    parse_parameters::<ReportParameters>(query)?.to_request()
}

/// Parses the parameters of an address.
pub(super) fn parse_parameters<T: DeserializeOwned>(query: &str) -> Result<T, HubError> {
    serde_html_form::from_str(query)
        .map_err(|error| HubError::BadRequest(format!("the parameters are not valid: {error}")))
}
