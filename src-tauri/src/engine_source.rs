//! The engine that this process uses.

use token_monitor_engine::{ApiError, ErrorCode};
use token_monitor_ipc::{Address, Client, EngineClient};

/// The location of the engine.
pub(crate) enum EngineSource {
    /// An engine in this process.
    InProcess(EngineClient),
    /// An engine behind a socket. Each use connects again, since the process may have been restarted.
    Remote(Address),
}

impl EngineSource {
    /// Returns a client of the engine. Fails with `Offline` if no process has one.
    pub(crate) async fn get(&self) -> Result<EngineClient, ApiError> {
        match self {
            Self::InProcess(client) => Ok(client.clone()),
            Self::Remote(address) => {
                Client::connect(address.clone()).await.map(EngineClient::Remote).ok_or_else(|| {
                    ApiError::new(ErrorCode::Offline, "Token Monitor is not running").with_hint("Start it again.")
                })
            }
        }
    }
}
