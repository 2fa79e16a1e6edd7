//! The web server of the hub.

use axum::Router;
use token_monitor_web::{ConnectionAcceptor, ConnectionLimits};
use tokio::net::TcpListener;

use crate::database::Database;
use crate::metrics::{HubMetrics, metrics_router};
use crate::routes;

/// The number of connections at a time. Those beyond get a 503 at once.
const MAX_CONNECTIONS: usize = 512;

/// A hub on a database.
#[derive(Clone, Debug)]
pub struct HubServer {
    app: Router,
    metrics: HubMetrics,
}

impl HubServer {
    /// Creates a hub.
    pub fn new(database: Database) -> Self {
        let metrics = HubMetrics::new(database.clone());
        Self { app: routes::router(database, &metrics), metrics }
    }

    /// Answers requests until the future is dropped.
    pub async fn serve(&self, listener: &TcpListener) {
        accept(self.app.clone(), listener).await;
    }

    /// Answers requests for `/metrics` until the future is dropped. They need no token, and have no figures of organizations.
    pub async fn serve_metrics(&self, listener: &TcpListener) {
        accept(metrics_router(self.metrics.clone()), listener).await;
    }
}

async fn accept(app: Router, listener: &TcpListener) {
    let limits = ConnectionLimits::new(MAX_CONNECTIONS, 0);
    ConnectionAcceptor::new(app, limits).serve_tcp(listener).await;
}
