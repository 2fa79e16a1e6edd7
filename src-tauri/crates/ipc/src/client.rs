//! The client of the local socket.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::fs_permissions::Refusal;
use token_monitor_engine::{ApiError, ErrorCode, OutgoingAlert, Request, Response};
use tokio::io::{AsyncBufRead, BufReader, ReadHalf, WriteHalf, split};
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

/// The longest time between two requests on one connection. The requests of a command follow each other within
/// milliseconds; a program that runs for days may find another server after a pause.
const MAX_IDLE_TIME: Duration = Duration::from_secs(1);

/// The number of alerts queued for a slow notifier. At most one a minute is sent.
const MAX_QUEUED: usize = 16;

/// True once a refused socket was reported: callers connect repeatedly.
static REFUSAL_WARNED: AtomicBool = AtomicBool::new(false);

/// A client of the engine at an address.
///
/// A request uses the connection of the one shortly before it. Otherwise it opens a new one, because the server may have
/// restarted in the meantime.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
    idle: Arc<Mutex<Option<Connection>>>,
}

/// An open connection whose server has sent its first message.
#[derive(Debug)]
struct Connection {
    read: BufReader<ReadHalf<transport::Stream>>,
    write: WriteHalf<transport::Stream>,
    last_used: Instant,
}

impl Client {
    /// Connects to an address. Returns None if no server of this user and of the same protocol version listens there. A
    /// warning is logged if the socket's folder is refused or the server belongs to another user.
    pub async fn connect(address: Address) -> Option<Self> {
        let client = Self { address, idle: Arc::default() };
        match client.open_connection().await {
            Ok(connection) => {
                client.keep_idle(connection);
                Some(client)
            }
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
        let Connection { mut read, mut write, .. } = self.connection().await?;
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

    /// Sends a request and receives its response. If the server has closed the idle connection, sends it again on a new
    /// one; repeating a request does no harm.
    async fn exchange(&self, request: Request) -> io::Result<Result<Response, ApiError>> {
        let message = ClientMessage::Request(request);
        if let Some(idle) = self.take_idle() {
            match self.exchange_on(idle, &message).await {
                Err(error) if is_closed(&error) => {}
                result => return result,
            }
        }
        self.exchange_on(self.open_connection().await?, &message).await
    }

    async fn exchange_on(
        &self,
        mut connection: Connection,
        message: &ClientMessage,
    ) -> io::Result<Result<Response, ApiError>> {
        protocol::send_line(&mut connection.write, message).await?;
        let response = match receive_response(&mut connection.read).await? {
            Some(ServerMessage::Response(response)) => Ok(response),
            Some(ServerMessage::Error(error)) => Err(error),
            Some(ServerMessage::Snapshot(_) | ServerMessage::Alert(_) | ServerMessage::Pending) => {
                return Err(invalid_data("expected a response"));
            }
            None => return Err(connection_closed()),
        };
        self.keep_idle(connection);
        Ok(response)
    }

    /// Returns the idle connection, or else opens one.
    async fn connection(&self) -> io::Result<Connection> {
        match self.take_idle() {
            Some(idle) => Ok(idle),
            None => self.open_connection().await,
        }
    }

    /// Returns the idle connection if it was used shortly before.
    fn take_idle(&self) -> Option<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        idle.filter(|connection| connection.last_used.elapsed() < MAX_IDLE_TIME)
    }

    /// Keeps a connection for the next request.
    fn keep_idle(&self, connection: Connection) {
        let idle = Connection { last_used: Instant::now(), ..connection };
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(idle);
    }

    async fn open_snapshots(&self) -> io::Result<watch::Receiver<Arc<Snapshot>>> {
        let Connection { mut read, mut write, .. } = self.connection().await?;
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

    async fn open_connection(&self) -> io::Result<Connection> {
        let (read, write) = split(transport::connect(&self.address).await?);
        let mut read = BufReader::new(read);
        let hello: Option<Hello> = timeout(HELLO_TIMEOUT, protocol::receive_line(&mut read, MAX_HELLO_BYTES))
            .await
            .map_err(|_| no_response())??;
        match hello {
            Some(Hello { protocol: PROTOCOL }) => Ok(Connection { read, write, last_used: Instant::now() }),
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

/// Returns true for the errors of a connection that the server has closed.
fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof)
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
