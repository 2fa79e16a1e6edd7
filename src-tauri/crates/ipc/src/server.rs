//! The end that answers.

use std::io;
use std::time::Duration;

use token_monitor_engine::{Answer, Handle};
use tokio::io::{AsyncRead, AsyncWrite, BufReader, split};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tracing::debug;

use crate::address::Address;
use crate::protocol::{self, Hello, LONGEST_REQUEST, PROTOCOL, Reply, Request};
use crate::transport::Listener;

/// After an error of the listener itself, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// A running listener. It ends when it is dropped.
#[derive(Debug)]
pub struct Server(JoinHandle<()>);

impl Server {
    /// Listens for the owner of a store. To be called from within a runtime.
    pub fn start(address: &Address, handle: Handle) -> io::Result<Self> {
        let listener = Listener::bind(address)?;
        Ok(Self(tokio::spawn(listen(listener, handle))))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn listen(mut listener: Listener, handle: Handle) {
    loop {
        match listener.accept().await {
            Ok(stream) => {
                let handle = handle.clone();
                tokio::spawn(async move {
                    if let Err(error) = serve(stream, handle).await {
                        debug!(%error, "A connection broke off.");
                    }
                });
            }
            Err(error) => {
                debug!(%error, "Cannot take a connection.");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite, handle: Handle) -> io::Result<()> {
    let (read, mut write) = split(stream);
    let mut read = BufReader::new(read);
    protocol::send(&mut write, &Hello { protocol: PROTOCOL }).await?;
    while let Some(request) = protocol::receive(&mut read, LONGEST_REQUEST).await? {
        match request {
            Request::Ask(ask) => {
                let reply = handle.ask(ask).await.map_or_else(Reply::Refused, Reply::Answer);
                protocol::send(&mut write, &reply).await?;
            }
            Request::Subscribe => return follow(&mut read, &mut write, &handle).await,
            Request::Alerts => return alert(&mut read, &mut write, &handle).await,
        }
    }
    Ok(())
}

/// Sends each snapshot until the asker hangs up. A slow asker misses snapshots; it never holds anyone up.
async fn follow(
    read: &mut (impl tokio::io::AsyncBufRead + Unpin),
    write: &mut (impl AsyncWrite + Unpin),
    handle: &Handle,
) -> io::Result<()> {
    let mut snapshots = handle.subscribe();
    snapshots.mark_changed();
    loop {
        tokio::select! {
            changed = snapshots.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
                let snapshot = snapshots.borrow_and_update().clone();
                protocol::send(write, &Reply::Snapshot(Box::new((*snapshot).clone()))).await?;
            }
            more = protocol::receive::<Request>(read, LONGEST_REQUEST) => {
                if more?.is_none() {
                    return Ok(());
                }
            }
        }
    }
}

/// Sends each alert until the asker hangs up: as long as it does not, the engine takes it for somebody who shows them.
/// Says first that it listens.
async fn alert(
    read: &mut (impl tokio::io::AsyncBufRead + Unpin),
    write: &mut (impl AsyncWrite + Unpin),
    handle: &Handle,
) -> io::Result<()> {
    let mut alerts = handle.alerts();
    protocol::send(write, &Reply::Answer(Answer::Done)).await?;
    loop {
        tokio::select! {
            out = alerts.recv() => match out {
                Ok(out) => protocol::send(write, &Reply::Alert(Box::new((*out).clone()))).await?,
                // The engine learns no fate of those, and gives them up.
                Err(RecvError::Lagged(missed)) => debug!(missed, "Alerts came faster than they were taken."),
                Err(RecvError::Closed) => return Ok(()),
            },
            more = protocol::receive::<Request>(read, LONGEST_REQUEST) => {
                if more?.is_none() {
                    return Ok(());
                }
            }
        }
    }
}
