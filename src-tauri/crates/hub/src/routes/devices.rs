//! `GET /api/v1/devices`: the devices of the organization.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use crate::access::authenticate;
use crate::database::Database;
use crate::error::HubError;
use crate::members::list_devices;
use crate::routes::respond_json;

pub(super) async fn get_devices(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    Ok(respond_json(&json!({ "devices": list_devices(&database, organization).await? })))
}
