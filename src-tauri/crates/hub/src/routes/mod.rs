//! The addresses of the hub.

mod allocation;
mod body;
mod budgets;
mod dashboard;
mod devices;
mod history;
mod limits;
mod me;
mod report;
mod rules;
mod same_origin;
mod sessions;
mod sign_in;
mod usage;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Extension, Router};
use serde::Serialize;
use token_monitor_core::team::{LIMITS_PATH, REACHED_BUDGETS_PATH, USAGE_PATH};
use token_monitor_export::to_json;
use token_monitor_web::add_security_headers;

use crate::database::Database;
use crate::error::HubError;
use crate::metrics::{HubMetrics, record_request};
use crate::problem::problem;

/// Returns all routes.
pub(crate) fn router(database: Database, metrics: &HubMetrics) -> Router {
    Router::new()
        .route(USAGE_PATH, post(usage::post_usage))
        .route(LIMITS_PATH, get(limits::get_limits).put(limits::put_limits))
        .route("/api/v1/report", get(report::get_report))
        .route("/api/v1/allocation", get(allocation::get_allocation))
        .route("/api/v1/rules", get(rules::get_rules).post(rules::post_rule))
        .route("/api/v1/rules/{id}", put(rules::put_rule).delete(rules::delete_rule))
        .route("/api/v1/budgets", get(budgets::get_budgets))
        .route(REACHED_BUDGETS_PATH, get(budgets::get_reached_budgets))
        .route("/api/v1/devices", get(devices::get_devices))
        .route("/api/v1/sessions", get(sessions::get_sessions))
        .route("/health", get(get_health))
        .route("/api/v1/history", get(history::get_history))
        .route("/api/v1/me", get(me::get_me))
        .route("/", get(dashboard::get_page))
        .route("/sign-in", get(sign_in::get_sign_in).post(sign_in::post_sign_in))
        .route("/sign-in.css", get(sign_in::get_style))
        .route("/sign-out", post(sign_in::post_sign_out))
        .fallback(dashboard::get_asset)
        .method_not_allowed_fallback(refuse_method)
        .layer(from_fn(same_origin::refuse_other_origins))
        .layer(map_response(add_headers))
        .layer(from_fn_with_state(metrics.clone(), record_request))
        .layer(Extension(metrics.clone()))
        .with_state(database)
}

/// Returns 204 if the database answers.
async fn get_health(State(database): State<Database>) -> Result<StatusCode, HubError> {
    database.connection().await?.simple_query("SELECT 1").await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn refuse_method() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, "This address has no such method.")
}

async fn add_headers(mut response: Response) -> Response {
    add_security_headers(response.headers_mut());
    response
}

/// Returns a value as JSON.
fn respond_json(value: &impl Serialize) -> Response {
    match to_json(value) {
        Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "A response cannot be made.");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "The response cannot be made.")
        }
    }
}
