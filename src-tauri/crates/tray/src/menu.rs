//! The rows of the tray's menu, and what can be chosen from them. Words and names only: what a choice does is done by
//! whoever shows the menu.

use token_monitor_core::report::model::Pause;

/// One row of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A line between groups.
    Separator,
    /// A figure to read; it cannot be chosen.
    Figure(String),
    /// Something to choose.
    Choice(Choice),
    /// Rows behind a text.
    Group(String, Vec<Row>),
}

/// Something a person can choose from the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Opens the popover; the first row, since some hosts offer nothing but the menu.
    Open,
    /// Keeps alerts back for a while, or not any longer.
    Pause(Pause),
    /// Opens the settings.
    Settings,
    /// Starts the app with the session from now on, or no longer.
    StartAtLogin(bool),
    /// Ends the app.
    Quit,
}

impl Choice {
    const ALL: [Self; 11] = [
        Self::Open,
        Self::Pause(Pause::Off),
        Self::Pause(Pause::FifteenMinutes),
        Self::Pause(Pause::ThirtyMinutes),
        Self::Pause(Pause::Hour),
        Self::Pause(Pause::UntilReset),
        Self::Pause(Pause::UntilTomorrow),
        Self::Settings,
        Self::StartAtLogin(true),
        Self::StartAtLogin(false),
        Self::Quit,
    ];

    /// What it says.
    pub fn text(self) -> &'static str {
        match self {
            Self::Open => "Open Token Monitor",
            Self::Pause(Pause::Off) => "Resume alerts",
            Self::Pause(Pause::FifteenMinutes) => "For 15 minutes",
            Self::Pause(Pause::ThirtyMinutes) => "For 30 minutes",
            Self::Pause(Pause::Hour) => "For 1 hour",
            Self::Pause(Pause::UntilReset) => "Until the block resets",
            Self::Pause(Pause::UntilTomorrow) => "Until tomorrow",
            Self::Settings => "Settings…",
            Self::StartAtLogin(_) => "Start at login",
            Self::Quit => "Quit",
        }
    }

    /// Its name, for menus that know their rows by one.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pause(Pause::Off) => "resume-alerts",
            Self::Pause(Pause::FifteenMinutes) => "pause-15-minutes",
            Self::Pause(Pause::ThirtyMinutes) => "pause-30-minutes",
            Self::Pause(Pause::Hour) => "pause-hour",
            Self::Pause(Pause::UntilReset) => "pause-until-reset",
            Self::Pause(Pause::UntilTomorrow) => "pause-until-tomorrow",
            Self::Settings => "settings",
            Self::StartAtLogin(true) => "start-at-login",
            Self::StartAtLogin(false) => "start-by-hand",
            Self::Quit => "quit",
        }
    }

    /// Finds a choice by its name.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.key() == key)
    }

    /// Whether it stands there with a mark; none where it is not one of those that have marks.
    pub fn is_checked(self) -> Option<bool> {
        match self {
            Self::StartAtLogin(to) => Some(!to),
            Self::Open | Self::Pause(_) | Self::Settings | Self::Quit => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_is_found_by_its_name() {
        assert_eq!(Choice::ALL.map(|choice| Choice::of_key(choice.key())), Choice::ALL.map(Some), "no name is two");
        assert_eq!(Choice::of_key("of a figure"), None);
    }
}
