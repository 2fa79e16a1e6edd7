//! Notifications on Linux: `org.freedesktop.Notifications` on the session bus.
//!
//! One connection is opened for the first notification and then kept: GNOME removes the notifications of an app when
//! the connection of the first one ends, and reports clicks only to the connection that sent the notification. If the
//! service is missing or hangs, only the notification fails.

mod active;
mod connection;
mod error;
mod notify_call;

use std::time::Duration;

use tracing::{debug, info};

use crate::notification::linux::connection::ServiceConnection;
use crate::notification::linux::error::NotifyError;
use crate::notification::queue::NotificationQueue;
use crate::notification::types::{DeliveryResult, Notification, NotificationReport, ReportSink};

/// Sends notifications one after the other until the queue is closed, and reports the user's actions on them.
pub(crate) async fn run_deliveries(queue: &NotificationQueue, report: ReportSink, timeout: Duration) {
    let mut connection = None;
    loop {
        tokio::select! {
            notification = queue.next() => match notification {
                Some(notification) => deliver(&mut connection, &notification, &report, timeout).await,
                None => return,
            },
            error = listen(&mut connection) => {
                debug!(error = %error, "The connection to the session bus was lost.");
                connection = None;
            }
        }
    }
}

async fn deliver(
    connection: &mut Option<ServiceConnection>,
    notification: &Notification,
    report: &ReportSink,
    timeout: Duration,
) {
    let result = match try_show(connection, notification, report, timeout).await {
        Ok(()) => DeliveryResult::Shown,
        Err(error) => {
            info!(%error, "A notification was not shown.");
            if matches!(error, NotifyError::NoBus(_)) {
                *connection = None;
            }
            DeliveryResult::Failed { reason: error.user_message() }
        }
    };
    report(NotificationReport::Delivered(notification.id, result));
}

async fn try_show(
    connection: &mut Option<ServiceConnection>,
    notification: &Notification,
    report: &ReportSink,
    timeout: Duration,
) -> Result<(), NotifyError> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(ServiceConnection::open(report.clone(), timeout).await?),
    };
    connection.show(notification).await
}

/// Handles messages until the connection ends. Without a connection it never returns.
async fn listen(connection: &mut Option<ServiceConnection>) -> NotifyError {
    match connection {
        Some(connection) => connection.listen().await,
        None => std::future::pending().await,
    }
}
