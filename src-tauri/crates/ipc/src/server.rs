//! The server of the local socket.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use token_monitor_engine::{EngineHandle, Request, Response};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, BufReader, split};
use tokio::sync::Semaphore;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::address::Address;
use crate::protocol::{self, ClientMessage, Hello, MAX_REQUEST_BYTES, PENDING_INTERVAL, PROTOCOL, ServerMessage};
use crate::transport::Listener;

/// The pause after an error of the listener, such as too many open files.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// The largest number of connections at a time. Further clients wait until one is closed.
const MAX_CONNECTIONS: usize = 256;

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Server(JoinHandle<()>);

impl Server {
    /// Starts to listen at an address. Must be called within a Tokio runtime. Fails if the socket's folder is open to
    /// other users.
    pub fn start(address: &Address, handle: EngineHandle) -> io::Result<Self> {
        let listener = Listener::bind(address)?;
        Ok(Self(tokio::spawn(accept_connections(listener, handle))))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn accept_connections(mut listener: Listener, handle: EngineHandle) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        if places.available_permits() == 0 {
            warn!(MAX_CONNECTIONS, "Other processes wait, because the largest number of connections is open.");
        }
        // The semaphore is never closed.
        let Ok(place) = places.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok(stream) => {
                let handle = handle.clone();
                tokio::spawn(async move {
                    let _place = place;
                    if let Err(error) = serve_client(stream, handle).await {
                        debug!(%error, "A connection failed.");
                    }
                });
            }
            Err(error) => {
                debug!(%error, "Cannot accept a connection.");
                tokio::time::sleep(RETRY_INTERVAL).await;
            }
        }
    }
}

async fn serve_client(stream: impl AsyncRead + AsyncWrite, handle: EngineHandle) -> io::Result<()> {
    let (read, mut write) = split(stream);
    let mut read = BufReader::new(read);
    protocol::send_line(&mut write, &Hello { protocol: PROTOCOL }).await?;
    while let Some(message) = protocol::receive_line(&mut read, MAX_REQUEST_BYTES).await? {
        match message {
            ClientMessage::Request(request) => {
                let message = handle_request(request, &handle, &mut write).await?;
                protocol::send_line(&mut write, &message).await?;
            }
            ClientMessage::SubscribeSnapshots => return send_snapshots(&mut read, &mut write, &handle).await,
            ClientMessage::SubscribeAlerts => return send_alerts(&mut read, &mut write, &handle).await,
        }
    }
    Ok(())
}

/// Handles a request. While it takes long, the client is sent a message at an interval.
async fn handle_request(
    request: Request,
    handle: &EngineHandle,
    write: &mut (impl AsyncWrite + Unpin),
) -> io::Result<ServerMessage> {
    let mut response = pin!(handle.request(request));
    loop {
        match timeout(PENDING_INTERVAL, response.as_mut()).await {
            Ok(result) => return Ok(result.map_or_else(ServerMessage::Error, ServerMessage::Response)),
            Err(_) => protocol::send_line(write, &ServerMessage::Pending).await?,
        }
    }
}

/// Sends each snapshot until the client closes the connection. A slow client misses snapshots and delays no other.
async fn send_snapshots(
    read: &mut (impl AsyncBufRead + Unpin),
    write: &mut (impl AsyncWrite + Unpin),
    handle: &EngineHandle,
) -> io::Result<()> {
    let mut snapshots = handle.subscribe_snapshots();
    snapshots.mark_changed();
    loop {
        tokio::select! {
            changed = snapshots.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
                let snapshot = snapshots.borrow_and_update().clone();
                protocol::send_line(write, &ServerMessage::Snapshot(Box::new((*snapshot).clone()))).await?;
            }
            message = protocol::receive_line::<ClientMessage>(read, MAX_REQUEST_BYTES) => {
                if message?.is_none() {
                    return Ok(());
                }
            }
        }
    }
}

/// Sends each alert until the client closes the connection, which the engine counts as a notifier until then. Confirms
/// the subscription first.
async fn send_alerts(
    read: &mut (impl AsyncBufRead + Unpin),
    write: &mut (impl AsyncWrite + Unpin),
    handle: &EngineHandle,
) -> io::Result<()> {
    let mut alerts = handle.subscribe_alerts();
    protocol::send_line(write, &ServerMessage::Response(Response::Done)).await?;
    loop {
        tokio::select! {
            alert = alerts.recv() => match alert {
                Ok(alert) => protocol::send_line(write, &ServerMessage::Alert(Box::new((*alert).clone()))).await?,
                // Without a status report, the engine fails them after a timeout.
                Err(RecvError::Lagged(missed)) => debug!(missed, "Alerts arrived faster than they were sent."),
                Err(RecvError::Closed) => return Ok(()),
            },
            message = protocol::receive_line::<ClientMessage>(read, MAX_REQUEST_BYTES) => {
                if message?.is_none() {
                    return Ok(());
                }
            }
        }
    }
}
