//! What the rest of the program holds of a running engine.

use std::sync::Arc;
use std::thread::JoinHandle;

use token_monitor_core::report::model::Snapshot;
use token_monitor_store::StoreError;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::actor::{Actor, Input};
use crate::alert_outbox::AlertOut;
use crate::api::{Answer, Ask, Refusal, RefusalCode};
use crate::config::Layers;

/// Asks a running engine.
#[derive(Clone, Debug)]
pub struct Handle {
    inputs: mpsc::UnboundedSender<Input>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// Never read: it makes others, and ends with the engine.
    alerts: Arc<broadcast::Receiver<Arc<AlertOut>>>,
}

impl Handle {
    /// Asks, and waits for the answer.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, Refusal> {
        let (reply, answer) = oneshot::channel();
        let gone = || Refusal::new(RefusalCode::Offline, "Token Monitor is ending");
        self.inputs.send(Input::Ask(ask, reply)).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Each new snapshot; the latest wins.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Each new alert. Whoever listens shows it and tells with [`Ask::AlertFate`] what became of it.
    pub fn alerts(&self) -> broadcast::Receiver<Arc<AlertOut>> {
        self.alerts.resubscribe()
    }
}

/// Whether the engine looks for changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// It watches, sweeps and publishes.
    Live,
    /// It acts when asked.
    OnDemand,
}

/// A running engine.
#[derive(Debug)]
pub struct Engine {
    handle: Handle,
    thread: JoinHandle<Result<(), StoreError>>,
}

impl Engine {
    /// Opens the store and starts.
    pub fn start(layers: Layers, conduct: Conduct) -> Result<Self, StoreError> {
        let (inputs, heard) = mpsc::unbounded_channel();
        let (actor, (snapshots, alerts)) = Actor::open(layers, conduct, inputs.clone())?;
        let handle = Handle { inputs, snapshots, alerts: Arc::new(alerts) };
        let named = std::thread::Builder::new().name("engine".to_owned());
        let thread = named.spawn(move || run(actor, heard)).expect("a thread can be started");
        Ok(Self { handle, thread })
    }

    /// What to ask it with.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Ends it: what waits is written, the store is closed.
    pub fn stop(self) -> Result<(), StoreError> {
        // It may have ended by itself.
        let _ = self.handle.inputs.send(Input::Stop);
        self.wait()
    }

    /// Waits until it ends, because somebody asked it to.
    pub fn wait(self) -> Result<(), StoreError> {
        drop(self.handle);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn run(actor: Actor, inputs: mpsc::UnboundedReceiver<Input>) -> Result<(), StoreError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a timer can be started").block_on(actor.run(inputs))
}
