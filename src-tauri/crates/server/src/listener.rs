//! The socket that accepts connections: TCP, or on Unix a socket with a path.

use std::io;
use std::path::PathBuf;

use axum::Router;
#[cfg(unix)]
use token_monitor_web::pause_after;
use token_monitor_web::{ConnectionAcceptor, ConnectionLimits, ListenAddress};
use tokio::net::TcpListener;

#[cfg(unix)]
use crate::listener::unix::UnixSocket;

#[cfg(unix)]
mod unix;

/// The number of connections that ask at a time, or wait to ask.
pub const MAX_CONNECTIONS: usize = 32;

/// The number of connections with live updates.
pub const MAX_LIVE_CLIENTS: usize = 256;

/// A socket that accepts connections.
#[derive(Debug)]
pub enum WebListener {
    /// A TCP socket.
    Tcp(TcpListener),
    /// A Unix socket, which is removed when the listener is dropped.
    #[cfg(unix)]
    Unix(UnixSocket),
}

impl WebListener {
    /// Starts to listen. Must be called within a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If the address is in use, or the folder of a Unix socket belongs to another user or can be written by one.
    pub async fn bind(address: &ListenAddress) -> io::Result<Self> {
        match address {
            ListenAddress::Tcp(address) => TcpListener::bind(address).await.map(Self::Tcp),
            ListenAddress::Unix(path) => bind_unix(path.clone()).await,
        }
    }

    /// Returns the address with the port that the system chose.
    ///
    /// # Errors
    ///
    /// If the system does not know it.
    pub fn address(&self) -> io::Result<ListenAddress> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(ListenAddress::Tcp),
            #[cfg(unix)]
            Self::Unix(socket) => Ok(ListenAddress::Unix(socket.path().to_owned())),
        }
    }

    /// Serves connections until the future is dropped.
    pub(crate) async fn serve(self, app: Router, limits: ConnectionLimits) {
        let acceptor = ConnectionAcceptor::new(app, limits);
        match self {
            Self::Tcp(listener) => acceptor.serve_tcp(&listener).await,
            #[cfg(unix)]
            Self::Unix(socket) => loop {
                match socket.accept().await {
                    Ok(stream) => acceptor.start_connection(stream, None),
                    Err(error) => pause_after(&error).await,
                }
            },
        }
    }
}

#[cfg(unix)]
async fn bind_unix(path: PathBuf) -> io::Result<WebListener> {
    UnixSocket::bind(path).await.map(WebListener::Unix)
}

#[cfg(not(unix))]
async fn bind_unix(_path: PathBuf) -> io::Result<WebListener> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no Unix sockets"))
}
