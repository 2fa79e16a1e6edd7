//! Notifications, their results, and the actions of the user on them.

use std::sync::Arc;

use token_monitor_core::alerts::{Alert, Urgency};
use token_monitor_core::report::model::{DeliveryStatus, Pause, Route};

/// A notification to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The id with which the result is reported.
    pub id: u64,
    /// The tag: a notification replaces an earlier one with the same tag.
    pub tag: String,
    /// The title.
    pub title: String,
    /// The text below the title.
    pub body: String,
    /// The urgency. The system decides about its effect in do-not-disturb mode.
    pub urgency: Urgency,
    /// True if the notification plays a sound.
    pub sound: bool,
    /// The page that a click opens.
    pub route: Route,
}

impl Notification {
    /// Creates the notification of an alert. `id` is the id of the alert.
    pub fn from_alert(id: u64, alert: &Alert) -> Self {
        Self {
            id,
            tag: alert.replace_tag.clone(),
            title: alert.title.clone(),
            body: alert.body.clone(),
            urgency: alert.urgency,
            sound: alert.sound,
            route: alert.route.clone(),
        }
    }
}

/// The result of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The system accepted the notification.
    Shown,
    /// The system did not accept it.
    Failed {
        /// The reason as a sentence for the user.
        reason: &'static str,
    },
}

impl DeliveryResult {
    /// Converts the result to the status of the alert, with the reason of a failure.
    pub fn into_status(self) -> (DeliveryStatus, Option<String>) {
        match self {
            Self::Shown => (DeliveryStatus::Shown, None),
            Self::Failed { reason } => (DeliveryStatus::Failed, Some(reason.to_owned())),
        }
    }
}

/// An action of the user on a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotificationAction {
    /// Open a page.
    Open {
        /// The page.
        route: Route,
        /// The activation token of the click, if the system sends one.
        token: Option<String>,
    },
    /// Pause alerts.
    Snooze(Pause),
}

/// A report of the notifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotificationReport {
    /// The result for a notification, by its id. Each notification gets one result.
    Delivered(u64, DeliveryResult),
    /// An action of the user.
    Action(NotificationAction),
}

/// A callback for reports.
pub(crate) type ReportSink = Arc<dyn Fn(NotificationReport) + Send + Sync>;
