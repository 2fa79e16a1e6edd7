//! `/api/v1/sessions/{id}`: one session, and changes of what the user added to it.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer};
use token_monitor_core::report::model::{SessionChanges, SessionDetail, SessionMetadata};
use token_monitor_engine::{Request, Response as EngineResponse};
use utoipa::ToSchema;

use crate::entity_tag::JSON;
use crate::problem::ProblemDetails;
use crate::query::Json;
use crate::routes::{json_line, respond_json};
use crate::server::ServerState;

/// Changes to a session. At least one is required; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(min_properties = 1)]
pub(crate) struct SessionPatch {
    /// The new name; an empty one removes it.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// The new tags.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    tags: Option<Vec<String>>,
    /// The new description; an empty one removes it.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// True if it stays at the top of the list.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    is_pinned: Option<bool>,
    /// True if it is left out of the list.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    is_hidden: Option<bool>,
    /// True if no alerts are sent about it.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    is_muted: Option<bool>,
    /// True if a team does not see it.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    is_private: Option<bool>,
}

/// Reads a value that may be left out, but not be null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl From<SessionPatch> for SessionChanges {
    fn from(patch: SessionPatch) -> Self {
        let SessionPatch { name, tags, description, is_pinned, is_hidden, is_muted, is_private } = patch;
        Self { name, tags, description, is_pinned, is_hidden, is_muted, is_private }
    }
}

/// Returns one session in detail.
#[utoipa::path(
    get,
    path = "/api/v1/sessions/{id}",
    tag = "reports",
    summary = "One session with its models, subagent runs and pull requests",
    params(("id" = String, Path, description = "The id, the beginning of one, or the name")),
    responses((status = 200, description = "As `token-monitor session ID --json` prints it", body = SessionDetail))
)]
pub(crate) async fn get_session(
    State(state): State<Arc<ServerState>>,
    session: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let session = session_of(session)?;
    match state.backend.engine().await?.request(Request::Session { session }).await? {
        EngineResponse::Session(detail) => respond_json(&headers, &detail),
        _ => Err(ProblemDetails::unexpected_response()),
    }
}

/// Changes what the user added to a session.
#[utoipa::path(
    patch,
    path = "/api/v1/sessions/{id}",
    tag = "reports",
    summary = "Change a session's name, tags, description or flags",
    params(("id" = String, Path, description = "The id, the beginning of one, or the name")),
    request_body = SessionPatch,
    responses((status = 200, description = "As `token-monitor describe ID … --json` prints it", body = SessionMetadata))
)]
pub(crate) async fn patch_session(
    State(state): State<Arc<ServerState>>,
    session: Result<Path<String>, PathRejection>,
    Json(patch): Json<SessionPatch>,
) -> Result<Response, ProblemDetails> {
    let (session, changes) = (session_of(session)?, SessionChanges::from(patch));
    if changes == SessionChanges::default() {
        return Err(ProblemDetails::bad_request("There is nothing to change."));
    }
    match state.backend.engine().await?.request(Request::UpdateSession { session, changes }).await? {
        EngineResponse::SessionUpdated(metadata) => Ok(([(CONTENT_TYPE, JSON)], json_line(&metadata)?).into_response()),
        _ => Err(ProblemDetails::unexpected_response()),
    }
}

fn session_of(session: Result<Path<String>, PathRejection>) -> Result<String, ProblemDetails> {
    session.map(|Path(session)| session).map_err(|error| ProblemDetails::bad_request(error.body_text()))
}
