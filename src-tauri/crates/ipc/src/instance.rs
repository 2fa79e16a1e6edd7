//! The single-instance lock of the tray.
//!
//! The store's own lock decides which process counts; this lock decides which process shows the tray. It is released
//! when its process ends, even if it is killed. A second launch asks the running tray process to open the popover,
//! over a socket of its own, because the process with the tray may not be the one with the store.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::Route;
use token_monitor_engine::fs_permissions;
use tokio::io::{AsyncRead, AsyncWrite, BufReader, split};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::debug;

use crate::address::Address;
use crate::protocol::{self, MAX_REQUEST_BYTES};
use crate::transport::{self, Listener};

/// The time in which a request is sent and acknowledged.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(2);

/// The pause after an error of the listener, such as too many open files.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// The number of queued requests. More at once change nothing.
const MAX_QUEUED: usize = 8;

/// The lock of the process that shows the tray.
#[derive(Debug)]
pub struct InstanceLock {
    _locked: File,
    store: PathBuf,
}

/// A request of another launch of the app, or of its popover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivateRequest {
    /// The page to open; the last one by default.
    pub route: Option<Route>,
    /// The action.
    #[serde(default)]
    pub action: ActivateAction,
}

/// An action of the process that shows the tray.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActivateAction {
    /// Open the popover.
    #[default]
    Open,
    /// Open the popover, or close it if it is open.
    Toggle,
    /// Quit the app.
    Quit,
}

/// The acknowledgment of a request.
#[derive(Debug, Serialize, Deserialize)]
struct Ack {
    accepted: bool,
}

impl InstanceLock {
    /// Acquires the lock of a store. Returns None if another process has it. Fails if the lock file or its folder
    /// belongs to another user, or if the lock file is a link.
    pub fn acquire(store: &Path) -> io::Result<Option<Self>> {
        if let Some(folder) = store.parent() {
            fs_permissions::create_folder(folder).map_err(|error| error_with_path(folder, &error))?;
        }
        let path = store.with_extension("tray-lock");
        let file = fs_permissions::open_or_create_file(&path).map_err(|error| error_with_path(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _locked: file, store: store.to_owned() })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Starts to listen for requests of further launches. Must be called within a Tokio runtime.
    pub fn listen(&self) -> io::Result<Activations> {
        let listener = Listener::bind(&activation_address(&self.store))?;
        let (sender, requests) = mpsc::channel(MAX_QUEUED);
        Ok(Activations { requests, listening: tokio::spawn(accept_requests(listener, sender)) })
    }
}

/// A stream of requests to open the popover. The listener stops when it is dropped.
#[derive(Debug)]
pub struct Activations {
    requests: mpsc::Receiver<ActivateRequest>,
    listening: JoinHandle<()>,
}

impl Activations {
    /// Waits for the next request. Canceling the wait loses no request.
    pub async fn next(&mut self) -> Option<ActivateRequest> {
        self.requests.recv().await
    }
}

impl Drop for Activations {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl ActivateRequest {
    /// Sends the request to the process with the lock of a store. Returns true if it was acknowledged.
    pub async fn send(&self, store: &Path) -> bool {
        let exchange = timeout(EXCHANGE_TIMEOUT, self.exchange(activation_address(store))).await;
        matches!(exchange, Ok(Ok(Some(Ack { accepted: true }))))
    }

    async fn exchange(&self, address: Address) -> io::Result<Option<Ack>> {
        let (read, mut write) = split(transport::connect(&address).await?);
        protocol::send_line(&mut write, self).await?;
        protocol::receive_line(&mut BufReader::new(read), MAX_REQUEST_BYTES).await
    }
}

fn error_with_path(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot use {}: {error}", path.display()))
}

/// Returns the address for requests, which differs from that of the store's engine.
fn activation_address(store: &Path) -> Address {
    Address::of_store(&store.with_extension("tray"))
}

async fn accept_requests(mut listener: Listener, sender: mpsc::Sender<ActivateRequest>) {
    loop {
        match listener.accept().await {
            Ok(stream) => match timeout(EXCHANGE_TIMEOUT, accept_request(stream, &sender)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => debug!(%error, "Cannot read the request of a second launch."),
                Err(_) => debug!("A second launch sent no request."),
            },
            Err(error) => {
                debug!(%error, "Cannot accept requests of further launches.");
                tokio::time::sleep(RETRY_INTERVAL).await;
            }
        }
    }
}

async fn accept_request(stream: impl AsyncRead + AsyncWrite, sender: &mpsc::Sender<ActivateRequest>) -> io::Result<()> {
    let (read, mut write) = split(stream);
    let request: Option<ActivateRequest> = protocol::receive_line(&mut BufReader::new(read), MAX_REQUEST_BYTES).await?;
    let Some(request) = request else { return Ok(()) };
    // If the queue is full, the popover opens anyway.
    let _ = sender.try_send(request);
    protocol::send_line(&mut write, &Ack { accepted: true }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_exclusive_and_free_again_after_a_drop() {
        let temp = tempfile::tempdir().expect("a folder");
        let store = temp.path().join("sessions.db");
        let lock = InstanceLock::acquire(&store).expect("the file can be locked");
        assert!(lock.is_some());
        assert!(InstanceLock::acquire(&store).expect("the lock can be tried").is_none(), "it is taken");
        drop(lock);
        assert!(InstanceLock::acquire(&store).expect("the file can be locked").is_some());
    }
}
