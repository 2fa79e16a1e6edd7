//! Sends notifications to the system.
//!
//! [`Notifier::show`] returns at once. A thread delivers the notifications one after the other, however slow the system
//! is, and reports the result of each. Rules, quiet hours and settings are applied before.

use std::sync::Arc;
use std::time::Duration;

use crate::notification::platform;
use crate::notification::queue::NotificationQueue;
use crate::notification::types::{DeliveryResult, Notification, NotificationReport, ReportSink};

/// The longest wait for one response of the notification service.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The result of a notification that was dropped because the queue was full.
const QUEUE_FULL: DeliveryResult = DeliveryResult::Failed { reason: "Too many notifications were waiting." };

/// A queue of notifications with a thread that sends them to the system.
pub struct Notifier {
    queue: Arc<NotificationQueue>,
    report: ReportSink,
}

impl Notifier {
    /// Starts a notifier. `report` is called on its thread, and by [`Notifier::show`] for a dropped notification. It
    /// must not block.
    ///
    /// # Errors
    ///
    /// Fails if the runtime or the thread cannot be created.
    pub fn start(report: impl Fn(NotificationReport) + Send + Sync + 'static) -> std::io::Result<Self> {
        Self::with_timeout(RESPONSE_TIMEOUT, report)
    }

    /// Starts a notifier with another timeout for responses of the notification service.
    ///
    /// # Errors
    ///
    /// Fails if the runtime or the thread cannot be created.
    pub fn with_timeout(
        timeout: Duration,
        report: impl Fn(NotificationReport) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let (queue, report) = (Arc::new(NotificationQueue::default()), Arc::new(report) as ReportSink);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let (thread_queue, thread_report) = (Arc::clone(&queue), Arc::clone(&report));
        std::thread::Builder::new()
            .name("notifications".to_owned())
            .spawn(move || runtime.block_on(platform::run_deliveries(&thread_queue, thread_report, timeout)))?;
        Ok(Self { queue, report })
    }

    /// Queues a notification without waiting. If the queue is full, the oldest notification is dropped.
    pub fn show(&self, notification: Notification) {
        if let Some(dropped) = self.queue.push(notification) {
            (self.report)(NotificationReport::Delivered(dropped.id, QUEUE_FULL));
        }
    }
}

impl Drop for Notifier {
    /// Stops the thread after the delivery in progress. Queued notifications are dropped.
    fn drop(&mut self) {
        self.queue.close();
    }
}
