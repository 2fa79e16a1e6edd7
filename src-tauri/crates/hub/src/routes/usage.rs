//! `POST /api/v1/usage`: receives an update of a device.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::Utc;
use token_monitor_core::team::TeamUpdate;

use crate::access::credential;
use crate::database::Database;
use crate::error::HubError;
use crate::intake;
use crate::routes::{body, respond_json};

pub(super) async fn post_usage(
    State(database): State<Database>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HubError> {
    let credential = credential(&headers)?;
    // Bodies are large, so only those of devices are read. The transaction checks the credential again.
    credential.authenticate(&database).await?;
    let update: TeamUpdate = body::read_json(&headers, body).await?;
    Ok(respond_json(&intake::receive(&database, &credential, &update, Utc::now()).await?))
}
