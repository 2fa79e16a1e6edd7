//! The addresses of the server.

pub(crate) mod alerts;
mod dashboard;
mod documents;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod reports;
mod selection;
pub(crate) mod sessions;
mod sign_in;
pub(crate) mod static_files;
pub(crate) mod status;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;
use token_monitor_export::to_json;

use crate::access::guard::guard_request;
use crate::entity_tag::{EntityTag, JSON};
use crate::live::{events, socket};
use crate::problem::ProblemDetails;
use crate::server::ServerState;

/// Returns all routes behind the checks that every request has to pass.
pub(crate) fn router(state: Arc<ServerState>) -> Router {
    Router::new()
        .nest("/api/v1", api_router())
        .route("/health", get(health::get_liveness))
        .route("/metrics", get(metrics::get_metrics))
        .route("/openapi.json", get(documents::get_openapi))
        .route("/docs", get(documents::get_docs))
        .route("/docs.js", get(documents::get_docs_script))
        .route("/docs.css", get(documents::get_docs_style))
        .route("/dashboard/start", get(dashboard::get_start))
        .route("/dashboard/request", post(dashboard::post_request))
        .route("/sign-in", get(sign_in::get_sign_in).post(sign_in::post_sign_in))
        .route("/sign-in.css", get(sign_in::get_style))
        .route("/sign-out", post(sign_in::post_sign_out))
        .route("/", get(static_files::get_page))
        .fallback(static_files::get_asset)
        .method_not_allowed_fallback(refuse_method)
        .layer(from_fn_with_state(Arc::clone(&state), guard_request))
        .with_state(state)
}

fn api_router() -> Router<Arc<ServerState>> {
    Router::new()
        .route("/status", get(status::get_status))
        .route("/quota", get(status::get_quota))
        .route("/sessions", get(reports::get_sessions))
        .route("/sessions/{id}", get(sessions::get_session).patch(sessions::patch_session))
        .route("/blocks", get(reports::get_blocks))
        .route("/days", get(reports::get_days))
        .route("/weeks", get(reports::get_weeks))
        .route("/months", get(reports::get_months))
        .route("/models", get(reports::get_models))
        .route("/projects", get(reports::get_projects))
        .route("/alerts", get(alerts::get_alerts))
        .route("/export", get(export::get_export))
        .route("/health", get(health::get_health))
        .route("/events", get(events::get_events))
        .route("/live", get(socket::get_live))
}

async fn refuse_method() -> ProblemDetails {
    ProblemDetails::new(StatusCode::METHOD_NOT_ALLOWED, "This address has no such method.")
}

/// Responds with a value that changes with time: the client is told if it has the same one already.
pub(crate) fn respond_json(headers: &HeaderMap, value: &impl Serialize) -> Result<Response, ProblemDetails> {
    let body = json_line(value)?;
    Ok(EntityTag::of_content(body.as_bytes()).respond(headers, JSON, body))
}

/// Returns a value as the line that the command prints with `--json`.
pub(crate) fn json_line(value: &impl Serialize) -> Result<String, ProblemDetails> {
    to_json(value).map(|json| json + "\n").map_err(|error| ProblemDetails::internal(&error))
}
