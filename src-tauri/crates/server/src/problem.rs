//! Errors as problem details (RFC 9457).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use token_monitor_engine::{ApiError, ErrorCode};
use token_monitor_web::{TooManyLiveClients, respond_problem};
use utoipa::ToSchema;

/// The reason for not answering a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    /// The kind of problem: `about:blank`, which means that the status says all.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The phrase of the status.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A sentence about this request.
    detail: String,
    /// The kind of error, if the engine reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<ErrorCode>,
    /// A sentence about what the user can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl ProblemDetails {
    /// Creates a problem with a status.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Unknown");
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.into(), code: None, hint: None }
    }

    /// A request that is not understood.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// A path where there is nothing.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    /// A defect of the program, which is logged.
    pub(crate) fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "A response cannot be made.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The response cannot be made.")
    }

    /// A response of the engine of another kind than was requested.
    pub(crate) fn unexpected_response() -> Self {
        tracing::error!("The engine sent a response of another type.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The engine sent a response of another type.")
    }

    /// A request that came while no engine runs.
    pub(crate) fn no_engine() -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "Token Monitor is starting or does not respond.");
        Self { code: Some(ErrorCode::Offline), ..problem }
    }

    /// Returns the status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<TooManyLiveClients> for ProblemDetails {
    fn from(_: TooManyLiveClients) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "There are too many live clients.")
    }
}

impl From<ApiError> for ProblemDetails {
    fn from(error: ApiError) -> Self {
        let problem = Self::new(status_of(error.code), error.message);
        Self { code: Some(error.code), hint: error.hint, ..problem }
    }
}

/// Returns the status for an error of the engine.
pub(crate) fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::NameTaken => StatusCode::CONFLICT,
        ErrorCode::NameInvalid | ErrorCode::BadValue => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Offline | ErrorCode::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ProblemDetails {
    fn into_response(self) -> Response {
        respond_problem(self.status(), serde_json::to_vec(&self).unwrap_or_default())
    }
}
