//! Serves devices until the process is stopped.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tracing::info;

use crate::database::Database;
use crate::error::HubError;
use crate::server::HubServer;

pub(super) async fn run(database: &Database, address: SocketAddr, allow_plain_http: bool) -> Result<(), HubError> {
    if !address.ip().to_canonical().is_loopback() && !allow_plain_http {
        return Err(HubError::BadRequest(format!(
            "{address} can be reached by other computers, and the hub has no TLS; serve 127.0.0.1, or add \
             --allow-plain-http if a proxy in front of it provides TLS"
        )));
    }
    let failed = |source| HubError::Io { what: address.to_string(), source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    info!(%address, "Serving.");
    let server = HubServer::new(database.clone());
    tokio::select! {
        () = server.serve(&listener) => Ok(()),
        () = wait_for_shutdown() => Ok(()),
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
