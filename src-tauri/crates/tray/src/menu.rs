//! The items of the tray menu and their actions, as plain data. The surface that shows the menu performs the actions.

use token_monitor_core::report::model::{Pause, Route};

/// A row of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MenuItem {
    /// A line between groups.
    Separator,
    /// A text that cannot be selected.
    Label(String),
    /// A line with a figure. Selecting it performs the action.
    Figure(String, MenuAction),
    /// A row that performs an action.
    Action(MenuAction),
    /// A submenu with its label.
    Submenu(String, Vec<MenuItem>),
}

/// An action of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuAction {
    /// Opens the popover. The first row, since some tray hosts offer only the menu.
    Open,
    /// Opens the popover at the page with more about a figure.
    Show(MenuPage),
    /// Copies all figures as text.
    CopyFigures,
    /// Pauses alerts, or resumes them.
    Pause(Pause),
    /// Opens the settings.
    Settings,
    /// Enables or disables starting the app at login.
    StartAtLogin(bool),
    /// Quits the app.
    Quit,
}

/// A page that a figure of the menu leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuPage {
    /// The current block, its limits and the burn rate.
    Now,
    /// The days.
    History,
}

impl MenuPage {
    /// The route of the page.
    pub fn route(self) -> Route {
        match self {
            Self::Now => Route::Now,
            Self::History => Route::History,
        }
    }
}

impl MenuAction {
    const ALL: [Self; 14] = [
        Self::Open,
        Self::Show(MenuPage::Now),
        Self::Show(MenuPage::History),
        Self::CopyFigures,
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

    /// The text of the menu item.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open Token Monitor",
            Self::Show(MenuPage::Now) => "Show the current block",
            Self::Show(MenuPage::History) => "Show the history",
            Self::CopyFigures => "Copy these figures",
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

    /// The identifier of the menu item, for toolkits that identify items by name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Show(MenuPage::Now) => "show-now",
            Self::Show(MenuPage::History) => "show-history",
            Self::CopyFigures => "copy-figures",
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

    /// Returns the action of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.key() == key)
    }

    /// Returns true if the item has a check mark, and `None` if it is not a check item.
    pub fn is_checked(self) -> Option<bool> {
        match self {
            Self::StartAtLogin(enable) => Some(!enable),
            Self::Open | Self::Show(_) | Self::CopyFigures | Self::Pause(_) | Self::Settings | Self::Quit => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_is_found_by_its_key() {
        assert_eq!(
            MenuAction::ALL.map(|action| MenuAction::from_key(action.key())),
            MenuAction::ALL.map(Some),
            "no two actions share a key"
        );
        assert_eq!(MenuAction::from_key("unknown"), None);
    }
}
