//! The one tray of a store.
//!
//! Who counts is decided by the store's own lock; who shows is decided here. The seat is free again as soon as its
//! holder is gone, however it went. Whoever starts the app a second time asks the holder to show itself; that needs a
//! listener of its own, because who holds the seat need not be who owns the store.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::Route;
use tokio::io::{AsyncRead, AsyncWrite, BufReader, split};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::debug;

use crate::address::Address;
use crate::protocol::{self, LONGEST_REQUEST};
use crate::transport::{self, Listener};

/// Whoever asks has its one line ready, and whoever is asked answers at once.
const PATIENCE: Duration = Duration::from_secs(2);

/// After an error of the listener itself, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// Wishes not yet heard; more of them at once say nothing new.
const WAITING: usize = 8;

/// Held by the process that shows the tray.
#[derive(Debug)]
pub struct Seat {
    _locked: File,
    store: PathBuf,
}

/// A wish to see the popover, from a second start of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// The page; the one shown last where none is named.
    pub route: Option<Route>,
}

/// That it was heard.
#[derive(Debug, Serialize, Deserialize)]
struct Heard {
    heard: bool,
}

impl Seat {
    /// Takes the seat, unless somebody has it.
    pub fn take(store: &Path) -> io::Result<Option<Self>> {
        if let Some(folder) = store.parent() {
            crate::transport::create_folder(folder)?;
        }
        let file = File::create(store.with_extension("tray-lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _locked: file, store: store.to_owned() })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Listens for second starts. To be called from within a runtime.
    pub fn listen(&self) -> io::Result<Raises> {
        let listener = Listener::bind(&address(&self.store))?;
        let (heard, wishes) = mpsc::channel(WAITING);
        Ok(Raises { wishes, listening: tokio::spawn(listen(listener, heard)) })
    }
}

/// Second starts as they come. Nobody is heard any more when it is dropped.
#[derive(Debug)]
pub struct Raises {
    wishes: mpsc::Receiver<Raise>,
    listening: JoinHandle<()>,
}

impl Raises {
    /// The next one. Waiting for it can be given up without losing one.
    pub async fn next(&mut self) -> Option<Raise> {
        self.wishes.recv().await
    }
}

impl Drop for Raises {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Raise {
    /// Asks the holder of a store's seat; whether it heard.
    pub async fn ask(&self, store: &Path) -> bool {
        let asked = timeout(PATIENCE, self.exchange(address(store))).await;
        matches!(asked, Ok(Ok(Some(Heard { heard: true }))))
    }

    async fn exchange(&self, address: Address) -> io::Result<Option<Heard>> {
        let (read, mut write) = split(transport::connect(&address).await?);
        protocol::send(&mut write, self).await?;
        protocol::receive(&mut BufReader::new(read), LONGEST_REQUEST).await
    }
}

/// Beside the store's own.
fn address(store: &Path) -> Address {
    Address::of_store(&store.with_extension("tray"))
}

async fn listen(mut listener: Listener, heard: mpsc::Sender<Raise>) {
    loop {
        match listener.accept().await {
            Ok(stream) => match timeout(PATIENCE, hear(stream, &heard)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => debug!(%error, "A second start was not understood."),
                Err(_) => debug!("A second start said nothing."),
            },
            Err(error) => {
                debug!(%error, "Cannot hear second starts.");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn hear(stream: impl AsyncRead + AsyncWrite, heard: &mpsc::Sender<Raise>) -> io::Result<()> {
    let (read, mut write) = split(stream);
    let wish: Option<Raise> = protocol::receive(&mut BufReader::new(read), LONGEST_REQUEST).await?;
    let Some(wish) = wish else { return Ok(()) };
    // With wishes waiting, the popover comes up anyway.
    let _ = heard.try_send(wish);
    protocol::send(&mut write, &Heard { heard: true }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_taken_once_and_free_again_afterwards() {
        let temp = tempfile::tempdir().expect("a folder");
        let store = temp.path().join("sessions.db");
        let seat = Seat::take(&store).expect("can be locked");
        assert!(seat.is_some());
        assert!(Seat::take(&store).expect("can be tried").is_none(), "somebody has it");
        drop(seat);
        assert!(Seat::take(&store).expect("can be locked").is_some());
    }
}
