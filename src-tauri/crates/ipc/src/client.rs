//! The end that asks.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::{AlertOut, Answer, Ask, Refusal, RefusalCode};
use tokio::io::{AsyncBufRead, AsyncWrite, BufReader, split};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::address::Address;
use crate::protocol::{self, Hello, LONGEST_REPLY, PROTOCOL, Reply, Request};
use crate::transport;

/// A listener that lives says hello at once.
const HELLO_PATIENCE: Duration = Duration::from_secs(2);

/// As many alerts may wait for whoever shows them; at most one a minute comes.
const MOST_UNHEARD: usize = 16;

/// Asks whoever listens at an address, with a new connection for each question: it may have been restarted.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
}

impl Client {
    /// An asker, if somebody listens and speaks the same words.
    pub async fn connect(address: Address) -> Option<Self> {
        let client = Self { address };
        client.open().await.ok().map(|_| client)
    }

    /// Asks, and waits for the answer.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, Refusal> {
        self.exchange(ask).await.unwrap_or_else(|error| Err(offline(&error)))
    }

    /// Each new snapshot; the latest wins. The channel closes when the other end is gone.
    pub async fn subscribe(&self) -> Result<watch::Receiver<Arc<Snapshot>>, Refusal> {
        self.follow().await.map_err(|error| offline(&error))
    }

    /// Each new alert, for whoever shows them. The channel closes when the other end is gone.
    pub async fn alerts(&self) -> Result<mpsc::Receiver<Arc<AlertOut>>, Refusal> {
        self.listen().await.map_err(|error| offline(&error))
    }

    async fn listen(&self) -> io::Result<mpsc::Receiver<Arc<AlertOut>>> {
        let (mut read, mut write) = self.open().await?;
        protocol::send(&mut write, &Request::Alerts).await?;
        match protocol::receive(&mut read, LONGEST_REPLY).await? {
            Some(Reply::Answer(Answer::Done)) => {}
            Some(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "nobody hands out alerts there")),
            None => return Err(hung_up()),
        }
        let (send, receive) = mpsc::channel(MOST_UNHEARD);
        tokio::spawn(async move {
            // Kept open: hanging up is how the listener learns that nobody shows alerts here.
            let _write = write;
            while let Ok(Some(Reply::Alert(out))) = tokio::select! {
                reply = protocol::receive(&mut read, LONGEST_REPLY) => reply,
                () = send.closed() => return,
            } {
                if send.send(Arc::new(*out)).await.is_err() {
                    return;
                }
            }
        });
        Ok(receive)
    }

    async fn exchange(&self, ask: Ask) -> io::Result<Result<Answer, Refusal>> {
        let (mut read, mut write) = self.open().await?;
        protocol::send(&mut write, &Request::Ask(ask)).await?;
        match protocol::receive(&mut read, LONGEST_REPLY).await? {
            Some(Reply::Answer(answer)) => Ok(Ok(answer)),
            Some(Reply::Refused(refusal)) => Ok(Err(refusal)),
            Some(Reply::Snapshot(_) | Reply::Alert(_)) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "an answer was expected"))
            }
            None => Err(hung_up()),
        }
    }

    async fn follow(&self) -> io::Result<watch::Receiver<Arc<Snapshot>>> {
        let (mut read, mut write) = self.open().await?;
        protocol::send(&mut write, &Request::Subscribe).await?;
        let first = next_snapshot(&mut read).await?;
        let (send, receive) = watch::channel(first);
        tokio::spawn(async move {
            // Kept open: hanging up is how the listener learns that nobody follows.
            let _write = write;
            while let Ok(snapshot) = tokio::select! {
                snapshot = next_snapshot(&mut read) => snapshot,
                () = send.closed() => return,
            } {
                send.send_replace(snapshot);
            }
        });
        Ok(receive)
    }

    async fn open(&self) -> io::Result<(impl AsyncBufRead + Unpin + use<>, impl AsyncWrite + Unpin + use<>)> {
        let (read, write) = split(transport::connect(&self.address).await?);
        let mut read = BufReader::new(read);
        let hello: Option<Hello> = timeout(HELLO_PATIENCE, protocol::receive(&mut read, LONGEST_REPLY)).await??;
        match hello {
            Some(Hello { protocol: PROTOCOL }) => Ok((read, write)),
            Some(_) => Err(io::Error::new(io::ErrorKind::Unsupported, "the running app is of another version")),
            None => Err(hung_up()),
        }
    }
}

async fn next_snapshot(read: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Arc<Snapshot>> {
    match protocol::receive(read, LONGEST_REPLY).await? {
        Some(Reply::Snapshot(snapshot)) => Ok(Arc::new(*snapshot)),
        Some(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "a snapshot was expected")),
        None => Err(hung_up()),
    }
}

fn hung_up() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

fn offline(error: &io::Error) -> Refusal {
    Refusal::new(RefusalCode::Offline, format!("Token Monitor does not answer: {error}")).hint("Start it again.")
}
