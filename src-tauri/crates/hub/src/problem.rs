//! Errors as problem details (RFC 9457).

use std::error::Error;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use token_monitor_core::team::TeamReceipt;
use token_monitor_web::respond_problem;
use tracing::{error, warn};

use crate::error::HubError;

/// The body of a response with an error.
#[derive(Debug, Serialize)]
struct ProblemBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    status: u16,
    detail: String,
    /// What the hub knows of the device, with status 409.
    #[serde(flatten)]
    receipt: Option<&'a TeamReceipt>,
}

/// A response with a status and a sentence.
pub(crate) fn problem(status: StatusCode, detail: impl Into<String>) -> Response {
    respond(status, detail.into(), None)
}

fn respond(status: StatusCode, detail: String, receipt: Option<&TeamReceipt>) -> Response {
    let title = status.canonical_reason().unwrap_or("Unknown");
    let details = ProblemBody { kind: "about:blank", title, status: status.as_u16(), detail, receipt };
    respond_problem(status, serde_json::to_vec(&details).unwrap_or_default())
}

impl IntoResponse for HubError {
    fn into_response(self) -> Response {
        match &self {
            Self::Unauthorized => problem(StatusCode::UNAUTHORIZED, "The token is missing, wrong or revoked."),
            Self::Forbidden => problem(StatusCode::FORBIDDEN, "Only an administrator may do this."),
            Self::Conflict(receipt) => {
                respond(StatusCode::CONFLICT, "The hub has later figures of this device.".to_owned(), Some(receipt))
            }
            Self::InvalidUpdate(error) => problem(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
            Self::BadRequest(_) => problem(StatusCode::BAD_REQUEST, self.to_string()),
            Self::NotFound { .. } => problem(StatusCode::NOT_FOUND, self.to_string()),
            error if error.is_transient() => {
                warn!(error = error as &dyn Error, "The database did not answer.");
                problem(StatusCode::SERVICE_UNAVAILABLE, "The database does not answer.")
            }
            error => {
                error!(error = error as &dyn Error, "A request failed.");
                problem(StatusCode::INTERNAL_SERVER_ERROR, "The request failed.")
            }
        }
    }
}
