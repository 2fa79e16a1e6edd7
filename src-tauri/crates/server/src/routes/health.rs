//! `/health`, which tells if the server works, and `/api/v1/health`, which tells what was read.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use token_monitor_engine::{Health, Request, Response as EngineResponse};
use utoipa::ToSchema;

use crate::entity_tag::JSON;
use crate::problem::ProblemDetails;
use crate::routes::{json_line, respond_json};
use crate::server::ServerState;

/// The state of the server. It has no figures, names or paths.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Liveness {
    /// The state.
    status: LivenessStatus,
    /// The version of the server.
    version: &'static str,
}

/// The state of the server.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum LivenessStatus {
    /// Figures are served.
    Ok,
    /// No engine is connected.
    Unavailable,
}

/// Returns if figures are served.
#[utoipa::path(
    get,
    path = "/health",
    tag = "server",
    summary = "If figures are served",
    responses(
        (status = 200, description = "Figures are served", body = Liveness),
        (status = 503, description = "No engine is connected", body = Liveness)
    )
)]
pub(crate) async fn get_liveness(State(state): State<Arc<ServerState>>) -> Result<Response, ProblemDetails> {
    let (code, status) = match state.backend.is_connected() {
        true => (StatusCode::OK, LivenessStatus::Ok),
        false => (StatusCode::SERVICE_UNAVAILABLE, LivenessStatus::Unavailable),
    };
    let body = json_line(&Liveness { status, version: env!("CARGO_PKG_VERSION") })?;
    Ok((code, [(CONTENT_TYPE, JSON)], body).into_response())
}

/// Returns the health report of the engine.
#[utoipa::path(
    get,
    path = "/api/v1/health",
    tag = "server",
    summary = "What was read, and what was skipped and why",
    responses((
        status = 200,
        description = "As `token-monitor doctor --json` prints it, without `statusLine` and `answeredBy`",
        body = Health
    ))
)]
pub(crate) async fn get_health(
    State(state): State<Arc<ServerState>>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    match state.backend.engine().await?.request(Request::Health).await? {
        EngineResponse::Health(health) => respond_json(&headers, &health),
        _ => Err(ProblemDetails::unexpected_response()),
    }
}
