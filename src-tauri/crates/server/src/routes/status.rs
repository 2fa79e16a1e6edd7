//! `/api/v1/status` and `/api/v1/quota`: the figures of this moment.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::DateTime;
use serde::Serialize;
use token_monitor_core::report::model::{QuotaStats, ReachedLimit, Snapshot};
use token_monitor_engine::{Request, Response as EngineResponse};
use utoipa::ToSchema;

use crate::entity_tag::{EntityTag, JSON};
use crate::problem::ProblemDetails;
use crate::routes::{json_line, respond_json};
use crate::server::ServerState;

/// The official quota windows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuotaJson {
    /// The windows, the five-hour window first.
    quota: Vec<QuotaStats>,
    /// The limits that are reached and whose reset time is unknown.
    reached_limits: Vec<ReachedLimit>,
}

/// Returns the figures of this moment.
#[utoipa::path(
    get,
    path = "/api/v1/status",
    tag = "figures",
    summary = "The figures of this moment",
    responses((status = 200, description = "As `token-monitor status --json` prints them", body = Snapshot))
)]
pub(crate) async fn get_status(
    State(state): State<Arc<ServerState>>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let snapshot = request_snapshot(&state).await?;
    // The same figures at another time are the same.
    let timeless = json_line(&Snapshot { at: DateTime::UNIX_EPOCH, ..snapshot.clone() })?;
    Ok(EntityTag::of_content(timeless.as_bytes()).respond(&headers, JSON, json_line(&snapshot)?))
}

/// Returns the official quota windows.
#[utoipa::path(
    get,
    path = "/api/v1/quota",
    tag = "figures",
    summary = "The official quota windows",
    responses((status = 200, description = "The rows of the status", body = QuotaJson))
)]
pub(crate) async fn get_quota(
    State(state): State<Arc<ServerState>>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let Snapshot { quota, reached_limits, .. } = request_snapshot(&state).await?;
    respond_json(&headers, &QuotaJson { quota, reached_limits })
}

async fn request_snapshot(state: &ServerState) -> Result<Snapshot, ProblemDetails> {
    match state.backend.engine().await?.request(Request::Snapshot).await? {
        EngineResponse::Snapshot(snapshot) => Ok(*snapshot),
        _ => Err(ProblemDetails::unexpected_response()),
    }
}
