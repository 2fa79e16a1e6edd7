//! A named pipe, which only its user and administrators can open.
//!
//! The first process of a user that creates the pipe owns its name. The owner of the server's process is not checked: a
//! pipe created by another user before the program starts is not detected.

use std::io;
use std::path::PathBuf;

use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};

use crate::address::Address;

/// The client's end of a connection.
pub(crate) type Stream = NamedPipeClient;

/// A listener for connections.
#[derive(Debug)]
pub(crate) struct Listener {
    next: NamedPipeServer,
    path: PathBuf,
}

/// Returns the path of the pipe for a store's hash.
pub(crate) fn endpoint_path(store: u64) -> PathBuf {
    PathBuf::from(format!(r"\\.\pipe\token-monitor-{store:016x}"))
}

impl Listener {
    /// Starts to listen. Fails if another process listens already.
    pub(crate) fn bind(address: &Address) -> io::Result<Self> {
        let next = ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(&address.0)?;
        Ok(Self { next, path: address.0.clone() })
    }

    /// Waits for the next connection.
    pub(crate) async fn accept(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().reject_remote_clients(true).create(&self.path)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

/// Connects to a listener.
pub(crate) async fn connect(address: &Address) -> io::Result<Stream> {
    ClientOptions::new().open(&address.0)
}
