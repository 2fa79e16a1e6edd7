//! The connection to the engine, which may end and be replaced while the server runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use token_monitor_engine::{Request, Response};
use token_monitor_ipc::{EngineClient, SnapshotStream};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::live::frames::Frames;
use crate::problem::ProblemDetails;

/// The time a request waits for an engine: enough for one that is being replaced.
const ENGINE_TIMEOUT: Duration = Duration::from_secs(3);

/// The engine of this moment, and its snapshots.
#[derive(Debug)]
pub(crate) struct Backend {
    engine: watch::Sender<Option<ConnectedEngine>>,
    instances: AtomicU64,
    pub(crate) frames: Arc<Frames>,
}

/// An engine that is connected.
#[derive(Clone, Debug)]
pub(crate) struct ConnectedEngine {
    client: EngineClient,
    /// The number of the engine: each has revisions of its own.
    pub(crate) instance: u64,
    snapshots: SnapshotStream,
}

impl Backend {
    pub(crate) fn new() -> Self {
        let (engine, _) = watch::channel(None);
        Self { engine, instances: AtomicU64::new(1), frames: Arc::new(Frames::new()) }
    }

    /// Serves an engine until it stops.
    pub(crate) async fn follow(&self, client: EngineClient, mut snapshots: SnapshotStream) {
        let instance = self.instances.fetch_add(1, Ordering::Relaxed);
        self.engine.send_replace(Some(ConnectedEngine { client, instance, snapshots: snapshots.clone() }));
        snapshots.mark_changed();
        while snapshots.changed().await.is_ok() {
            let snapshot = Arc::clone(&snapshots.borrow_and_update());
            self.frames.publish(instance, &snapshot);
        }
        self.engine.send_replace(None);
    }

    /// Returns the engine. Waits for one that is being replaced.
    pub(crate) async fn engine(&self) -> Result<ConnectedEngine, ProblemDetails> {
        let mut engine = self.engine.subscribe();
        let connected = timeout(ENGINE_TIMEOUT, engine.wait_for(is_running)).await;
        connected.ok().and_then(|engine| engine.ok()?.clone()).ok_or_else(ProblemDetails::no_engine)
    }

    /// Returns true if an engine is connected.
    pub(crate) fn is_connected(&self) -> bool {
        is_running(&self.engine.borrow())
    }
}

/// Returns true unless the engine has stopped, which [`Backend::follow`] notices a little later.
fn is_running(engine: &Option<ConnectedEngine>) -> bool {
    engine.as_ref().is_some_and(|engine| engine.snapshots.has_changed().is_ok())
}

impl ConnectedEngine {
    /// Sends a request and waits for the response.
    pub(crate) async fn request(&self, request: Request) -> Result<Response, ProblemDetails> {
        Ok(self.client.request(request).await?)
    }

    /// Returns a client of the engine.
    pub(crate) fn client(&self) -> &EngineClient {
        &self.client
    }

    /// Returns the revision of the latest snapshot.
    pub(crate) fn revision(&self) -> u64 {
        self.snapshots.borrow().revision
    }
}
