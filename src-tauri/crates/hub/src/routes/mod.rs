//! The addresses of the hub.

mod body;
mod devices;
mod report;
mod usage;

use axum::Router;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use token_monitor_core::team::USAGE_PATH;

use crate::access::Credential;
use crate::database::Database;
use crate::error::HubError;
use crate::problem::problem;

/// Returns all routes.
pub(crate) fn router(database: Database) -> Router {
    Router::new()
        .route(USAGE_PATH, post(usage::post_usage))
        .route("/api/v1/report", get(report::get_report))
        .route("/api/v1/devices", get(devices::get_devices))
        .route("/health", get(get_health))
        .fallback(refuse_path)
        .method_not_allowed_fallback(refuse_method)
        .layer(map_response(add_headers))
        .with_state(database)
}

/// Returns 204 if the database answers.
async fn get_health(State(database): State<Database>) -> Result<StatusCode, HubError> {
    database.connection().await?.simple_query("SELECT 1").await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn refuse_path() -> Response {
    problem(StatusCode::NOT_FOUND, "There is nothing at this address.")
}

async fn refuse_method() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, "This address has no such method.")
}

async fn add_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Returns the credential of a request.
fn credential(headers: &HeaderMap) -> Result<Credential, HubError> {
    Credential::from_header(headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()))
}

/// Returns a value as JSON.
fn respond_json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "A response cannot be made.");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "The response cannot be made.")
        }
    }
}
