//! Whose notifications they are on Windows: the ones of the installed app, by the id its shortcut carries.

use notify_rust::Notification;

use crate::notification::native::Notice;

/// The identifier of the bundle, which the installer gives to the shortcut.
const APP: &str = "io.github.token-monitor.app";

/// Windows tells by refusing.
pub(crate) async fn permission() -> Result<(), &'static str> {
    Ok(())
}

/// Adds what only this system knows. One tag does not replace another here: the interface has no way to say it.
pub(crate) fn sign(notification: &mut Notification, notice: &Notice) {
    notification.app_id(APP);
    if notice.sound {
        notification.sound_name("Default");
    }
}
