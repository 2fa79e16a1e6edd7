//! The engine that this process uses: its own or that of another process, and in their place one with sample data while
//! the user looks around.

use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::demo::DemoFolder;
use token_monitor_engine::{ApiError, Engine, EngineMode, ErrorCode};
use token_monitor_ipc::{Address, Client, EngineClient};
use tokio::sync::watch;

/// The engine of the user's own data, and the sample data that may be shown instead.
pub(crate) struct EngineSource {
    location: EngineLocation,
    /// The settings of the app's engine.
    sources: ConfigSources,
    demo: Mutex<Option<DemoEngine>>,
    /// Changes whenever another engine is used.
    switches: watch::Sender<()>,
}

/// The location of the engine of the user's own data.
pub(crate) enum EngineLocation {
    /// An engine in this process.
    InProcess(EngineClient),
    /// An engine behind a socket. Each use connects again, since the process may have been restarted.
    Remote(Address),
}

/// An engine with sample data in this process.
struct DemoEngine {
    engine: Engine,
    /// Removed after the engine has closed its store.
    folder: DemoFolder,
}

impl EngineSource {
    /// Creates the source of the app's data.
    pub(crate) fn new(location: EngineLocation, sources: ConfigSources) -> Self {
        Self { location, sources, demo: Mutex::default(), switches: watch::Sender::new(()) }
    }

    /// Returns a client of the engine. Fails with `Offline` if no process has one.
    pub(crate) async fn get(&self) -> Result<EngineClient, ApiError> {
        if let Some(client) = self.demo_client() {
            return Ok(client);
        }
        match &self.location {
            EngineLocation::InProcess(client) => Ok(client.clone()),
            EngineLocation::Remote(address) => connect(address.clone()).await,
        }
    }

    /// Returns the sources of the settings of the app's engine.
    pub(crate) fn sources(&self) -> &ConfigSources {
        &self.sources
    }

    /// Returns true while sample data is shown.
    pub(crate) fn is_demo(&self) -> bool {
        self.sources.is_demo || self.is_looking_around()
    }

    /// Returns true while this process shows sample data in place of the app's data.
    pub(crate) fn is_looking_around(&self) -> bool {
        self.demo_client().is_some()
    }

    /// Shows sample data from now on. Takes a moment.
    pub(crate) fn start_demo(&self) -> anyhow::Result<()> {
        let mut demo = self.demo.lock().unwrap_or_else(PoisonError::into_inner);
        if demo.is_none() {
            *demo = Some(DemoEngine::start()?);
            self.switches.send_replace(());
        }
        Ok(())
    }

    /// Shows the user's own data again and removes the sample data.
    pub(crate) fn stop_demo(&self) {
        let demo = self.demo.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(demo) = demo {
            self.switches.send_replace(());
            demo.stop();
        }
    }

    /// Subscribes to switches between the user's own data and sample data.
    pub(crate) fn subscribe_switches(&self) -> watch::Receiver<()> {
        self.switches.subscribe()
    }

    fn demo_client(&self) -> Option<EngineClient> {
        let demo = self.demo.lock().unwrap_or_else(PoisonError::into_inner);
        demo.as_ref().map(|demo| EngineClient::InProcess(demo.engine.handle()))
    }
}

/// Connects to the engine behind a socket. Fails with `Offline` if no process has one.
pub(crate) async fn connect(address: Address) -> Result<EngineClient, ApiError> {
    Client::connect(address)
        .await
        .map(EngineClient::Remote)
        .ok_or_else(|| ApiError::new(ErrorCode::Offline, "Token Monitor is not running").with_hint("Start it again."))
}

impl DemoEngine {
    fn start() -> anyhow::Result<Self> {
        let mut folder = DemoFolder::create().context("writing the sample data")?;
        let engine = Engine::start(folder.config_sources(), EngineMode::Live).context("reading the sample data")?;
        folder.continue_writing().context("continuing the sample data")?;
        Ok(Self { engine, folder })
    }

    /// Removes the folder, once the engine has closed its store.
    fn stop(self) {
        let Self { engine, folder } = self;
        // A panic of the engine leaves the folder to be removed.
        let _ = std::thread::spawn(move || engine.discard()).join();
        drop(folder);
    }
}
