//! Connects a command to an engine: that of the running app, or one started in this process.
//!
//! A process that runs until it is stopped serves other processes as well; a command that makes one request does not.

use std::time::{Duration, Instant};

use token_monitor_core::report::model::{ProblemCode, ReportCompleteness};
use token_monitor_core::text::format::ViewerZone;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ApiError, Engine, EngineMode, ErrorCode, Request, Response, StoreError};
use token_monitor_ipc::{Address, Client, EngineClient, Server};

use crate::error::CliError;
use crate::render::progress::sync_with_bar;

/// The longest wait for a process that owns the store but does not answer: it is starting or stopping.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The wait for the store between two attempts to connect to the process that has it open.
const LOCK_TIMEOUT: Duration = Duration::from_millis(50);

/// A connection to an engine, together with the engine if it runs in this process.
pub(crate) struct EngineSession {
    pub(crate) client: EngineClient,
    engine: Option<Engine>,
    _server: Option<Server>,
}

impl EngineSession {
    /// Connects to an engine and waits until it has counted everything written to the logs. If the process with the engine
    /// ends in the meantime, connects to its successor.
    pub(crate) async fn open(sources: ConfigSources) -> Result<Self, CliError> {
        let start = Instant::now();
        loop {
            let session = Self::open_without_sync(sources.clone()).await?;
            match sync_with_bar(&session.client).await {
                Err(error) if session.has_lost_engine(&error) && start.elapsed() < CONNECT_TIMEOUT => {
                    session.close()?;
                }
                synced => {
                    synced?;
                    session.warn_of_store_problems().await;
                    return Ok(session);
                }
            }
        }
    }

    /// Returns true if an error means that the process with the engine has ended.
    pub(crate) fn has_lost_engine(&self, error: &ApiError) -> bool {
        self.is_remote() && error.code == ErrorCode::Offline
    }

    /// Warns of problems of the store, on which all figures depend. An engine in this process warns itself.
    async fn warn_of_store_problems(&self) {
        if !self.is_remote() {
            return;
        }
        let snapshot = self.client.snapshot().await.ok();
        let problems = snapshot.iter().flat_map(|snapshot| &snapshot.problems);
        let is_of_store = |code| matches!(code, ProblemCode::StoreUnreadable | ProblemCode::StoreUnavailable);
        for problem in problems.filter(|problem| is_of_store(problem.code)) {
            tracing::warn!("{} {}", problem.message, problem.hint);
        }
    }

    /// Connects to an engine for requests that do not depend on the logs.
    pub(crate) async fn open_without_sync(sources: ConfigSources) -> Result<Self, CliError> {
        Self::connect(sources, EngineMode::OnDemand, CONNECT_TIMEOUT).await
    }

    /// Connects to an engine whose snapshots can be followed. Waits up to `timeout` for another process that owns the
    /// store but does not answer.
    pub(crate) async fn open_live(sources: ConfigSources, timeout: Duration) -> Result<Self, CliError> {
        Self::connect(sources, EngineMode::Live, timeout).await
    }

    /// Returns true if the engine runs in another process.
    pub(crate) fn is_remote(&self) -> bool {
        self.engine.is_none()
    }

    /// Closes the connection, and stops the engine if it runs in this process.
    pub(crate) fn close(self) -> Result<(), CliError> {
        let Self { client, engine, _server } = self;
        drop((client, _server));
        engine.map_or(Ok(()), Engine::stop).map_err(CliError::from)
    }

    async fn connect(sources: ConfigSources, mode: EngineMode, timeout: Duration) -> Result<Self, CliError> {
        let start = Instant::now();
        let settings = sources.resolve();
        let address = Address::of_store(&settings.db_path);
        loop {
            if let Some(client) = Client::connect(address.clone()).await {
                // An engine in this process reports them itself.
                settings.problems.iter().for_each(|problem| tracing::warn!("{problem}"));
                return Ok(Self { client: EngineClient::Remote(client), engine: None, _server: None });
            }
            match Engine::start_within(LOCK_TIMEOUT, sources.clone(), mode) {
                Ok(engine) => return Ok(Self::with_engine(engine, mode, &address)),
                // Yields, so that the caller can handle a signal between two attempts.
                Err(StoreError::Busy { .. }) if start.elapsed() < timeout => tokio::task::yield_now().await,
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn with_engine(engine: Engine, mode: EngineMode, address: &Address) -> Self {
        let handle = engine.handle();
        let server = match mode {
            EngineMode::Live => Server::start(address, handle.clone())
                .inspect_err(|error| tracing::warn!(%error, "Other processes cannot connect to this engine."))
                .ok(),
            EngineMode::OnDemand => None,
        };
        Self { client: EngineClient::InProcess(handle), engine: Some(engine), _server: server }
    }
}

/// Sends one request to an engine that has counted everything written to the logs.
pub(crate) async fn request_once(sources: ConfigSources, request: Request) -> Result<Response, CliError> {
    request_all(sources, async |client| client.request(request.clone()).await).await
}

/// Sends one request like [`request_once`] and returns the viewer's time zone as well. The zone may be saved in the
/// store, so only the engine knows it.
pub(crate) async fn request_with_zone(
    sources: ConfigSources,
    request: Request,
) -> Result<(Response, ViewerZone), CliError> {
    let (response, snapshot) =
        request_all(sources, async |client| Ok((client.request(request.clone()).await?, client.snapshot().await?)))
            .await?;
    Ok((response, ViewerZone::from_name(&snapshot.zone)))
}

/// Sends one request like [`request_once`] and returns the completeness of the figures as well, for responses that do not
/// contain it.
pub(crate) async fn request_with_completeness(
    sources: ConfigSources,
    request: Request,
) -> Result<(Response, ReportCompleteness), CliError> {
    request_all(sources, async |client| Ok((client.request(request.clone()).await?, completeness_of(client).await?)))
        .await
}

/// Returns the completeness of the figures of an engine.
pub(crate) async fn completeness_of(client: &EngineClient) -> Result<ReportCompleteness, ApiError> {
    Ok(ReportCompleteness::from_problems(client.snapshot().await?.problems))
}

/// Sends requests to an engine that has counted everything written to the logs. If the process with the engine ends
/// before it has responded, all of them are sent to its successor. Repeating a request does no harm.
async fn request_all<T>(
    sources: ConfigSources,
    requests: impl AsyncFn(&EngineClient) -> Result<T, ApiError>,
) -> Result<T, CliError> {
    let start = Instant::now();
    loop {
        let session = EngineSession::open(sources.clone()).await?;
        let responses = requests(&session.client).await;
        let is_lost = responses.as_ref().is_err_and(|error| session.has_lost_engine(error));
        session.close()?;
        if !is_lost || start.elapsed() >= CONNECT_TIMEOUT {
            return Ok(responses?);
        }
    }
}
