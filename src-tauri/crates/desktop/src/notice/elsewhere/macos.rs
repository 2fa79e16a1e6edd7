//! Whose notifications they are on macOS: the bundle's, which is the app's own identity there.

use notify_rust::Notification;

use super::Notice;

/// Whether the user allows them. The system asks the first time, and answers by itself from then on.
pub(super) fn permission() -> Result<(), &'static str> {
    match notify_rust::request_auth_blocking() {
        Ok(true) => Ok(()),
        Ok(false) => Err("Notifications of Token Monitor are turned off in the System Settings."),
        Err(_) => Err("Only the installed app can show notifications."),
    }
}

/// Adds what only this system knows.
pub(super) fn sign(notification: &mut Notification, notice: &Notice) {
    notification.id(notice.tag.as_str());
    if notice.sound {
        notification.sound_name("Glass");
    }
}
