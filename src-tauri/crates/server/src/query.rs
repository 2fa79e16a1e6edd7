//! The parameters of a request: those in the address, and a body of JSON.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::access::guard::MAX_BODY_BYTES;
use crate::problem::ProblemDetails;

/// The time in which a client must have sent the body of a request.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The parameters in the query of an address. A parameter that takes a list may be repeated.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ProblemDetails;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ProblemDetails> {
        let query = parts.uri.query().unwrap_or_default();
        serde_html_form::from_str(query).map(Self).map_err(|error| ProblemDetails::bad_request(error.to_string()))
    }
}

/// A body of JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ProblemDetails;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ProblemDetails> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !is_json(media_type) {
            return Err(ProblemDetails::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be application/json."));
        }
        let body = read_body(request.into_body()).await?;
        serde_json::from_slice(&body).map(Self).map_err(|error| ProblemDetails::bad_request(error.to_string()))
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["application/json", "application/merge-patch+json"].contains(&essence.as_str())
}

/// Reads a body within limits of size and time.
pub(crate) async fn read_body(body: Body) -> Result<Bytes, ProblemDetails> {
    let limit = usize::try_from(MAX_BODY_BYTES).unwrap_or(usize::MAX);
    match timeout(BODY_TIMEOUT, Limited::new(body, limit).collect()).await {
        Err(_) => Err(ProblemDetails::new(StatusCode::REQUEST_TIMEOUT, "The body was not sent in time.")),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ProblemDetails::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is longer than {MAX_BODY_BYTES} bytes."),
        )),
        Ok(Err(_)) => Err(ProblemDetails::bad_request("The body cannot be read.")),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}
