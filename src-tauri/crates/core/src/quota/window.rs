//! The periods for which a quota applies.

use serde::{Deserialize, Serialize};

use crate::text::sanitize::remove_invisible;
use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE};

/// The tolerance for reset times, in microseconds: clocks differ, and ends are rounded to ten minutes.
const RESET_SLACK: i64 = 10 * MICROS_PER_MINUTE;

/// The maximum length of a name in a window, in bytes.
const MAX_NAME_LEN: usize = 40;

/// The model families whose weekly windows have a key of their own.
const MODEL_FAMILIES: [&str; 5] = ["opus", "sonnet", "haiku", "fable", "mythos"];

/// The products of Anthropic with a weekly window of their own: the name used in keys, and the public name.
const PRODUCTS: [(&str, &str); 4] =
    [("omelette", "Claude Design"), ("design", "Claude Design"), ("cowork", "Cowork"), ("oauth_apps", "OAuth apps")];

/// The names under which earlier versions stored windows of products, and Fable's week, as model families.
const MISNAMED_FAMILIES: [&str; 4] = ["Omelette", "Cowork", "Oauth Apps", "Overage Included"];

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
    /// A limit on spending, usually for a month. The used share may exceed 100%.
    SpendLimit,
    /// The usage that an organization grants to a member. It has no figures: only limit messages mention it.
    Organization,
    /// A quota of another product of Anthropic, which cannot stop Claude Code.
    Product(String),
    /// A window of unknown meaning, with its name as sent.
    Other(String),
}

impl QuotaWindow {
    /// Returns the weekly window of a model family. `opus`, `Opus`, `Claude Opus` and `Opus 5.5` give the same window.
    ///
    /// Returns `None` for an empty name and for one longer than 40 bytes.
    pub fn for_model_family(name: &str) -> Option<Self> {
        let words = name.split(|c: char| "_-".contains(c) || c.is_whitespace()).filter(|word| !word.is_empty());
        let words = words.filter(|word| !word.eq_ignore_ascii_case("claude") && !is_version(word));
        checked_name(&words.map(capitalize_word).collect::<Vec<_>>().join(" ")).map(Self::Scoped)
    }

    /// Returns the window for a key of Claude Code or of Anthropic's usage response.
    ///
    /// An unknown key gives [`QuotaWindow::Other`]. Returns `None` for an empty key and for one longer than 40 bytes.
    pub fn for_key(key: &str) -> Option<Self> {
        match key {
            "five_hour" | "session" => return Some(Self::FiveHour),
            "seven_day" | "weekly_all" => return Some(Self::Weekly),
            "extra_usage" | "overage" | "spend" => return Some(Self::ExtraUsage),
            "spend_limit" => return Some(Self::SpendLimit),
            // The usage that the week of this family includes before it is billed as extra usage.
            "seven_day_overage_included" => return Self::for_model_family("fable"),
            _ => {}
        }
        let weekly = key.strip_prefix("seven_day_").unwrap_or(key);
        if MODEL_FAMILIES.iter().any(|family| weekly.split('_').next() == Some(family)) && weekly != key {
            return Self::for_model_family(weekly);
        }
        Self::for_product(weekly).or_else(|| checked_name(&weekly.replace('_', " ")).map(Self::Other))
    }

    /// Returns the weekly window with a display name: that of a product or, for all other names, of a model family.
    pub fn for_display_name(name: &str) -> Option<Self> {
        Self::for_product(name).or_else(|| Self::for_model_family(name))
    }

    /// Returns the window of a product, by its name in keys or its public name.
    fn for_product(name: &str) -> Option<Self> {
        let is_named =
            |product: &&(&str, &str)| name.eq_ignore_ascii_case(product.0) || name.eq_ignore_ascii_case(product.1);
        PRODUCTS.iter().find(is_named).map(|(_, public)| Self::Product((*public).to_owned()))
    }

    /// Returns true if an earlier version stored this window under a wrong name.
    pub(crate) fn is_misnamed(&self) -> bool {
        matches!(self, Self::Scoped(name) if MISNAMED_FAMILIES.contains(&name.as_str()))
    }

