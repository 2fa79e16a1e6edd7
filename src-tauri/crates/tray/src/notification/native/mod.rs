//! Notifications on macOS and Windows, through the system's own interface.
//!
//! A click is waited for on a thread of its own, since the system tells it in no other way. A thread ends with its
//! notification, which each system sees to in its way. Buttons are left out: one more thing that cannot be tried here.

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

use notify_rust::{Notification, NotificationHandle, NotificationResponse};
use token_monitor_core::alerts::Urgency;
use token_monitor_core::report::model::Route;
use tracing::{debug, info};

use crate::notification::queue::Queue;
use crate::notification::{Fate, Notice, Pressed, Report, Tell, text};

/// Against whatever comes faster than alerts do, of which six come in an hour and stay for five at most. What is shown
/// beyond these opens no page.
const MOST_LISTENERS: usize = 64;

/// Shows notices one after the other until the queue is closed. Both systems take a notification or refuse it at once,
/// so the patience with them is not tried; that with a person who is asked to allow them is their own.
pub(crate) async fn carry(queue: &Queue, tell: Tell, _patience: Duration) {
    let listeners = Arc::new(());
    while let Some(notice) = queue.next().await {
        let fate = show(&notice, &tell, &listeners).await;
        tell(Report::Fate(notice.id, fate));
    }
}

async fn show(notice: &Notice, tell: &Tell, listeners: &Arc<()>) -> Fate {
    if let Err(why) = identity::permission().await {
        return Fate::Failed { why };
    }
    match notification(notice).show() {
        Ok(shown) => {
            listen(shown, notice.route.clone(), tell.clone(), listeners);
            Fate::Shown
        }
        Err(error) => {
            info!(%error, "A notification was not shown.");
            Fate::Failed { why: "The system refused the notification." }
        }
    }
}

fn notification(notice: &Notice) -> Notification {
    let mut notification = Notification::new();
    notification.summary(&text::title(&notice.title)).body(&text::body(&notice.body)).urgency(match notice.urgency {
        Urgency::Low => notify_rust::Urgency::Low,
        Urgency::Normal => notify_rust::Urgency::Normal,
        Urgency::Critical => notify_rust::Urgency::Critical,
    });
    identity::sign(&mut notification, notice);
    notification
}

/// Waits for a click. Each waiting thread holds a share of `listeners`.
fn listen(shown: NotificationHandle, route: Route, tell: Tell, listeners: &Arc<()>) {
    if Arc::strong_count(listeners) > MOST_LISTENERS {
        return;
    }
    let place = Arc::clone(listeners);
    let waiting = std::thread::Builder::new().name("notification".to_owned()).spawn(move || {
        let clicked = |response: &NotificationResponse| {
            if matches!(response, NotificationResponse::Default) {
                tell(Report::Pressed(Pressed::Open { route, token: None }));
            }
        };
        if let Err(error) = shown.wait_for_response(clicked) {
            debug!(%error, "A notification went without an answer.");
        }
        drop(place);
    });
    if let Err(error) = waiting {
        debug!(%error, "A notification is not listened to.");
    }
}
