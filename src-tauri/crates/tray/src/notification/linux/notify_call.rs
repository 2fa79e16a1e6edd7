//! What is sent for a notice, as far as the service can show it.

use std::collections::HashMap;

use token_monitor_core::alerts::Urgency;
use token_monitor_core::report::model::Pause;
use zbus::zvariant::Value;

use crate::notification::{Notice, text};

/// Who says it.
const APP: &str = "Token Monitor";

/// The name of the `.desktop` file, without its ending: by it desktops know whose notifications are whose.
const DESKTOP_ENTRY: &str = "Token Monitor";

/// The name of the icon in the icon theme.
const ICON: &str = "token-monitor-app";

/// The sound of a dialog that wants to be read, from the desktop's own theme.
const SOUND: &str = "dialog-information";

/// As long as the service shows any notification.
const USUAL_TIME: i32 = -1;

/// What a service can do, as far as it matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// It tells what is clicked.
    pub(crate) actions: bool,
    /// It takes bodies for markup.
    pub(crate) markup: bool,
}

impl Capabilities {
    /// Reads the names a service gives its capabilities.
    pub(crate) fn of(names: &[String]) -> Self {
        let has = |name: &str| names.iter().any(|given| given == name);
        Self { actions: has("actions"), markup: has("body-markup") }
    }
}

/// What can be done with a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Clicking it anywhere.
    Default,
    /// Its first button.
    Open,
    /// Its second.
    Snooze,
}

impl Action {
    const ALL: [Self; 3] = [Self::Default, Self::Open, Self::Snooze];

    /// For how long [`Action::Snooze`] keeps alerts back.
    pub(crate) const PAUSE: Pause = Pause::Hour;

    /// The action of a key.
    pub(crate) fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.words()[0] == key)
    }

    /// Its key, and its words where it is a button.
    fn words(self) -> [&'static str; 2] {
        match self {
            Self::Default => ["default", "Open"],
            Self::Open => ["open", "Open"],
            Self::Snooze => ["snooze", "Snooze 1 h"],
        }
    }
}

/// The arguments of `Notify`, in its order.
pub(crate) type Letter<'a> = (&'a str, u32, &'a str, String, String, Vec<&'a str>, HashMap<&'a str, Value<'a>>, i32);

/// What is sent for a notice, in the place of the notification `replaced`.
pub(crate) fn letter(notice: &Notice, replaced: u32, can: Capabilities) -> Letter<'static> {
    let body = text::body(&notice.body);
    let body = if can.markup { text::escaped(&body) } else { body };
    let actions = if can.actions { Action::ALL.into_iter().flat_map(Action::words).collect() } else { Vec::new() };
    (APP, replaced, ICON, text::title(&notice.title), body, actions, hints(notice), USUAL_TIME)
}

fn hints(notice: &Notice) -> HashMap<&'static str, Value<'static>> {
    let sound = match notice.sound {
        true => ("sound-name", Value::from(SOUND)),
        false => ("suppress-sound", Value::from(true)),
    };
    let entry = ("desktop-entry", Value::from(DESKTOP_ENTRY));
    HashMap::from([entry, ("urgency", Value::from(level(notice.urgency))), sound])
}

fn level(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Low => 0,
        Urgency::Normal => 1,
        Urgency::Critical => 2,
    }
}
