//! The web server of the hub.

use axum::Router;
use token_monitor_web::{ConnectionAcceptor, ConnectionLimits};
use tokio::net::TcpListener;

use crate::database::Database;
use crate::routes;

/// The number of connections at a time. Those beyond get a 503 at once.
const MAX_CONNECTIONS: usize = 512;

/// A hub on a database.
#[derive(Clone, Debug)]
pub struct HubServer {
    app: Router,
}

impl HubServer {
    /// Creates a hub.
    pub fn new(database: Database) -> Self {
        Self { app: routes::router(database) }
    }

    /// Answers requests until the future is dropped.
    pub async fn serve(&self, listener: &TcpListener) {
        let limits = ConnectionLimits::new(MAX_CONNECTIONS, 0);
        ConnectionAcceptor::new(self.app.clone(), limits).serve_tcp(listener).await;
    }
}
