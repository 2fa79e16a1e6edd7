//! `/api/v1/limits`: the official limits that devices share. A device replaces its own with its token.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::Utc;
use serde_json::json;
use token_monitor_core::team::SharedLimits;

use crate::access::{authenticate, credential};
use crate::database::Database;
use crate::error::HubError;
use crate::limits::{list_limits, receive_limits};
use crate::routes::body::read_json;
use crate::routes::respond_json;

pub(super) async fn get_limits(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    Ok(respond_json(&json!({ "limits": list_limits(&database, organization, Utc::now()).await? })))
}

pub(super) async fn put_limits(
    State(database): State<Database>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, HubError> {
    let credential = credential(&headers)?;
    credential.authenticate(&database).await?;
    let limits: SharedLimits = read_json(&headers, body).await?;
    receive_limits(&database, &credential, &limits, Utc::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
