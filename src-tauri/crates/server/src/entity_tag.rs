//! Entity tags: whether a client has a body already.
//!
//! The tag of a body that only a new revision changes has the number of the server's start, of the engine and the revision,
//! so that it is known before the body is made. That of a body that changes with time as well is a hash of it.

use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::backend::ConnectedEngine;
use crate::server::ServerState;

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";

/// An entity tag, with its quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EntityTag(String);

impl EntityTag {
    /// Returns the tag of a body that is given by a revision of an engine and the question.
    pub(crate) fn of_revision(state: &ServerState, engine: &ConnectedEngine, question: &str) -> Self {
        let ConnectedEngine { instance, .. } = engine;
        let question = xxh3_64(question.as_bytes());
        Self(format!("\"{}-{instance}-{}-{question:016x}\"", state.start_id, engine.revision()))
    }

    /// Returns the tag of contents.
    pub(crate) fn of_content(content: &[u8]) -> Self {
        Self(format!("\"{:032x}\"", xxh3_128(content)))
    }

    /// Returns true if a client says that it has the body.
    pub(crate) fn is_known(&self, headers: &HeaderMap) -> bool {
        let texts = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let mut tags = texts.flat_map(|text| text.split(',')).map(str::trim);
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.0)
    }

    /// Returns the response that a client has the body already.
    pub(crate) fn not_modified(self) -> Response {
        (StatusCode::NOT_MODIFIED, [(ETAG, self.0)]).into_response()
    }

    /// Returns a body with this tag, or that the client has it already.
    pub(crate) fn respond(self, headers: &HeaderMap, media_type: &'static str, body: String) -> Response {
        match self.is_known(headers) {
            true => self.not_modified(),
            false => ([(CONTENT_TYPE, media_type.to_owned()), (ETAG, self.0)], body).into_response(),
        }
    }
}
