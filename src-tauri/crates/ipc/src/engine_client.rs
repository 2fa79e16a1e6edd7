//! One client for the engine, in this process or at the other end of the socket.

use std::sync::Arc;

use serde_json::Value;
use token_monitor_core::report::model::{DeliveryStatus, Snapshot};
use token_monitor_engine::{ApiError, EngineHandle, ErrorCode, OutgoingAlert, Request, Response};
use tokio::sync::watch;
use tracing::{error, warn};

use crate::alert_stream::{AlertSource, AlertStream};
use crate::client::Client;

/// A client of the engine.
#[derive(Clone, Debug)]
pub enum EngineClient {
    /// A client of an engine in this process.
    InProcess(EngineHandle),
    /// A client of the engine of the running app.
    Remote(Client),
}

/// A stream of snapshots, of which a slow subscriber gets the latest only. It closes when the engine stops.
pub type SnapshotStream = watch::Receiver<Arc<Snapshot>>;

impl EngineClient {
    /// Sends a request and waits for the response.
    pub async fn request(&self, request: Request) -> Result<Response, ApiError> {
        match self {
            Self::InProcess(handle) => handle.request(request).await,
            Self::Remote(client) => client.request(request).await,
        }
    }

    /// Subscribes to snapshots.
    pub async fn subscribe_snapshots(&self) -> Result<SnapshotStream, ApiError> {
        match self {
            Self::InProcess(handle) => Ok(handle.subscribe_snapshots()),
            Self::Remote(client) => client.subscribe_snapshots().await,
        }
    }

    /// Subscribes to alerts as a notifier, which has to report the status of each with
    /// [`Self::report_alert_status`].
    pub async fn subscribe_alerts(&self) -> Result<AlertStream, ApiError> {
        match self {
            Self::InProcess(handle) => Ok(AlertStream(AlertSource::InProcess(handle.subscribe_alerts()))),
            Self::Remote(client) => {
                client.subscribe_alerts().await.map(|alerts| AlertStream(AlertSource::Remote(alerts)))
            }
        }
    }

    /// Passes each alert to a notifier until the engine stops.
    pub async fn show_alerts(&self, show: impl Fn(&OutgoingAlert)) {
        match self.subscribe_alerts().await {
            Ok(mut alerts) => {
                while let Some(alert) = alerts.next().await {
                    show(&alert);
                }
            }
            Err(error) => warn!(%error, "Cannot subscribe to alerts."),
        }
    }

    /// Reports the delivery status of an alert, and the reason if notifications are unavailable.
    pub async fn report_alert_status(
        &self,
        id: u64,
        status: DeliveryStatus,
        unavailable: Option<String>,
    ) -> Result<(), ApiError> {
        self.request(Request::ReportAlertStatus { id, status, unavailable }).await.map(drop)
    }

    /// Returns the current snapshot.
    pub async fn snapshot(&self) -> Result<Snapshot, ApiError> {
        match self.request(Request::Snapshot).await? {
            Response::Snapshot(snapshot) => Ok(*snapshot),
            other => Err(unexpected_response(&other)),
        }
    }

    /// Returns the diagnostics as JSON.
    pub async fn diagnostics(&self) -> Result<Value, ApiError> {
        match self.request(Request::Diagnostics).await? {
            Response::Diagnostics(diagnostics) => Ok(diagnostics),
            other => Err(unexpected_response(&other)),
        }
    }
}

fn unexpected_response(response: &Response) -> ApiError {
    error!(?response, "The engine sent a response of another type.");
    ApiError::new(ErrorCode::Internal, "the response has an unexpected type")
}
