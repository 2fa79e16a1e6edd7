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
    use proptest::prelude::*;
    use token_monitor_core::team::MAX_ROWS;
    use token_monitor_core::time::Slot;
    use token_monitor_engine::{ConfirmedRow, TeamRequest};
    use tokio::io::BufReader;

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

    /// Receives all messages of some bytes that arrive in pieces of a size. Returns the requests, and true if the bytes end
    /// with an error.
    fn receive_all(bytes: &[u8], piece: usize, max_bytes: u64) -> (Vec<Request>, bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let mut stream = BufReader::with_capacity(piece, bytes);
        let mut requests = Vec::new();
        loop {
            match runtime.block_on(receive_line::<ClientMessage>(&mut stream, max_bytes)) {
                Ok(Some(ClientMessage::Request(request))) => requests.push(request),
                Ok(Some(ClientMessage::SubscribeSnapshots | ClientMessage::SubscribeAlerts)) => {}
                Ok(None) => return (requests, false),
                Err(_) => return (requests, true),
            }
        }
    }

    fn requests() -> impl Strategy<Value = Request> {
        let session = "\\PC{0,20}".prop_map(|session| Request::Session { session });
        let history = (any::<u32>(), any::<u32>())
            .prop_map(|(offset, limit)| Request::BlockHistory { offset: offset as usize, limit: limit as usize });
        prop_oneof![Just(Request::Sync), Just(Request::Snapshot), session, history]
    }

    proptest! {
        #[test]
        fn messages_arrive_whole_whatever_the_pieces_are(
            sent in proptest::collection::vec(requests(), 0..8), piece in 1..64_usize,
        ) {
            let line = |request: &Request| {
                let json = serde_json::to_string(&ClientMessage::Request(request.clone())).expect("it is JSON");
                json + "\n"
            };
            let bytes: String = sent.iter().map(line).collect();
            prop_assert_eq!(receive_all(bytes.as_bytes(), piece, MAX_REQUEST_BYTES), (sent, false));
        }

        #[test]
        fn any_bytes_are_messages_or_an_error(
            bytes in proptest::collection::vec(any::<u8>(), 0..300), piece in 1..64_usize, max_bytes in 1..100_u64,
        ) {
            let (requests, _) = receive_all(&bytes, piece, max_bytes);
            prop_assert!(requests.len() <= bytes.len());
        }

        #[test]
        fn a_message_with_changed_bytes_is_another_one_or_an_error(
            request in requests(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let mut bytes = serde_json::to_vec(&ClientMessage::Request(request)).expect("it is JSON");
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes.push(b'\n');
            receive_all(&bytes, 16, MAX_REQUEST_BYTES);
        }
    }
}
