//! Whose notifications they are on macOS: the bundle's, which is the app's own identity there.

use std::time::Duration;

use notify_rust::Notification;
use tokio::time::timeout;

use crate::notification::native::Notice;

/// A block is over by then, and nobody needs to know any more what was said of it.
const STAYS: Duration = Duration::from_secs(5 * 3600);

/// Long enough to read a question and answer it. Whoever is away is asked again with the next notification.
const ASKED: Duration = Duration::from_secs(20);

/// Whether the user allows them. The system asks the first time, and answers by itself from then on.
pub(crate) async fn permission() -> Result<(), &'static str> {
    match timeout(ASKED, notify_rust::request_auth()).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err("Notifications of Token Monitor are turned off in the System Settings."),
        Ok(Err(_)) => Err("Only the installed app can show notifications."),
        Err(_) => Err("Nobody has answered yet whether Token Monitor may show notifications."),
    }
}

/// Adds what only this system knows.
pub(crate) fn sign(notification: &mut Notification, notice: &Notice) {
    notification.id(notice.tag.as_str());
    // Without an end whoever listens would listen for good: the system does not say that one was cleared away.
    notification.timeout(STAYS);
    if notice.sound {
        notification.sound_name("Glass");
    }
}
