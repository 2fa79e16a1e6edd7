//! `GET /api/v1/history`: days, each divided into parts.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{NaiveDate, Utc};
use serde::Deserialize;

use crate::access::authenticate;
use crate::database::Database;
use crate::error::HubError;
use crate::history::{HistorySplit, load_history};
use crate::routes::report::parse_parameters;
use crate::routes::respond_json;

/// The parameters of a history.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HistoryParameters {
    by: HistorySplit,
    since: Option<NaiveDate>,
    /// Today by default.
    until: Option<NaiveDate>,
}

pub(super) async fn get_history(
    State(database): State<Database>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let HistoryParameters { by, since, until } = parse_parameters(query.as_deref().unwrap_or_default())?;
    let until = until.unwrap_or_else(|| Utc::now().date_naive());
    Ok(respond_json(&load_history(&database, organization, by, since, until).await?))
}
