//! Why a notification was not shown.

use zbus::Error;

/// Why a notification was not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// There is no session bus, or not any longer.
    #[error("no session bus: {0}")]
    NoBus(zbus::Error),
    /// Nobody shows notifications here.
    #[error("no notification service: {0}")]
    NoService(zbus::Error),
    /// Somebody does, but did not answer in time.
    #[error("no answer from the notification service")]
    Silent,
    /// It ended before it answered.
    #[error("the notification service ended: {0}")]
    Ended(zbus::Error),
    /// It does not want it.
    #[error("refused by the notification service: {0}")]
    Refused(zbus::Error),
}

impl Trouble {
    /// A sentence for people.
    pub(crate) fn why(&self) -> &'static str {
        match self {
            Self::NoBus(_) => "This session has no message bus that notifications could be sent on.",
            Self::NoService(_) => "This desktop has no notification service.",
            Self::Silent => "The notification service does not answer.",
            Self::Ended(_) => "The notification service ended before it answered.",
            Self::Refused(_) => "The notification service refused the notification.",
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let Error::MethodError(name, _, _) = &error else {
            return match error {
                Error::InputOutput(_) | Error::Address(_) | Error::Handshake(_) => Self::NoBus(error),
                error => Self::Refused(error),
            };
        };
        match name.as_str().strip_prefix("org.freedesktop.DBus.Error.").unwrap_or_default() {
            "ServiceUnknown" | "NameHasNoOwner" => Self::NoService(error),
            "NoReply" | "Disconnected" => Self::Ended(error),
            other if other.starts_with("Spawn.") => Self::NoService(error),
            _ => Self::Refused(error),
        }
    }
}
