//! The server: its options, its state and its run.

use std::sync::Arc;

use token_monitor_ipc::{EngineClient, SnapshotStream};
use token_monitor_web::ConnectionLimits;

use token_monitor_engine::clock;

use crate::access::credentials::CredentialChecker;
use crate::access::hosts::AllowedHosts;
use crate::access::sign_in_codes::SignInCodes;
use crate::access::token::{Token, TokenError, random_text};
use crate::backend::Backend;
use crate::listener::{MAX_CONNECTIONS, MAX_LIVE_CLIENTS, WebListener};
use crate::routes;
use crate::routes::metrics::MetricsSource;

/// The number of random bytes that distinguish starts of the server.
const START_ID_BYTES: usize = 4;

/// The options of a server.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// True if `/health` needs no credentials. It has no figures.
    pub public_health: bool,
    /// True if `/metrics` needs no credentials.
    pub public_metrics: bool,
    /// True if the figures are sample data.
    pub is_demo: bool,
    /// The source of `/metrics`; without one there are none.
    pub metrics: Option<Arc<dyn MetricsSource>>,
}

/// A server of an engine's figures.
#[derive(Clone, Debug)]
pub struct WebServer(Arc<ServerState>);

/// The state that all requests share.
#[derive(Debug)]
pub(crate) struct ServerState {
    pub(crate) backend: Backend,
    pub(crate) hosts: AllowedHosts,
    pub(crate) credentials: CredentialChecker,
    pub(crate) codes: SignInCodes,
    pub(crate) options: ServerOptions,
    /// Text that no other start of a server has.
    pub(crate) start_id: String,
}

impl WebServer {
    /// Creates a server that answers to the names of `hosts` and knows `token`.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub fn new(hosts: AllowedHosts, token: Token, options: ServerOptions) -> Result<Self, TokenError> {
        Ok(Self(Arc::new(ServerState {
            backend: Backend::new(),
            hosts,
            codes: SignInCodes::new(&token, clock::now()),
            credentials: CredentialChecker::new(token),
            options,
            start_id: random_text(START_ID_BYTES)?,
        })))
    }

    /// Serves the figures of an engine until it stops. Until this is called again, requests get a 503.
    pub async fn follow_engine(&self, client: EngineClient, snapshots: SnapshotStream) {
        self.0.backend.follow(client, snapshots).await;
    }

    /// Answers requests until the future is dropped.
    pub async fn serve(&self, listener: WebListener) {
        let limits = ConnectionLimits::new(MAX_CONNECTIONS, MAX_LIVE_CLIENTS);
        listener.serve(routes::router(Arc::clone(&self.0)), limits).await;
    }
}
