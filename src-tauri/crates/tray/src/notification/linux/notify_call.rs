//! The arguments of the D-Bus call `Notify`, reduced to the capabilities of the service.

use std::collections::HashMap;

use token_monitor_core::alerts::Urgency;
use token_monitor_core::report::model::Pause;
use zbus::zvariant::Value;

use crate::notification::text;
use crate::notification::types::Notification;

/// The name of the sender.
const APP_NAME: &str = "Token Monitor";

/// The name of the `.desktop` file without its extension, by which desktops identify the app.
const DESKTOP_ENTRY: &str = "io.github.token_monitor.app";

/// The name of the icon in the icon theme.
const ICON: &str = "token-monitor-app";

/// The sound of an information dialog, from the desktop's sound theme.
const SOUND: &str = "dialog-information";

/// The default expiry of the service.
const DEFAULT_EXPIRY: i32 = -1;

/// The relevant capabilities of a notification service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// True if the service reports clicks.
    pub(crate) actions: bool,
    /// True if the service interprets markup in bodies.
    pub(crate) markup: bool,
}

impl Capabilities {
    /// Parses the names of `GetCapabilities`.
    pub(crate) fn from_names(names: &[String]) -> Self {
        let has = |name: &str| names.iter().any(|given| given == name);
        Self { actions: has("actions"), markup: has("body-markup") }
    }
}

/// The actions of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionKey {
    /// A click on the notification.
    Default,
    /// The first button.
    Open,
    /// The second button.
    Snooze,
}

impl ActionKey {
    const ALL: [Self; 3] = [Self::Default, Self::Open, Self::Snooze];

    /// The pause of [`ActionKey::Snooze`].
    pub(crate) const PAUSE: Pause = Pause::Hour;

    /// Returns the action of a key.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.key_and_label()[0] == key)
    }

    /// Returns the key of the action and the label of its button.
    fn key_and_label(self) -> [&'static str; 2] {
        match self {
            Self::Default => ["default", "Open"],
            Self::Open => ["open", "Open"],
            Self::Snooze => ["snooze", "Snooze 1 h"],
        }
    }
}

/// The arguments of `Notify`, in order.
pub(crate) type NotifyArgs<'a> =
    (&'a str, u32, &'a str, String, String, Vec<&'a str>, HashMap<&'a str, Value<'a>>, i32);

/// Returns the arguments for a notification that replaces the one with the id `replaced_id`, or none if that is 0.
pub(crate) fn notify_args(
    notification: &Notification,
    replaced_id: u32,
    capabilities: Capabilities,
) -> NotifyArgs<'static> {
    let body = text::clean_body(&notification.body);
    let body = if capabilities.markup { text::escape_markup(&body) } else { body };
    let actions = if capabilities.actions {
        ActionKey::ALL.into_iter().flat_map(ActionKey::key_and_label).collect()
    } else {
        Vec::new()
    };
    (
        APP_NAME,
        replaced_id,
        ICON,
        text::clean_title(&notification.title),
        body,
        actions,
        build_hints(notification),
        DEFAULT_EXPIRY,
    )
}

fn build_hints(notification: &Notification) -> HashMap<&'static str, Value<'static>> {
    let sound = match notification.sound {
        true => ("sound-name", Value::from(SOUND)),
        false => ("suppress-sound", Value::from(true)),
    };
    let entry = ("desktop-entry", Value::from(DESKTOP_ENTRY));
    HashMap::from([entry, ("urgency", Value::from(urgency_level(notification.urgency))), sound])
}

fn urgency_level(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Low => 0,
        Urgency::Normal => 1,
        Urgency::Critical => 2,
    }
}
