//! A stream of alerts for the notifier, from an engine in this process or a remote one.

use std::sync::Arc;

use token_monitor_engine::OutgoingAlert;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tracing::warn;

/// A stream of alerts. While it exists, the engine counts its owner as a notifier.
#[derive(Debug)]
pub struct AlertStream(pub(crate) AlertSource);

/// The source of a stream of alerts.
#[derive(Debug)]
pub(crate) enum AlertSource {
    /// An engine in this process.
    InProcess(broadcast::Receiver<Arc<OutgoingAlert>>),
    /// An engine at the other end of the socket.
    Remote(mpsc::Receiver<Arc<OutgoingAlert>>),
}

impl AlertStream {
    /// Waits for the next alert; None when the engine has stopped. Canceling the wait loses no alert.
    pub async fn next(&mut self) -> Option<Arc<OutgoingAlert>> {
        match &mut self.0 {
            AlertSource::InProcess(alerts) => loop {
                match alerts.recv().await {
                    Ok(alert) => return Some(alert),
                    // Without a status report, the engine fails them after a timeout.
                    Err(RecvError::Lagged(missed)) => warn!(missed, "Alerts arrived faster than they were shown."),
                    Err(RecvError::Closed) => return None,
                }
            },
            AlertSource::Remote(alerts) => alerts.recv().await,
        }
    }
}
