//! A keyboard shortcut of the desktop.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A keyboard shortcut, such as `Ctrl+Alt+T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(into = "String", try_from = "String")]
pub struct Shortcut {
    /// The keys that are held.
    pub modifiers: Modifiers,
    /// The key that is pressed.
    pub key: ShortcutKey,
}

/// The keys that are held while another one is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// The control key.
    pub ctrl: bool,
    /// The alt key, on macOS the option key.
    pub alt: bool,
    /// The shift key.
    pub shift: bool,
    /// The key with the logo of the system, on macOS the command key.
    pub logo: bool,
}

/// The key of a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShortcutKey {
    /// A letter from `A` to `Z` or a digit.
    Character(char),
    /// A function key, from 1 to 24.
    Function(u8),
    /// The space bar.
    Space,
}

/// The error for a text that is not a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a shortcut such as Ctrl+Alt+T")]
pub struct ParseShortcutError;

impl FromStr for Shortcut {
    type Err = ParseShortcutError;

    /// Parses a shortcut. Case and the order of modifiers do not matter. Only function keys need no modifier: other keys
    /// would be taken from every program that text is typed into, also with the shift key.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut modifiers = Modifiers::default();
        let (names, key) = text.rsplit_once('+').map_or((None, text), |(names, key)| (Some(names), key));
        for name in names.into_iter().flat_map(|names| names.split('+')) {
            let modifier = modifiers.by_name(name.trim()).ok_or(ParseShortcutError)?;
            *modifier = true;
        }
        let key = ShortcutKey::parse(key.trim()).ok_or(ParseShortcutError)?;
        let types_no_text =
            modifiers.ctrl || modifiers.alt || modifiers.logo || matches!(key, ShortcutKey::Function(_));
        if types_no_text { Ok(Self { modifiers, key }) } else { Err(ParseShortcutError) }
    }
}

impl Modifiers {
    fn by_name(&mut self, name: &str) -> Option<&mut bool> {
        match name.to_ascii_lowercase().as_str() {
            "ctrl" | "control" => Some(&mut self.ctrl),
            "alt" | "option" => Some(&mut self.alt),
            "shift" => Some(&mut self.shift),
            "super" | "cmd" | "command" | "win" | "meta" => Some(&mut self.logo),
            _ => None,
        }
    }
}

impl ShortcutKey {
    fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_uppercase();
        if name == "SPACE" {
            return Some(Self::Space);
        }
        let function = || name.strip_prefix('F')?.parse().ok().filter(|number| (1..=24).contains(number));
        let mut characters = name.chars();
        match (characters.next()?, characters.next()) {
            (character, None) => character.is_ascii_alphanumeric().then_some(Self::Character(character)),
            _ => function().map(Self::Function),
        }
    }
}

impl fmt::Display for Shortcut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Modifiers { ctrl, alt, shift, logo } = self.modifiers;
        for (held, name) in [(ctrl, "Ctrl"), (alt, "Alt"), (shift, "Shift"), (logo, "Super")] {
            if held {
                write!(out, "{name}+")?;
            }
        }
        match self.key {
            ShortcutKey::Character(character) => write!(out, "{character}"),
            ShortcutKey::Function(number) => write!(out, "F{number}"),
            ShortcutKey::Space => out.write_str("Space"),
        }
    }
}

impl From<Shortcut> for String {
    fn from(shortcut: Shortcut) -> Self {
        shortcut.to_string()
    }
}

impl TryFrom<String> for Shortcut {
    type Error = ParseShortcutError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Ctrl+Alt+T", "Ctrl+Alt+T")]
    #[case("alt + control + t", "Ctrl+Alt+T")]
    #[case("cmd+shift+7", "Shift+Super+7")]
    #[case("F12", "F12")]
    #[case("shift+f1", "Shift+F1")]
    #[case("super+space", "Super+Space")]
    #[case("alt+f", "Alt+F")]
    fn a_shortcut_is_parsed_and_written_in_one_form(#[case] text: &str, #[case] expected: &str) {
        let shortcut: Shortcut = text.parse().expect("it is a shortcut");
        assert_eq!(shortcut.to_string(), expected);
        assert_eq!(expected.parse(), Ok(shortcut));
    }

    #[rstest]
    #[case("")]
    #[case("T")]
    #[case("Shift+T")]
    #[case("Space")]
    #[case("Ctrl+")]
    #[case("Ctrl++T")]
    #[case("Ctrl+Alt")]
    #[case("Hyper+T")]
    #[case("Ctrl+ä")]
    #[case("F0")]
    #[case("F25")]
    #[case("F+12")]
    fn other_texts_are_no_shortcuts(#[case] text: &str) {
        assert_eq!(text.parse::<Shortcut>(), Err(ParseShortcutError));
    }
}
