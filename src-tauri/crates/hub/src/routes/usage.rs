//! `POST /api/v1/usage`: receives an update of a device.

use axum::Extension;
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
use crate::metrics::HubMetrics;
use crate::routes::{body, respond_json};

pub(super) async fn post_usage(
    State(database): State<Database>,
    Extension(metrics): Extension<HubMetrics>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HubError> {
    let credential = credential(&headers)?;
    // Bodies are large, so only those of devices are read. The transaction checks the credential again.
    credential.authenticate(&database).await?;
    let update: TeamUpdate = body::read_json(&headers, body).await?;
    let receipt = intake::receive(&database, &credential, &update, Utc::now()).await?;
    metrics.add_rows(update.rows.len());
    Ok(respond_json(&receipt))
}
