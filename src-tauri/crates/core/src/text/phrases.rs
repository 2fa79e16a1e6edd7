//! The phrases for the enums of a snapshot: provenance, block sources, limits, windows and burn levels.
//!
//! The command, the tray, alerts and the status line take these phrases from here; the page has the same ones in
//! `ui/src/strings/`.

use chrono::TimeDelta;

use crate::report::model::{BlockSource, BurnLevel, LimitBasis, LimitUse, Provenance, WindowKind};
use crate::text::format::{format_age, format_duration, format_percent};
use crate::text::sanitize::sanitize_name;

/// The maximum length of a name inside a phrase, in characters.
const MAX_SCOPE_LENGTH: usize = 40;

impl Provenance {
    /// Returns the label in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Measured => "measured",
            Self::Estimated => "estimated",
        }
    }
}

impl BlockSource {
    /// Returns the source of a block's edges in a few words, which include the provenance.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::LimitMessage => "official, limit message",
            Self::Estimate => "estimated",
            Self::Utc => "estimated, fixed UTC grid",
        }
    }
}

impl BurnLevel {
    /// Returns the level in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

/// Returns a window's name: `Five hours`, `Week`, `Week (Opus)`, `Extra usage`, `Spend limit`, `Claude Design`,
/// `Other (tangelo)`. The scope is sanitized.
pub fn window_name(window: WindowKind, scope: Option<&str>) -> String {
    match (window, scope) {
        (WindowKind::FiveHour, _) => "Five hours".to_owned(),
        (WindowKind::WeeklyScoped, Some(scope)) => format!("Week ({})", sanitize_name(scope, MAX_SCOPE_LENGTH)),
        (WindowKind::Weekly | WindowKind::WeeklyScoped, _) => "Week".to_owned(),
        (WindowKind::ExtraUsage, _) => "Extra usage".to_owned(),
        (WindowKind::SpendLimit, _) => "Spend limit".to_owned(),
        (WindowKind::Organization, _) => "Organization".to_owned(),
        (WindowKind::Product, Some(scope)) => sanitize_name(scope, MAX_SCOPE_LENGTH),
        (WindowKind::Other, Some(scope)) => format!("Other ({})", sanitize_name(scope, MAX_SCOPE_LENGTH)),
        (WindowKind::Product | WindowKind::Other, None) => "Other".to_owned(),
    }
}

/// Returns the name of a window's limit within a sentence: `five-hour limit`, `weekly Opus limit`, `spend limit`.
pub fn limit_name(window: WindowKind, scope: Option<&str>) -> String {
    let scope = || sanitize_name(scope.unwrap_or_default(), MAX_SCOPE_LENGTH);
    match window {
        WindowKind::FiveHour => "five-hour limit".to_owned(),
        WindowKind::Weekly => "weekly limit".to_owned(),
        WindowKind::WeeklyScoped => format!("weekly {} limit", scope()),
        WindowKind::ExtraUsage => "limit on extra usage".to_owned(),
        WindowKind::SpendLimit => "spend limit".to_owned(),
        WindowKind::Organization => "limit of your organization".to_owned(),
        WindowKind::Product | WindowKind::Other => format!("limit of {}", scope()),
    }
}

/// Returns a share with the limit it refers to: `38% used`, `38% of 5,000,000 tokens`, `38% of your largest block`,
/// `38% of your blocks’ P90`. `format_limit` writes a limit set by the user with its unit.
pub fn share_of_limit(share: &LimitUse, format_limit: impl Fn(f64) -> String) -> String {
    let used = format_percent(share.used_percent);
    match (share.basis, share.limit) {
        (LimitBasis::Official, _) | (LimitBasis::Number, None) => format!("{used} used"),
        (LimitBasis::Number, Some(limit)) => format!("{used} of {}", format_limit(limit)),
        (LimitBasis::Max | LimitBasis::P90, _) => format!("{used} of {}", estimated_limit(share.basis)),
    }
}

/// Returns the name of a limit derived from past blocks; `the limit` for the others.
pub fn estimated_limit(basis: LimitBasis) -> &'static str {
    match basis {
        LimitBasis::Max => "your largest block",
        LimitBasis::P90 => "your blocks’ P90",
        LimitBasis::Official | LimitBasis::Number => "the limit",
    }
}

/// Returns the label of an official figure, with its age once it is stale: `official`, `official, 25m ago`.
pub fn label_with_age(label: Provenance, is_stale: bool, age_minutes: u64) -> String {
    match is_stale {
        true => format!("{}, {} ago", label.as_str(), format_age(age_minutes)),
        false => label.as_str().to_owned(),
    }
}

/// Returns the time until a window ends: `2h 13m left`.
pub fn time_left(length: TimeDelta) -> String {
    format!("{} left", format_duration(length))
}

/// Returns a text with its first letter in upper case.
pub fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scoped_window_names_its_models() {
        assert_eq!(window_name(WindowKind::WeeklyScoped, Some("Opus\u{202e}\n4")), "Week (Opus 4)");
        assert_eq!(window_name(WindowKind::WeeklyScoped, None), "Week");
        assert_eq!(window_name(WindowKind::Product, Some("Claude Design")), "Claude Design");
        assert_eq!(window_name(WindowKind::Other, Some("tangelo")), "Other (tangelo)");
    }

    #[test]
    fn a_stale_figure_states_its_age() {
        assert_eq!(label_with_age(Provenance::Official, true, 190), "official, 3h ago");
        assert_eq!(label_with_age(Provenance::Official, false, 190), "official");
    }

    #[test]
    fn only_the_first_letter_becomes_a_capital() {
        assert_eq!([capitalize("the week"), capitalize("")], ["The week", ""]);
    }
}
