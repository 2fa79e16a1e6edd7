//! A named pipe, which Windows lets only its user and administrators open.

use std::io;
use std::path::PathBuf;

use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};

use crate::address::Address;

/// Hears connections.
#[derive(Debug)]
pub(crate) struct Listener {
    next: NamedPipeServer,
    place: PathBuf,
}

/// Where the pipe for a store is.
pub(crate) fn place(store: u64) -> PathBuf {
    PathBuf::from(format!(r"\\.\pipe\token-monitor-{store:016x}"))
}

impl Listener {
    /// Starts to listen, if nobody else does.
    pub(crate) fn bind(address: &Address) -> io::Result<Self> {
        let next = ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(&address.0)?;
        Ok(Self { next, place: address.0.clone() })
    }

    /// The next connection.
    pub(crate) async fn accept(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let fresh = ServerOptions::new().reject_remote_clients(true).create(&self.place)?;
        Ok(std::mem::replace(&mut self.next, fresh))
    }
}

/// Makes a folder, if it is not there. The user's folders are private by their inherited permissions.
pub(crate) fn create_folder(folder: &std::path::Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Connects to whoever listens.
pub(crate) async fn connect(address: &Address) -> io::Result<NamedPipeClient> {
    ClientOptions::new().open(&address.0)
}
