//! The messages on the socket: one JSON text a line.

use std::io;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::{ApiError, OutgoingAlert, Request, Response};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The version of the protocol. Both ends are updated together, so only equal versions connect.
pub(crate) const PROTOCOL: u32 = 4;

/// The length of the longest message of a client, in bytes.
pub(crate) const MAX_REQUEST_BYTES: u64 = 64 << 10;

/// The length of the longest message of the server, in bytes. A response may list all sessions: about 1 KB each.
pub(crate) const MAX_RESPONSE_BYTES: u64 = 128 << 20;

/// The length of the longest first message of the server, in bytes.
pub(crate) const MAX_HELLO_BYTES: u64 = 1 << 10;

/// The interval at which the server reports that it is still working on a request.
pub(crate) const PENDING_INTERVAL: Duration = Duration::from_secs(2);

/// The first message of the server.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) protocol: u32,
}

/// A message of a client.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ClientMessage {
    /// A request, answered by one response or error.
    Request(Request),
    /// A subscription to snapshots: each new one is sent from now on.
    SubscribeSnapshots,
    /// A subscription of a notifier to alerts: each new one is sent from now on.
    SubscribeAlerts,
}

/// A message of the server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ServerMessage {
    /// The response to a request.
    Response(Response),
    /// The error of a request.
    Error(ApiError),
    /// A snapshot for a subscriber.
    Snapshot(Box<Snapshot>),
    /// An alert for a notifier.
    Alert(Box<OutgoingAlert>),
    /// The response to a request takes longer. Sent at an interval of [`PENDING_INTERVAL`].
    Pending,
}

/// Sends a message as one line.
pub(crate) async fn send_line(stream: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    stream.flush().await
}

/// Receives a message of at most `max_bytes`; None if the other end has closed the connection. Fails at a longer message.
pub(crate) async fn receive_line<T: DeserializeOwned>(
    stream: &mut (impl AsyncBufRead + Unpin),
    max_bytes: u64,
) -> io::Result<Option<T>> {
    let mut line = String::new();
    match stream.take(max_bytes).read_line(&mut line).await? {
        0 => Ok(None),
        len if len as u64 == max_bytes && !line.ends_with('\n') => {
            Err(io::Error::new(io::ErrorKind::InvalidData, format!("a message is longer than {max_bytes} bytes")))
        }
        _ => Ok(Some(serde_json::from_str(&line)?)),
    }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::team::MAX_ROWS;
    use token_monitor_core::time::Slot;
    use token_monitor_engine::{ConfirmedRow, TeamRequest};

    use super::*;

    #[test]
    fn a_confirmation_of_all_rows_of_an_update_is_not_too_long() {
        let row = ConfirmedRow { slot: Slot(i32::MIN), row: u64::MAX, revision: u64::MAX };
        let rows = vec![row; MAX_ROWS];
        let request = TeamRequest::Confirm { generation: u64::MAX, rows };
        let message = ClientMessage::Request(Request::Team(request));
        let len = serde_json::to_vec(&message).expect("it is JSON").len() as u64;
        assert!(len < MAX_REQUEST_BYTES, "{len} bytes");
    }
}
