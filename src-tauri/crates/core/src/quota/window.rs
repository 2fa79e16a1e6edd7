//! The periods the vendor counts quota in.

use serde::{Deserialize, Serialize};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How much later than its length a reset may be told: clocks differ, and ends are rounded to ten minutes.
const SLACK: i64 = 10 * MINUTE;

/// The longest name of a family of models.
const LONGEST_NAME: usize = 40;

/// A quota period of the vendor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Window {
    /// Five hours from the first message after the one before; Claude Code calls it the session limit.
    FiveHour,
    /// Seven days, all models together.
    Weekly,
    /// What is paid for beyond the plan. Billed by the month; when it resets is rarely told.
    ExtraUsage,
    /// Seven days of one family of models. Make it with [`Window::scoped`], so that one family has one name.
    Scoped(String),
}

impl Window {
    /// The weekly limit of one family of models, whether spelled `opus`, `Opus` or `Claude Opus`.
    pub fn scoped(name: &str) -> Option<Self> {
        let words = name.split(|c: char| c == '_' || c.is_whitespace()).filter(|word| !word.is_empty());
        let words = words.filter(|word| !word.eq_ignore_ascii_case("claude")).map(capitalised);
        let name = words.collect::<Vec<_>>().join(" ");
        (!name.is_empty() && name.len() <= LONGEST_NAME).then_some(Self::Scoped(name))
    }

    /// How long it lasts, in microseconds; of a month, the longest.
    pub const fn length(&self) -> i64 {
        match self {
            Self::FiveHour => 5 * HOUR,
            Self::Weekly | Self::Scoped(_) => 7 * DAY,
            Self::ExtraUsage => 31 * DAY,
        }
    }

    /// How far ahead its reset may lie, in microseconds.
    pub(crate) const fn reach(&self) -> i64 {
        self.length() + SLACK
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("opus", Some("Opus"))]
    #[case("Claude Opus", Some("Opus"))]
    #[case(" sonnet ", Some("Sonnet"))]
    #[case("oauth_apps", Some("Oauth Apps"))]
    #[case("", None)]
    #[case("claude", None)]
    #[case("a name nobody would give to a family of models", None)]
    fn one_family_has_one_name(#[case] said: &str, #[case] name: Option<&str>) {
        assert_eq!(Window::scoped(said), name.map(|name| Window::Scoped(name.to_owned())));
    }
}
