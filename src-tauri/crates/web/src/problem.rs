//! Responses with problem details (RFC 9457).

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The media type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The seconds after which a request may be repeated that could not be answered now.
const RETRY_SECONDS: u32 = 1;

/// Returns a response with problem details as JSON, and the headers that belong to its status.
pub fn respond_problem(status: StatusCode, details: Vec<u8>) -> Response {
    let mut response = (status, [(CONTENT_TYPE, PROBLEM_JSON)], details).into_response();
    match status {
        StatusCode::UNAUTHORIZED => {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            response.headers_mut().insert(RETRY_AFTER, RETRY_SECONDS.into());
        }
        _ => {}
    }
    response
}
