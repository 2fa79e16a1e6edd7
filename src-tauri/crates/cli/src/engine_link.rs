//! The connection to the engine, which outlives the engine: when the app ends, another process takes over the store, or
//! this one does.

use std::sync::Arc;
use std::time::Instant;

use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::{EngineClient, SnapshotStream};

use crate::connect::{CONNECT_TIMEOUT, EngineSession};
use crate::error::CliError;

/// A connection to the engine, and what is needed for another one.
pub(crate) struct EngineLink {
    sources: ConfigSources,
    session: EngineSession,
    snapshots: SnapshotStream,
}

impl EngineLink {
    /// Connects to the engine of the app, or starts one in this process. If the app ends in the meantime, connects to its
    /// successor.
    pub(crate) async fn connect(sources: ConfigSources) -> Result<Self, CliError> {
        let start = Instant::now();
        loop {
            let session = EngineSession::open_live(sources.clone(), CONNECT_TIMEOUT).await?;
            match session.client.subscribe_snapshots().await {
                Ok(snapshots) => return Ok(Self { sources, session, snapshots }),
                Err(error) if session.has_lost_engine(&error) && start.elapsed() < CONNECT_TIMEOUT => {
                    session.close()?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Connects again, after the engine has ended.
    pub(crate) async fn reconnect(self) -> Result<Self, CliError> {
        let Self { sources, session, snapshots } = self;
        drop(snapshots);
        session.close()?;
        Self::connect(sources).await
    }

    /// Returns a client for requests.
    pub(crate) fn client(&self) -> EngineClient {
        self.session.client.clone()
    }

    /// Returns the stream of snapshots.
    pub(crate) fn snapshots(&self) -> SnapshotStream {
        self.snapshots.clone()
    }

    /// Returns the latest snapshot.
    pub(crate) fn snapshot(&mut self) -> Arc<Snapshot> {
        self.snapshots.borrow_and_update().clone()
    }

    /// Waits for a newer snapshot. Returns `None` if the engine has ended.
    pub(crate) async fn next_snapshot(&mut self) -> Option<Arc<Snapshot>> {
        self.snapshots.changed().await.ok()?;
        Some(self.snapshot())
    }

    /// Closes the connection, and stops the engine if it runs in this process.
    pub(crate) fn close(self) -> Result<(), CliError> {
        drop(self.snapshots);
        self.session.close()
    }
}