    /// Returns the length in microseconds; for a month, 31 days.
    pub const fn length_micros(&self) -> i64 {
        match self {
            Self::FiveHour => 5 * MICROS_PER_HOUR,
            Self::Weekly | Self::Scoped(_) | Self::Product(_) => 7 * MICROS_PER_DAY,
            Self::ExtraUsage | Self::SpendLimit | Self::Organization | Self::Other(_) => 31 * MICROS_PER_DAY,
        }
    }

    /// Returns the maximum valid share in percent. Sources round, and a last answer may exceed a limit slightly; a bill
    /// may exceed the limit on it by far.
    pub(crate) const fn max_percent(&self) -> u32 {
        match self {
            Self::SpendLimit | Self::ExtraUsage => 10_000,
            Self::FiveHour
            | Self::Weekly
            | Self::Scoped(_)
            | Self::Organization
            | Self::Product(_)
            | Self::Other(_) => 101,
        }
    }

    /// Returns true for a window of the plan, whose use is proportional to the use of Claude Code.
    pub(crate) const fn is_plan(&self) -> bool {
        match self {
            Self::FiveHour | Self::Weekly | Self::Scoped(_) => true,
            Self::ExtraUsage | Self::SpendLimit | Self::Organization | Self::Product(_) | Self::Other(_) => false,
        }
    }

    /// Returns the maximum time between a reading and its reset, in microseconds.
    pub(crate) const fn max_reset_distance(&self) -> i64 {
        self.length_micros() + RESET_SLACK
    }
}

/// Returns a name without invisible characters, or `None` if it is empty or too long.
fn checked_name(name: &str) -> Option<String> {
    let name = remove_invisible(name).into_owned();
    (!name.trim().is_empty() && name.len() <= MAX_NAME_LEN).then_some(name)
}

/// Returns true for a version number, such as `5` or `5.2`.
fn is_version(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || c == '.')
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
    #[case("O\u{0}p\u{202e}us\u{1b}", Some("Opus"))]
    #[case(" sonnet ", Some("Sonnet"))]
    #[case("Fable 5", Some("Fable"))]
    #[case("Opus 5.5", Some("Opus"))]
    #[case("claude-opus-4-5", Some("Opus"))]
    #[case("", None)]
    #[case("claude", None)]
    #[case("5.5", None)]
    #[case("a name that is too long for any model family", None)]
    fn names_of_a_model_family_are_normalized(#[case] name: &str, #[case] normalized: Option<&str>) {
        let expected = normalized.map(|name| QuotaWindow::Scoped(name.to_owned()));
        assert_eq!(QuotaWindow::for_model_family(name), expected);
    }

    #[rstest]
    #[case("five_hour", Some(QuotaWindow::FiveHour))]
    #[case("seven_day", Some(QuotaWindow::Weekly))]
    #[case("seven_day_sonnet", Some(scoped("Sonnet")))]
    #[case("seven_day_opus_5", Some(scoped("Opus")))]
    #[case("seven_day_overage_included", Some(scoped("Fable")))]
    #[case("overage", Some(QuotaWindow::ExtraUsage))]
    #[case("spend_limit", Some(QuotaWindow::SpendLimit))]
    #[case("seven_day_omelette", Some(QuotaWindow::Product("Claude Design".to_owned())))]
    #[case("seven_day_cowork", Some(QuotaWindow::Product("Cowork".to_owned())))]
    #[case("seven_day_oauth_apps", Some(QuotaWindow::Product("OAuth apps".to_owned())))]
    #[case("omelette_promotional", Some(other("omelette promotional")))]
    #[case("iguana_necktie", Some(other("iguana necktie")))]
    #[case("seven_day_tangelo", Some(other("tangelo")))]
    #[case("opus", Some(other("opus")))]
    #[case("", None)]
    #[case("seven_day_", None)]
    #[case("a_key_that_is_too_long_for_any_window_of_a_plan", None)]
    fn only_known_families_are_model_families(#[case] key: &str, #[case] window: Option<QuotaWindow>) {
        assert_eq!(QuotaWindow::for_key(key), window);
    }

    fn scoped(name: &str) -> QuotaWindow {
        QuotaWindow::Scoped(name.to_owned())
    }

    fn other(name: &str) -> QuotaWindow {
        QuotaWindow::Other(name.to_owned())
    }
}
