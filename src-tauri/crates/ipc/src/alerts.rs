//! Alerts on their way to whoever shows them, wherever the engine is.

use std::sync::Arc;

use token_monitor_engine::AlertOut;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tracing::warn;

/// Alerts as they come. As long as there is one of these, the engine takes its holder for somebody who shows them.
#[derive(Debug)]
pub struct Alerts(pub(crate) Source);

/// Where they come from.
#[derive(Debug)]
pub(crate) enum Source {
    /// An engine in this process.
    Here(broadcast::Receiver<Arc<AlertOut>>),
    /// One at the other end of the socket.
    There(mpsc::Receiver<Arc<AlertOut>>),
}

impl Alerts {
    /// The next one; none when the engine is gone. Waiting for it can be given up without losing one.
    pub async fn next(&mut self) -> Option<Arc<AlertOut>> {
        match &mut self.0 {
            Source::Here(alerts) => loop {
                match alerts.recv().await {
                    Ok(out) => return Some(out),
                    // The engine learns no fate of those, and gives them up.
                    Err(RecvError::Lagged(missed)) => warn!(missed, "Alerts came too fast to be shown."),
                    Err(RecvError::Closed) => return None,
                }
            },
            Source::There(alerts) => alerts.recv().await,
        }
    }
}
