//! `/api/v1/live`: snapshots over a WebSocket.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::http::header::UPGRADE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use token_monitor_web::ConnectionPlace;
use tokio::time::{Instant, interval_at};
use utoipa::IntoParams;

use crate::live::frames::FrameStream;
use crate::problem::ProblemDetails;
use crate::query::Query;
use crate::server::ServerState;

/// The interval at which the server checks that a client is there.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// The size of the largest message of a client, in bytes. Clients have nothing to send.
const MAX_MESSAGE_BYTES: usize = 4 << 10;

/// The parameters of the WebSocket.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LiveParams {
    /// The last revision that the client has: the snapshots after it follow, if they are still known, otherwise the latest.
    after: Option<u64>,
}

/// Sends each snapshot as a message until the client closes the connection.
#[utoipa::path(
    get,
    path = "/api/v1/live",
    tag = "live",
    summary = "Snapshots over a WebSocket",
    description = "Each message is `{\"type\":\"snapshot\",\"revision\":…,\"at\":…,\"data\":…}`, where `data` is the JSON of \
                   `status`. A slow client loses old messages.",
    params(LiveParams),
    responses(
        (status = 101, description = "The connection is a WebSocket now"),
        (status = 426, description = "The request is not one for a WebSocket", content_type = "application/problem+json", body = ProblemDetails)
    )
)]
pub(crate) async fn get_live(
    State(state): State<Arc<ServerState>>,
    Extension(place): Extension<ConnectionPlace>,
    Query(params): Query<LiveParams>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ProblemDetails> {
    let Ok(upgrade) = upgrade else { return Ok(upgrade_required()) };
    place.become_live()?;
    let frames = state.backend.frames.subscribe(params.after);
    Ok(upgrade.max_message_size(MAX_MESSAGE_BYTES).on_upgrade(move |socket| async move {
        send_frames(socket, frames).await;
        drop(place);
    }))
}

fn upgrade_required() -> Response {
    let problem = ProblemDetails::new(StatusCode::UPGRADE_REQUIRED, "This address is for WebSockets.");
    ([(UPGRADE, "websocket")], problem).into_response()
}

async fn send_frames(mut socket: WebSocket, mut frames: FrameStream) {
    let mut pings = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
    let mut is_answered = true;
    loop {
        let sent = tokio::select! {
            frame = frames.next() => match frame {
                Some(frame) => socket.send(Message::Text(frame.message())).await,
                None => return,
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(Message::Pong(_))) => { is_answered = true; Ok(()) }
                Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_))) => Ok(()),
            },
            _ = pings.tick() => {
                if !std::mem::replace(&mut is_answered, false) {
                    return;
                }
                socket.send(Message::Ping(bytes::Bytes::new())).await
            }
        };
        if sent.is_err() {
            return;
        }
    }
}
