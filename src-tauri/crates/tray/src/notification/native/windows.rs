//! Permission and fields of notifications on Windows.
//!
//! They belong to the installed app by the id in its shortcut.

use notify_rust::Notification as SystemNotification;

use crate::notification::types::Notification;

/// The identifier of the bundle, which the installer sets in the shortcut.
const APP_ID: &str = "io.github.token-monitor.app";

/// Always returns `Ok`: Windows rejects the notification if notifications are not allowed.
pub(crate) async fn permission() -> Result<(), &'static str> {
    Ok(())
}

/// Sets the fields that exist only on this system. A notification does not replace one of the same tag: the interface
/// does not support it.
pub(crate) fn add_system_fields(native: &mut SystemNotification, notification: &Notification) {
    native.app_id(APP_ID);
    if notification.sound {
        native.sound_name("Default");
    }
}
