//! The running engine and the handle to it.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use token_monitor_core::report::model::Snapshot;
use token_monitor_store::StoreError;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::actor::{Actor, Input};
use crate::alert_outbox::OutgoingAlert;
use crate::api::{ApiError, ErrorCode, Request, Response};
use crate::config::ConfigSources;
use crate::engine_mode::EngineMode;
use crate::outage::LOCK_TIMEOUT;

/// A handle to a running engine. Clones refer to the same engine.
#[derive(Clone, Debug)]
pub struct EngineHandle {
    inputs: mpsc::UnboundedSender<Input>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// Never received from: subscriptions are made from it, and it closes with the engine.
    alerts: Arc<broadcast::Receiver<Arc<OutgoingAlert>>>,
}

impl EngineHandle {
    /// Sends a request and waits for the response. Fails with `Offline` if the engine stops first.
    pub async fn request(&self, request: Request) -> Result<Response, ApiError> {
        let (reply, response) = oneshot::channel();
        let stopped = || ApiError::new(ErrorCode::Offline, "Token Monitor is shutting down");
        self.inputs.send(Input::Request(request, reply)).map_err(|_| stopped())?;
        response.await.map_err(|_| stopped())?
    }

    /// Subscribes to snapshots. A slow subscriber gets the latest one only.
    pub fn subscribe_snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Subscribes to alerts as a notifier, which has to report each alert's status with
    /// [`Request::ReportAlertStatus`].
    pub fn subscribe_alerts(&self) -> broadcast::Receiver<Arc<OutgoingAlert>> {
        self.alerts.resubscribe()
    }
}

/// A running engine on a thread of its own.
#[derive(Debug)]
pub struct Engine {
    handle: EngineHandle,
    thread: JoinHandle<Result<(), StoreError>>,
}

impl Engine {
    /// Opens the store and starts the engine. Fails if the store cannot be opened, for example because another
    /// process has it open, or if the system cannot start a thread.
    pub fn start(sources: ConfigSources, mode: EngineMode) -> Result<Self, StoreError> {
        Self::start_within(LOCK_TIMEOUT, sources, mode)
    }

    /// Starts the engine like [`Self::start`], but waits at most `lock_timeout` for a process that has the store open.
    pub fn start_within(lock_timeout: Duration, sources: ConfigSources, mode: EngineMode) -> Result<Self, StoreError> {
        let (inputs, receiver) = mpsc::unbounded_channel();
        let (actor, (snapshots, alerts)) = Actor::open(lock_timeout, sources, mode, inputs.clone())?;
        let handle = EngineHandle { inputs, snapshots, alerts: Arc::new(alerts) };
        let builder = std::thread::Builder::new().name("engine".to_owned());
        let thread = builder.spawn(move || run_actor(actor, receiver)).map_err(StoreError::Thread)?;
        Ok(Self { handle, thread })
    }

    /// Returns a handle to the engine.
    pub fn handle(&self) -> EngineHandle {
        self.handle.clone()
    }

    /// Stops the engine after it has written pending changes and closed the store.
    pub fn stop(self) -> Result<(), StoreError> {
        // The engine may have stopped already.
        let _ = self.handle.inputs.send(Input::Stop);
        self.wait()
    }

    /// Stops the engine without saving anything, for a store that is about to be deleted. A normal stop would restore a store
    /// that was deleted meanwhile.
    pub fn discard(self) -> Result<(), StoreError> {
        // The engine may have stopped already.
        let _ = self.handle.inputs.send(Input::Discard);
        self.wait()
    }

    /// Waits until the engine stops.
    pub fn wait(self) -> Result<(), StoreError> {
        drop(self.handle);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn run_actor(actor: Actor, inputs: mpsc::UnboundedReceiver<Input>) -> Result<(), StoreError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a timer can be started").block_on(actor.run(inputs))
}
