//! The periods for which a quota applies.

use serde::{Deserialize, Serialize};

use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE};

/// The tolerance for reset times, in microseconds: clocks differ, and ends are rounded to ten minutes.
const RESET_SLACK: i64 = 10 * MICROS_PER_MINUTE;

/// The maximum length of a model family's name in bytes.
const MAX_FAMILY_NAME_LEN: usize = 40;

/// A quota period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QuotaWindow {
    /// Five hours from the first message after the previous window. Claude Code calls it the session limit.
    FiveHour,
    /// Seven days, for all models together.
    Weekly,
    /// Paid usage beyond the plan, billed by the month. Its reset time is rarely given.
    ExtraUsage,
    /// Seven days, for one model family. Created by [`QuotaWindow::for_model_family`], which normalizes the name.
    Scoped(String),
}

impl QuotaWindow {
    /// Returns the weekly window of a model family. `opus`, `Opus` and `Claude Opus` give the same window.
    ///
    /// Returns `None` for an empty name and for one longer than 40 bytes.
    pub fn for_model_family(name: &str) -> Option<Self> {
        let words = name.split(|c: char| c == '_' || c.is_whitespace()).filter(|word| !word.is_empty());
        let words = words.filter(|word| !word.eq_ignore_ascii_case("claude")).map(capitalize_word);
        let name = words.collect::<Vec<_>>().join(" ");
        (!name.is_empty() && name.len() <= MAX_FAMILY_NAME_LEN).then_some(Self::Scoped(name))
    }

    /// Returns the length in microseconds; for a month, 31 days.
    pub const fn length_micros(&self) -> i64 {
        match self {
            Self::FiveHour => 5 * MICROS_PER_HOUR,
            Self::Weekly | Self::Scoped(_) => 7 * MICROS_PER_DAY,
            Self::ExtraUsage => 31 * MICROS_PER_DAY,
        }
    }

    /// Returns the maximum time between a reading and its reset, in microseconds.
    pub(crate) const fn max_reset_distance(&self) -> i64 {
        self.length_micros() + RESET_SLACK
    }
}

fn capitalize_word(word: &str) -> String {
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
    #[case("a name that is too long for any model family", None)]
    fn names_of_a_model_family_are_normalized(#[case] name: &str, #[case] normalized: Option<&str>) {
        let expected = normalized.map(|name| QuotaWindow::Scoped(name.to_owned()));
        assert_eq!(QuotaWindow::for_model_family(name), expected);
    }
}
