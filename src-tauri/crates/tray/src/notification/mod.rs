//! Notifications of the system.

mod notifier;
mod queue;
mod text;
mod types;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use native as platform;

pub use crate::notification::notifier::Notifier;
pub use crate::notification::types::{DeliveryResult, Notification, NotificationAction, NotificationReport};
