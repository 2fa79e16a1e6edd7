//! One interface to the engine, wherever it runs.

use std::sync::Arc;

use token_monitor_core::figures::{SessionDetail, SessionMetadata, SessionPage, Snapshot};
use token_monitor_engine::{Answer, Ask, Handle, Refusal, RefusalCode, SessionQuery};
use tokio::sync::watch;

use crate::client::Client;

/// The engine: in this process, or at the other end of the socket.
#[derive(Clone, Debug)]
pub enum Core {
    /// In this process.
    Here(Handle),
    /// In the app that runs.
    There(Client),
}

/// Snapshots as they come; the latest wins. Closed when the engine is gone.
pub type Updates = watch::Receiver<Arc<Snapshot>>;

impl Core {
    /// Asks, and waits for the answer.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, Refusal> {
        match self {
            Self::Here(handle) => handle.ask(ask).await,
            Self::There(client) => client.ask(ask).await,
        }
    }

    /// Each new snapshot.
    pub async fn subscribe(&self) -> Result<Updates, Refusal> {
        match self {
            Self::Here(handle) => Ok(handle.subscribe()),
            Self::There(client) => client.subscribe().await,
        }
    }

    /// What surfaces show now.
    pub async fn snapshot(&self) -> Result<Snapshot, Refusal> {
        match self.ask(Ask::Snapshot).await? {
            Answer::Snapshot(snapshot) => Ok(*snapshot),
            other => Err(unexpected(&other)),
        }
    }

    /// A page of the sessions.
    pub async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Refusal> {
        match self.ask(Ask::Sessions(query)).await? {
            Answer::Sessions(page) => Ok(page),
            other => Err(unexpected(&other)),
        }
    }

    /// One session in detail.
    pub async fn session(&self, session: String) -> Result<SessionDetail, Refusal> {
        match self.ask(Ask::Session { session }).await? {
            Answer::Session(detail) => Ok(*detail),
            other => Err(unexpected(&other)),
        }
    }

    /// Names a session.
    pub async fn rename(&self, session: String, name: String) -> Result<SessionMetadata, Refusal> {
        match self.ask(Ask::Rename { session, name }).await? {
            Answer::Renamed(metadata) => Ok(metadata),
            other => Err(unexpected(&other)),
        }
    }
}

fn unexpected(answer: &Answer) -> Refusal {
    tracing::error!(?answer, "An answer of another kind than asked for.");
    Refusal::new(RefusalCode::Internal, "the answer was not understood")
}
