//! What lies above a page: the help, a menu, or a line of text that is being typed.

use token_monitor_core::report::model::Pause;

use crate::live::app::line_input::LineInput;
use crate::live::theme::ThemeName;

/// What lies above the page, if anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The list of keys, scrolled by a number of lines.
    Help(usize),
    /// A menu.
    Menu(Menu),
    /// A text.
    Prompt(Prompt),
}

impl Overlay {
    /// Returns true if it is in the last line of the screen.
    pub(crate) fn takes_last_line(&self) -> bool {
        matches!(self, Self::Prompt(_))
    }
}

/// A menu with one entry selected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Menu {
    /// The title.
    pub(crate) title: &'static str,
    /// The entries.
    pub(crate) entries: Vec<(&'static str, Choice)>,
    /// The selected entry.
    pub(crate) selected: usize,
}

/// What an entry of a menu does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Choice {
    /// Pauses alerts, or ends a pause.
    Pause(Pause),
    /// Sets the theme.
    Theme(ThemeName),
}

impl Menu {
    /// Creates the menu of the pauses.
    pub(crate) fn of_pauses(is_paused: bool) -> Self {
        let pauses = [
            ("15 minutes", Pause::FifteenMinutes),
            ("30 minutes", Pause::ThirtyMinutes),
            ("1 hour", Pause::Hour),
            ("until the reset", Pause::UntilReset),
            ("until tomorrow", Pause::UntilTomorrow),
        ];
        let off = is_paused.then_some(("resume alerts", Pause::Off));
        let entries = off.into_iter().chain(pauses).map(|(text, pause)| (text, Choice::Pause(pause))).collect();
        Self { title: "Pause alerts", entries, selected: 0 }
    }

    /// Creates the menu of the themes.
    pub(crate) fn of_themes(current: ThemeName) -> Self {
        let entries = ThemeName::ALL.map(|theme| (theme.description(), Choice::Theme(theme))).to_vec();
        let selected = ThemeName::ALL.iter().position(|theme| *theme == current).unwrap_or_default();
        Self { title: "Theme", entries, selected }
    }

    /// Moves the selection, around the ends.
    pub(crate) fn move_by(&mut self, step: isize) {
        let count = self.entries.len() as isize;
        self.selected = (self.selected as isize + step).rem_euclid(count.max(1)) as usize;
    }

    /// Returns what the selected entry does.
    pub(crate) fn choice(&self) -> Option<Choice> {
        self.entries.get(self.selected).map(|(_, choice)| *choice)
    }
}

/// A text that is being typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prompt {
    /// What the text is for.
    pub(crate) purpose: Purpose,
    /// The text.
    pub(crate) input: LineInput,
}

/// What a typed text is for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Purpose {
    /// The words to search for. The list follows while they are typed.
    Search,
    /// The name of a session.
    Rename {
        /// The session's id.
        session: String,
    },
    /// The tags of a session, separated by commas.
    Tags {
        /// The session's id.
        session: String,
    },
    /// The path of a CSV file.
    CsvPath,
}

impl Purpose {
    /// Returns the label in front of the text.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Search => "Search",
            Self::Rename { .. } => "Name",
            Self::Tags { .. } => "Tags",
            Self::CsvPath => "Write CSV to",
        }
    }

    /// Returns what Enter does, for the line below the text.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Search => "Enter keeps the search, Esc ends it",
            Self::Rename { .. } => "Enter saves, Esc cancels; an empty name removes yours",
            Self::Tags { .. } => "separated by commas; Enter saves, Esc cancels",
            Self::CsvPath => "Enter writes, Esc cancels",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_can_be_ended_only_while_there_is_one() {
        assert_eq!(Menu::of_pauses(true).choice(), Some(Choice::Pause(Pause::Off)));
        assert_eq!(Menu::of_pauses(false).choice(), Some(Choice::Pause(Pause::FifteenMinutes)));
    }

    #[test]
    fn a_menu_is_a_ring_that_begins_at_the_current_theme() {
        let mut menu = Menu::of_themes(ThemeName::Mono);
        assert_eq!(menu.choice(), Some(Choice::Theme(ThemeName::Mono)));
        menu.move_by(-2);
        assert_eq!(menu.choice(), Some(Choice::Theme(ThemeName::ALL[ThemeName::ALL.len() - 1])));
    }
}
