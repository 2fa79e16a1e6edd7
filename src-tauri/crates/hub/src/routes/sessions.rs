//! `GET /api/v1/sessions`: the sessions of those who share them.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{Days, NaiveDate, Utc};
use serde::Deserialize;

use crate::access::authenticate;
use crate::database::Database;
use crate::error::HubError;
use crate::report::check_day;
use crate::routes::report::parse_parameters;
use crate::routes::respond_json;
use crate::team_sessions::list_sessions;

/// The number of days before the last one without a first day in the request.
const DEFAULT_DAYS: Days = Days::new(6);

/// The parameters of a list of sessions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SessionParameters {
    since: Option<NaiveDate>,
    /// Today by default.
    until: Option<NaiveDate>,
}

pub(super) async fn get_sessions(
    State(database): State<Database>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let SessionParameters { since, until } = parse_parameters(query.as_deref().unwrap_or_default())?;
    let now = Utc::now();
    let until = until.unwrap_or_else(|| now.date_naive());
    let since = since.unwrap_or_else(|| until.checked_sub_days(DEFAULT_DAYS).unwrap_or(until));
    [since, until].into_iter().try_for_each(check_day)?;
    Ok(respond_json(&list_sessions(&database, organization, (since, until), now).await?))
}
