//! Serves connections within limits of number, size and time.
//!
//! A connection has its own task, so a slow one holds up no other. Beyond the limit, connections get a 503 at once.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tower::ServiceExt;
use tracing::debug;

use crate::connection::{ConnectionLimits, ConnectionPlace};
use crate::timed_stream::TimedStream;

/// The number of connections beyond the limit that are told so at a time; further ones are closed.
const MAX_REFUSALS: usize = 32;

/// The time in which a client must have sent the head of a request, also of a further one on the same connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest time in which a client takes nothing of a response.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// The size of the largest head of a request, in bytes.
const MAX_HEAD_BYTES: usize = 16 << 10;

/// The largest number of headers.
const MAX_HEADERS: usize = 64;

/// The pause after an error of the listener, such as too many open files.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// The time for telling a connection beyond the limit so.
const REFUSAL_TIMEOUT: Duration = Duration::from_millis(500);

/// The response to a connection beyond the limit.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n\
    Content-Type: application/problem+json\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
    Content-Length: 108\r\n\r\n{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\
    \"detail\":\"There are too many connections.\"}";

/// Serves accepted connections.
#[derive(Clone, Debug)]
pub struct ConnectionAcceptor {
    app: Router,
    limits: ConnectionLimits,
    refusals: ConnectionLimits,
}

impl ConnectionAcceptor {
    /// Creates an acceptor that passes requests to `app`.
    pub fn new(app: Router, limits: ConnectionLimits) -> Self {
        Self { app, limits, refusals: ConnectionLimits::new(MAX_REFUSALS, 0) }
    }

    /// Serves the connections of a TCP socket until the future is dropped.
    pub async fn serve_tcp(&self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let _ = stream.set_nodelay(true);
                    self.start_connection(stream, Some(peer));
                }
                Err(error) => pause_after(&error).await,
            }
        }
    }

    /// Serves a connection in a task of its own. Must be called within a Tokio runtime.
    pub fn start_connection(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        peer: Option<SocketAddr>,
    ) {
        match self.limits.try_take() {
            Some(place) => drop(tokio::spawn(serve_connection(stream, peer, place, self.app.clone()))),
            None => {
                if let Some(place) = self.refusals.try_take() {
                    tokio::spawn(refuse_connection(stream, place));
                }
            }
        }
    }
}

/// Waits a moment after an error of a listener, such as too many open files.
pub async fn pause_after(error: &io::Error) {
    debug!(%error, "Cannot accept a connection.");
    tokio::time::sleep(RETRY_INTERVAL).await;
}

async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    peer: Option<SocketAddr>,
    place: ConnectionPlace,
    app: Router,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(place.clone());
        app.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES);
    let stream = TokioIo::new(TimedStream::new(stream, WRITE_TIMEOUT));
    if let Err(error) = builder.serve_connection(stream, service).with_upgrades().await {
        debug!(?peer, %error, "A connection failed.");
    }
}

/// Tells a client that there are too many connections. Reads what it sends, because closing a connection with unread bytes
/// discards what was written to it.
async fn refuse_connection(mut stream: impl AsyncRead + AsyncWrite + Send + Unpin, place: ConnectionPlace) {
    let _ = timeout(REFUSAL_TIMEOUT, async {
        stream.write_all(REFUSAL).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        io::Result::Ok(())
    })
    .await;
    drop(place);
}
