//! Permission and fields of notifications on macOS.

use std::time::Duration;

use notify_rust::Notification as SystemNotification;
use tokio::time::timeout;

use crate::notification::types::Notification;

/// The longest time a notification is shown. The block it is about is over by then.
const DISPLAY_TIMEOUT: Duration = Duration::from_secs(5 * 3600);

/// The longest wait for the user's permission. The question is repeated with the next notification.
const PERMISSION_TIMEOUT: Duration = Duration::from_secs(20);

/// Returns an error with the reason if notifications are not allowed. The system asks the user the first time only.
pub(crate) async fn permission() -> Result<(), &'static str> {
    match timeout(PERMISSION_TIMEOUT, notify_rust::request_auth()).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err("Notifications of Token Monitor are turned off in the System Settings."),
        Ok(Err(_)) => Err("Only the installed app can show notifications."),
        Err(_) => Err("The question whether Token Monitor may show notifications has not been answered yet."),
    }
}

/// Sets the fields that exist only on this system.
pub(crate) fn add_system_fields(native: &mut SystemNotification, notification: &Notification) {
    native.id(notification.tag.as_str());
    // Without a timeout the waiting thread would never end: the system does not report that a notification was cleared.
    native.timeout(DISPLAY_TIMEOUT);
    if notification.sound {
        native.sound_name("Glass");
    }
}
