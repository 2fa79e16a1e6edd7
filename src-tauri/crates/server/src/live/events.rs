//! `/api/v1/events`: snapshots as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use token_monitor_web::ConnectionPlace;
use tokio::time::timeout;

use crate::live::frames::FrameStream;
use crate::problem::ProblemDetails;
use crate::server::ServerState;

/// The header with the id of the last event that a client has.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The interval of comments while nothing changes, so that proxies and clients see that the connection works.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

const KEEP_ALIVE: Bytes = Bytes::from_static(b": keep-alive\n\n");

/// The first line: the time after which a client connects again, in milliseconds.
const RETRY: Bytes = Bytes::from_static(b"retry: 1000\n\n");

/// Sends each snapshot as an event until the client closes the connection.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "live",
    summary = "Snapshots as server-sent events",
    description = "Each event is called `snapshot`. Its data is the JSON of `status`, its id the revision. An event without \
                   an id has the revision of the one before it: only figures that change with time differ. With the header \
                   `Last-Event-ID`, the events after it follow, if they are still known, otherwise the latest.",
    params(("Last-Event-ID" = Option<u64>, Header, description = "The id of the last event that the client has")),
    responses((status = 200, description = "The stream", content_type = "text/event-stream", body = String))
)]
pub(crate) async fn get_events(
    State(state): State<Arc<ServerState>>,
    Extension(place): Extension<ConnectionPlace>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let last = match headers.get(LAST_EVENT_ID) {
        // A browser sends an empty one if no event had an id.
        Some(id) if !id.is_empty() => {
            let id = id.to_str().ok().and_then(|id| id.parse().ok());
            Some(id.ok_or_else(|| ProblemDetails::bad_request("Last-Event-ID is not the id of an event."))?)
        }
        Some(_) | None => None,
    };
    place.become_live()?;
    let frames = state.backend.frames.subscribe(last);
    let body = Body::from_stream(stream::unfold((frames, true), next_part));
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store"), (CONNECTION, "close")];
    Ok((headers, body).into_response())
}

async fn next_part(
    (mut frames, is_first): (FrameStream, bool),
) -> Option<(Result<Bytes, Infallible>, (FrameStream, bool))> {
    let part = match is_first {
        true => RETRY,
        false => timeout(KEEP_ALIVE_INTERVAL, frames.next_event()).await.unwrap_or(Some(KEEP_ALIVE))?,
    };
    Some((Ok(part), (frames, false)))
}
