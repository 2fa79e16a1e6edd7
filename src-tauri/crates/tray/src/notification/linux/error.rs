//! The error of a notification that was not shown.

use zbus::Error;

/// The reason that a notification was not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotifyError {
    /// There is no session bus, or the connection to it was lost.
    #[error("no session bus: {0}")]
    NoBus(zbus::Error),
    /// There is no notification service.
    #[error("no notification service: {0}")]
    NoService(zbus::Error),
    /// The service did not reply in time.
    #[error("the notification service did not reply in time")]
    Timeout,
    /// The service ended before it replied.
    #[error("the notification service ended: {0}")]
    Disconnected(zbus::Error),
    /// The service rejected the notification.
    #[error("rejected by the notification service: {0}")]
    Rejected(zbus::Error),
}

impl NotifyError {
    /// Returns the reason as a sentence for the user.
    pub(crate) fn user_message(&self) -> &'static str {
        match self {
            Self::NoBus(_) => "This session has no message bus for notifications.",
            Self::NoService(_) => "This desktop has no notification service.",
            Self::Timeout => "The notification service did not respond.",
            Self::Disconnected(_) => "The notification service ended before it responded.",
            Self::Rejected(_) => "The notification service rejected the notification.",
        }
    }
}

impl From<Error> for NotifyError {
    fn from(error: Error) -> Self {
        let Error::MethodError(name, _, _) = &error else {
            return match error {
                Error::InputOutput(_) | Error::Address(_) | Error::Handshake(_) => Self::NoBus(error),
                error => Self::Rejected(error),
            };
        };
        match name.as_str().strip_prefix("org.freedesktop.DBus.Error.").unwrap_or_default() {
            "ServiceUnknown" | "NameHasNoOwner" => Self::NoService(error),
            "NoReply" | "Disconnected" => Self::Disconnected(error),
            other if other.starts_with("Spawn.") => Self::NoService(error),
            _ => Self::Rejected(error),
        }
    }
}
