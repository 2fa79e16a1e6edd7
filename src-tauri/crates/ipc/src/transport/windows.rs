//! A named pipe, which only its user and administrators can open.
//!
//! The first process of a user that creates the pipe owns its name. The owner of the server's process is not checked: a
//! pipe created by another user before the program starts is not detected.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};
use tokio::time::sleep;

use crate::address::Address;

/// The error of a pipe whose instances are all connected.
const ERROR_PIPE_BUSY: i32 = 231;

/// The longest wait for an instance. A listener creates the next one at once.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// The pause between two attempts.
const BUSY_INTERVAL: Duration = Duration::from_millis(10);

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

    /// Waits for the next connection. After an error, the next call works again: an instance whose client has gone before it
    /// was connected cannot be used any more, so each call leaves a new one.
    pub(crate) async fn accept(&mut self) -> io::Result<NamedPipeServer> {
        let connected = self.next.connect().await;
        let next = ServerOptions::new().reject_remote_clients(true).create(&self.path)?;
        let stream = std::mem::replace(&mut self.next, next);
        connected.map(|()| stream)
    }
}

/// Connects to a listener. Waits while other clients have all instances of the pipe: the listener creates the next one
/// after it has accepted a connection.
pub(crate) async fn connect(address: &Address) -> io::Result<Stream> {
    let start = Instant::now();
    loop {
        match ClientOptions::new().open(&address.0) {
            Err(error) if is_busy(&error) && start.elapsed() < BUSY_TIMEOUT => sleep(BUSY_INTERVAL).await,
            result => return result,
        }
    }
}

fn is_busy(error: &io::Error) -> bool {
    error.raw_os_error() == Some(ERROR_PIPE_BUSY)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn unused_address(folder: &tempfile::TempDir) -> Address {
        Address::of_store(&folder.path().join("sessions.db"))
    }

    #[tokio::test]
    async fn a_client_that_leaves_at_once_does_not_stop_the_listener() {
        let temp = tempfile::tempdir().expect("a folder");
        let address = unused_address(&temp);
        let mut listener = Listener::bind(&address).expect("it listens");
        drop(connect(&address).await.expect("it is connected"));
        // Its connection may still be accepted.
        let _ = listener.accept().await;
        let (accepted, connected) = tokio::join!(listener.accept(), connect(&address));
        let (mut server, mut client) = (accepted.expect("a client"), connected.expect("a listener"));
        server.write_all(b"hello").await.expect("it is sent");
        drop(server);
        let mut received = String::new();
        client.read_to_string(&mut received).await.expect("it is received to its end");
        assert_eq!(received, "hello");
    }

    #[tokio::test]
    async fn a_client_waits_while_another_one_has_the_only_instance() {
        let temp = tempfile::tempdir().expect("a folder");
        let address = unused_address(&temp);
        let mut listener = Listener::bind(&address).expect("it listens");
        let first = connect(&address).await.expect("it is connected");
        let accept_both = async { (listener.accept().await.is_ok(), listener.accept().await.is_ok()) };
        let (accepted, second) = tokio::join!(accept_both, connect(&address));
        assert_eq!((accepted, second.is_ok()), ((true, true), true));
        drop(first);
    }
}
