//! Notifications on macOS and Windows, through the system's own interface.
//!
//! A thread waits for the click on each notification, since the interface offers no other way, and ends with the
//! notification. There are no buttons: they are untested on these systems.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "macos")]
use macos as identity;
#[cfg(windows)]
use windows as identity;

use std::sync::Arc;
use std::time::Duration;

use notify_rust::{Notification as SystemNotification, NotificationHandle, NotificationResponse};
use token_monitor_core::alerts::Urgency;
use token_monitor_core::report::model::Route;
use tracing::{debug, info};

use crate::notification::queue::NotificationQueue;
use crate::notification::text;
use crate::notification::types::{DeliveryResult, Notification, NotificationAction, NotificationReport, ReportSink};

/// The most threads that wait for a click. Alerts need far fewer: six an hour at most, shown for five hours at most. A
/// click on a notification beyond this number opens no page.
const MAX_LISTENERS: usize = 64;

/// Sends notifications one after the other until the queue is closed. Both systems accept or reject a notification at
/// once, so the timeout is unused. The question for permission has its own timeout.
pub(crate) async fn run_deliveries(queue: &NotificationQueue, report: ReportSink, _timeout: Duration) {
    let listeners = Arc::new(());
    while let Some(notification) = queue.next().await {
        let result = show(&notification, &report, &listeners).await;
        report(NotificationReport::Delivered(notification.id, result));
    }
}

async fn show(notification: &Notification, report: &ReportSink, listeners: &Arc<()>) -> DeliveryResult {
    if let Err(reason) = identity::permission().await {
        return DeliveryResult::Failed { reason };
    }
    match build_notification(notification).show() {
        Ok(shown) => {
            listen(shown, notification.route.clone(), report.clone(), listeners);
            DeliveryResult::Shown
        }
        Err(error) => {
            info!(%error, "A notification was not shown.");
            DeliveryResult::Failed { reason: "The system rejected the notification." }
        }
    }
}

fn build_notification(notification: &Notification) -> SystemNotification {
    let mut native = SystemNotification::new();
    native.summary(&text::clean_title(&notification.title)).body(&text::clean_body(&notification.body)).urgency(
        match notification.urgency {
            Urgency::Low => notify_rust::Urgency::Low,
            Urgency::Normal => notify_rust::Urgency::Normal,
            Urgency::Critical => notify_rust::Urgency::Critical,
        },
    );
    identity::add_system_fields(&mut native, notification);
    native
}

/// Waits for a click on a thread, which holds a clone of `listeners`.
fn listen(shown: NotificationHandle, route: Route, report: ReportSink, listeners: &Arc<()>) {
    if Arc::strong_count(listeners) > MAX_LISTENERS {
        return;
    }
    let listener = Arc::clone(listeners);
    let spawned = std::thread::Builder::new().name("notification".to_owned()).spawn(move || {
        let clicked = |response: &NotificationResponse| {
            if matches!(response, NotificationResponse::Default) {
                report(NotificationReport::Action(NotificationAction::Open { route, token: None }));
            }
        };
        if let Err(error) = shown.wait_for_response(clicked) {
            debug!(%error, "Cannot wait for a click on a notification.");
        }
        drop(listener);
    });
    if let Err(error) = spawned {
        debug!(%error, "Cannot start a thread for the clicks on a notification.");
    }
}
