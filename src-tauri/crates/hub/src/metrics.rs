//! Metrics of the hub for Prometheus. They have no figures of organizations.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::prometheus_text::{CONTENT_TYPE as TEXT_TYPE, encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::database::Database;

/// The upper ends of the intervals of request times, in seconds.
const TIME_BUCKETS: [f64; 9] = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 3.0, 10.0];

/// The route of a request to an address where there is nothing, or to a file of the dashboard.
const OTHER_ROUTE: &str = "other";

/// The labels of a request.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: String,
    status: u32,
}

/// The labels of the time of a request.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// The metrics of one hub process.
#[derive(Clone)]
pub(crate) struct HubMetrics(Arc<MetricsState>);

struct MetricsState {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    times: Family<RouteLabels, Histogram>,
    rows: Counter,
    connections: Gauge,
    idle_connections: Gauge,
    database: Database,
}

impl fmt::Debug for HubMetrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("HubMetrics(…)")
    }
}

impl HubMetrics {
    /// Creates metrics without requests.
    pub(crate) fn new(database: Database) -> Self {
        let mut registry = Registry::with_prefix("token_monitor_hub");
        let requests = Family::<RequestLabels, Counter>::default();
        let times = Family::<RouteLabels, Histogram>::new_with_constructor(|| Histogram::new(TIME_BUCKETS));
        let (rows, connections, idle_connections) = (Counter::default(), Gauge::default(), Gauge::default());
        registry.register("requests", "Requests by route, method and status", requests.clone());
        registry.register_with_unit("request_duration", "Time of requests by route", Unit::Seconds, times.clone());
        registry.register("rows_received", "Rows of updates that were stored", rows.clone());
        registry.register("database_connections", "Connections to the database", connections.clone());
        let idle = "Connections to the database that are not in use";
        registry.register("database_connections_idle", idle, idle_connections.clone());
        Self(Arc::new(MetricsState { registry, requests, times, rows, connections, idle_connections, database }))
    }

    /// Counts the rows of an update that was stored.
    pub(crate) fn add_rows(&self, rows: usize) {
        self.0.rows.inc_by(rows as u64);
    }

    fn record(&self, route: String, method: String, status: u32, time: Duration) {
        self.0.times.get_or_create(&RouteLabels { route: route.clone() }).observe(time.as_secs_f64());
        self.0.requests.get_or_create(&RequestLabels { route, method, status }).inc();
    }

    /// Returns the metrics as text.
    fn render(&self) -> String {
        let status = self.0.database.pool_status();
        self.0.connections.set(i64::try_from(status.size).unwrap_or(i64::MAX));
        self.0.idle_connections.set(i64::try_from(status.available).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.0.registry).expect("writing to a string does not fail");
        text
    }
}

/// Returns the route of the metrics.
pub(crate) fn metrics_router(metrics: HubMetrics) -> Router {
    Router::new().route("/metrics", get(get_metrics)).layer(Extension(metrics))
}

async fn get_metrics(Extension(metrics): Extension<HubMetrics>) -> Response {
    ([(CONTENT_TYPE, TEXT_TYPE)], metrics.render()).into_response()
}

/// Counts a request, and passes it on.
pub(crate) async fn record_request(State(metrics): State<HubMetrics>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or(OTHER_ROUTE, MatchedPath::as_str).to_owned();
    // Clients may invent methods, and each would be a series of its own.
    let method = if request.method().is_safe() { "read" } else { "write" }.to_owned();
    let response = next.run(request).await;
    metrics.record(route, method, u32::from(response.status().as_u16()), start.elapsed());
    response
}
