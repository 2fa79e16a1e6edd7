//! The client of the local socket.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::fs_permissions::Refusal;
use token_monitor_engine::{ApiError, ErrorCode, OutgoingAlert, Request, Response};
use tokio::io::{AsyncBufRead, AsyncWrite, BufReader, split};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tracing::warn;

use crate::address::Address;
use crate::protocol::{self, ClientMessage, Hello, MAX_HELLO_BYTES, MAX_RESPONSE_BYTES, PROTOCOL, ServerMessage};
use crate::transport;

/// The time to wait for the server's first message, which it sends at once.
const HELLO_TIMEOUT: Duration = Duration::from_secs(2);

/// The longest silence of the server while it works on a request. It reports every two seconds that it is working.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of alerts queued for a slow notifier. At most one a minute is sent.
const MAX_QUEUED: usize = 16;

/// True once a refused socket was reported: callers connect repeatedly.
static REFUSAL_WARNED: AtomicBool = AtomicBool::new(false);

/// A client of the engine at an address. Each request uses a new connection, because the server may have restarted.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
}

impl Client {
    /// Connects to an address. Returns None if no server of this user and of the same protocol version listens there. A
    /// warning is logged if the socket's folder is refused or the server belongs to another user.
    pub async fn connect(address: Address) -> Option<Self> {
        let client = Self { address };
        match client.open_connection().await {
            Ok(_) => Some(client),
            Err(error) => {
                client.warn_if_refused(&error);
                None
            }
        }
    }

    fn warn_if_refused(&self, error: &io::Error) {
        if Refusal::from_error(error).is_some() && !REFUSAL_WARNED.swap(true, Ordering::Relaxed) {
            let folder = self.address.0.parent().unwrap_or(Path::new("/"));
            warn!(socket_folder = %folder.display(), %error, "The socket of the running app is not used.");
        }
    }

    /// Sends a request and waits for the response. Fails with `Offline` if the server cannot be reached, is silent for
    /// ten seconds, or belongs to another user.
    pub async fn request(&self, request: Request) -> Result<Response, ApiError> {
        self.exchange(request).await.unwrap_or_else(|error| Err(offline_error(&error)))
    }

    /// Subscribes to snapshots; a slow subscriber gets the latest one only. The channel closes when the server stops.
    pub async fn subscribe_snapshots(&self) -> Result<watch::Receiver<Arc<Snapshot>>, ApiError> {
        self.open_snapshots().await.map_err(|error| offline_error(&error))
    }

    /// Subscribes to alerts as a notifier. The channel closes when the server stops.
    pub async fn subscribe_alerts(&self) -> Result<mpsc::Receiver<Arc<OutgoingAlert>>, ApiError> {
        self.open_alerts().await.map_err(|error| offline_error(&error))
    }

    async fn open_alerts(&self) -> io::Result<mpsc::Receiver<Arc<OutgoingAlert>>> {
        let (mut read, mut write) = self.open_connection().await?;
        protocol::send_line(&mut write, &ClientMessage::SubscribeAlerts).await?;
        match receive_response(&mut read).await? {
            Some(ServerMessage::Response(Response::Done)) => {}
            Some(_) => return Err(invalid_data("the server does not send alerts")),
            None => return Err(connection_closed()),
        }
        let (sender, receiver) = mpsc::channel(MAX_QUEUED);
        tokio::spawn(async move {
            // Kept open: closing it ends the subscription.
            let _write = write;
            while let Ok(Some(ServerMessage::Alert(alert))) = tokio::select! {
                message = protocol::receive_line(&mut read, MAX_RESPONSE_BYTES) => message,
                () = sender.closed() => return,
            } {
                if sender.send(Arc::new(*alert)).await.is_err() {
                    return;
                }
            }
        });
        Ok(receiver)
    }

    async fn exchange(&self, request: Request) -> io::Result<Result<Response, ApiError>> {
        let (mut read, mut write) = self.open_connection().await?;
        protocol::send_line(&mut write, &ClientMessage::Request(request)).await?;
        match receive_response(&mut read).await? {
            Some(ServerMessage::Response(response)) => Ok(Ok(response)),
            Some(ServerMessage::Error(error)) => Ok(Err(error)),
            Some(ServerMessage::Snapshot(_) | ServerMessage::Alert(_) | ServerMessage::Pending) => {
                Err(invalid_data("expected a response"))
            }
            None => Err(connection_closed()),
        }
    }

    async fn open_snapshots(&self) -> io::Result<watch::Receiver<Arc<Snapshot>>> {
        let (mut read, mut write) = self.open_connection().await?;
        protocol::send_line(&mut write, &ClientMessage::SubscribeSnapshots).await?;
        let first = timeout(RESPONSE_TIMEOUT, next_snapshot(&mut read)).await.map_err(|_| no_response())??;
        let (sender, receiver) = watch::channel(first);
        tokio::spawn(async move {
            // Kept open: closing it ends the subscription.
            let _write = write;
            while let Ok(snapshot) = tokio::select! {
                snapshot = next_snapshot(&mut read) => snapshot,
                () = sender.closed() => return,
            } {
                sender.send_replace(snapshot);
            }
        });
        Ok(receiver)
    }

    async fn open_connection(
        &self,
    ) -> io::Result<(impl AsyncBufRead + Unpin + use<>, impl AsyncWrite + Unpin + use<>)> {
        let (read, write) = split(transport::connect(&self.address).await?);
        let mut read = BufReader::new(read);
        let hello: Option<Hello> = timeout(HELLO_TIMEOUT, protocol::receive_line(&mut read, MAX_HELLO_BYTES))
            .await
            .map_err(|_| no_response())??;
        match hello {
            Some(Hello { protocol: PROTOCOL }) => Ok((read, write)),
            Some(_) => Err(io::Error::new(io::ErrorKind::Unsupported, "the running app has another version")),
            None => Err(connection_closed()),
        }
    }
}

/// Receives the response to a request. Fails if the server is silent for too long.
async fn receive_response(read: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<ServerMessage>> {
    loop {
        let message = timeout(RESPONSE_TIMEOUT, protocol::receive_line(read, MAX_RESPONSE_BYTES)).await;
        match message.map_err(|_| no_response())?? {
            Some(ServerMessage::Pending) => {}
            message => return Ok(message),
        }
    }
}

async fn next_snapshot(read: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Arc<Snapshot>> {
    match protocol::receive_line(read, MAX_RESPONSE_BYTES).await? {
        Some(ServerMessage::Snapshot(snapshot)) => Ok(Arc::new(*snapshot)),
        Some(_) => Err(invalid_data("expected a snapshot")),
        None => Err(connection_closed()),
    }
}

fn invalid_data(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn no_response() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "no response")
}

fn connection_closed() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

fn offline_error(error: &io::Error) -> ApiError {
    ApiError::new(ErrorCode::Offline, format!("Token Monitor does not respond: {error}")).with_hint("Start it again.")
}
