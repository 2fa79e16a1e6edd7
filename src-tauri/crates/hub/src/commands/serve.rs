//! Serves devices and browsers, checks budgets, refreshes rollups, and forgets old limits, until the process is stopped.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tracing::info;

use crate::budgets::check_repeatedly;
use crate::database::Database;
use crate::error::HubError;
use crate::limits::forget_repeatedly;
use crate::rollup::refresh_repeatedly;
use crate::server::HubServer;

/// The addresses at which a hub serves.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServeAddresses {
    /// The address for devices and browsers.
    pub(super) listen: SocketAddr,
    /// The address of the metrics; none by default.
    pub(super) metrics: Option<SocketAddr>,
    /// True if addresses that other computers can reach are allowed.
    pub(super) allow_plain_http: bool,
}

pub(super) async fn run(database: &Database, addresses: ServeAddresses) -> Result<(), HubError> {
    let listener = addresses.bind(addresses.listen).await?;
    let metrics = match addresses.metrics {
        Some(address) => Some(addresses.bind(address).await?),
        None => None,
    };
    let failed = |source| HubError::Io { what: addresses.listen.to_string(), source };
    info!(address = %listener.local_addr().map_err(failed)?, "Serving.");
    let server = HubServer::new(database.clone());
    tokio::select! {
        () = server.serve(&listener) => Ok(()),
        () = serve_metrics(&server, metrics.as_ref()) => Ok(()),
        () = check_repeatedly(database) => Ok(()),
        () = refresh_repeatedly(database) => Ok(()),
        () = forget_repeatedly(database) => Ok(()),
        () = wait_for_shutdown() => Ok(()),
    }
}

async fn serve_metrics(server: &HubServer, listener: Option<&TcpListener>) {
    match listener {
        Some(listener) => server.serve_metrics(listener).await,
        None => std::future::pending().await,
    }
}

impl ServeAddresses {
    async fn bind(&self, address: SocketAddr) -> Result<TcpListener, HubError> {
        if !address.ip().to_canonical().is_loopback() && !self.allow_plain_http {
            return Err(HubError::BadRequest(format!(
                "{address} can be reached by other computers, and the hub has no TLS; serve 127.0.0.1, or add \
                 --allow-plain-http if a proxy in front of it provides TLS"
            )));
        }
        TcpListener::bind(address).await.map_err(|source| HubError::Io { what: address.to_string(), source })
    }
}

#[cfg(unix)]
async fn wait_for_shutdown() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_shutdown() {
    let _ = tokio::signal::ctrl_c().await;
}
