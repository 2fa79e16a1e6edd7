//! What the page of the web dashboard asks for. Its requests are those of the popover's page.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use token_monitor_engine::{ApiError, ErrorCode, Request};

use crate::entity_tag::JSON;
use crate::problem::{ProblemDetails, status_of};
use crate::query::Json;
use crate::routes::json_line;
use crate::server::ServerState;

/// What the page needs to know before it asks for figures.
#[derive(Debug, Serialize)]
struct DashboardStart {
    /// True if the figures are sample data.
    demo: bool,
    /// The version of the server.
    version: &'static str,
}

/// Returns what the page needs to know at its start.
pub(crate) async fn get_start(State(state): State<Arc<ServerState>>) -> Result<Response, ProblemDetails> {
    let start = DashboardStart { demo: state.options.is_demo, version: env!("CARGO_PKG_VERSION") };
    Ok(([(CONTENT_TYPE, JSON)], json_line(&start)?).into_response())
}

/// Answers a request of the page. Errors have the form that the page knows from the popover.
pub(crate) async fn post_request(
    State(state): State<Arc<ServerState>>,
    request: Result<Json<Request>, ProblemDetails>,
) -> Result<Response, ProblemDetails> {
    let Json(request) = match request {
        Ok(request) => request,
        Err(problem) if problem.status() == StatusCode::BAD_REQUEST => {
            let error = ApiError::new(ErrorCode::BadValue, "the request is not understood");
            return error_response(StatusCode::BAD_REQUEST, &error);
        }
        Err(problem) => return Err(problem),
    };
    match answer(&state, request).await {
        Ok(response) => Ok(([(CONTENT_TYPE, JSON)], json_line(&response)?).into_response()),
        Err(error) => error_response(status_of(error.code), &error),
    }
}

async fn answer(state: &ServerState, request: Request) -> Result<token_monitor_engine::Response, ApiError> {
    let request = request.restrict_to_page()?;
    let offline = |_| ApiError::new(ErrorCode::Offline, "Token Monitor is starting or does not respond");
    state.backend.engine().await.map_err(offline)?.client().request(request).await
}

fn error_response(status: StatusCode, error: &ApiError) -> Result<Response, ProblemDetails> {
    Ok((status, [(CONTENT_TYPE, JSON)], json_line(error)?).into_response())
}
