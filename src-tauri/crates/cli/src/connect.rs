//! Where answers come from: the running app, or an engine of our own where none runs.

use std::time::{Duration, Instant};

use token_monitor_engine::config::Layers;
use token_monitor_engine::{Ask, Conduct, Engine, StoreError};
use token_monitor_ipc::{Address, Client, Core, Server};

use crate::error::Failure;

/// Whoever owns the store but does not answer yet is starting, or ending.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// An engine, ours or somebody's.
pub(crate) struct Desk {
    pub(crate) core: Core,
    engine: Option<Engine>,
    _server: Option<Server>,
}

impl Desk {
    /// Finds somebody to ask and has them catch up with the logs.
    pub(crate) async fn open(layers: Layers) -> Result<Self, Failure> {
        let desk = Self::open_as_it_is(layers).await?;
        desk.core.ask(Ask::CatchUp).await?;
        Ok(desk)
    }

    /// Finds somebody to ask of what the logs have no part in.
    pub(crate) async fn open_as_it_is(layers: Layers) -> Result<Self, Failure> {
        Self::find(layers, Conduct::OnDemand, PATIENCE).await
    }

    /// Finds somebody whose snapshots can be followed. Whoever has the store meanwhile is waited for that long.
    pub(crate) async fn open_live(layers: Layers, patience: Duration) -> Result<Self, Failure> {
        Self::find(layers, Conduct::Live, patience).await
    }

    /// Whether the answers are somebody else's.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.engine.is_none()
    }

    /// Ends what was started here.
    pub(crate) fn close(self) -> Result<(), Failure> {
        let Self { core, engine, _server } = self;
        drop((core, _server));
        engine.map_or(Ok(()), Engine::stop).map_err(Failure::from)
    }

    async fn find(layers: Layers, conduct: Conduct, patience: Duration) -> Result<Self, Failure> {
        let began = Instant::now();
        let address = Address::of_store(&layers.settle().db_path);
        loop {
            if let Some(client) = Client::connect(address.clone()).await {
                return Ok(Self { core: Core::There(client), engine: None, _server: None });
            }
            match Engine::start(layers.clone(), conduct) {
                Ok(engine) => return Ok(Self::own(engine, conduct, &address)),
                // Whoever waits for this may hear a signal between two tries.
                Err(StoreError::Busy { .. }) if began.elapsed() < patience => tokio::task::yield_now().await,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// An engine that lives on answers others, too.
    fn own(engine: Engine, conduct: Conduct, address: &Address) -> Self {
        let handle = engine.handle();
        let server = match conduct {
            Conduct::Live => Server::start(address, handle.clone())
                .inspect_err(|error| tracing::warn!(%error, "Nobody else can ask this process."))
                .ok(),
            Conduct::OnDemand => None,
        };
        Self { core: Core::Here(handle), engine: Some(engine), _server: server }
    }
}
