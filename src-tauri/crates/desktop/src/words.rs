//! Figures as words: tokens and durations the way every tray spells them.
//!
//! Pure text. It knows no colours, no icons and no clock, and it never shortens what it cannot round honestly.

use std::fmt;

use chrono::TimeDelta;

/// A count in at most four glyphs, short enough to stand inside a tray icon: `999`, `1.2k`, `42M`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Figure(String);

impl Figure {
    /// Shortens a count of tokens, rounding to the nearest.
    pub fn of(tokens: u128) -> Self {
        if tokens < 1_000 {
            return Self(tokens.to_string());
        }
        let fitting = UNITS.iter().find_map(|unit| shorten(tokens, *unit));
        Self(fitting.unwrap_or_else(|| MOST.to_owned()))
    }

    /// Its glyphs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a thousand, a million and so on are called, smallest first.
const UNITS: [(u128, char); 4] = [(1_000, 'k'), (1_000_000, 'M'), (1_000_000_000, 'B'), (1_000_000_000_000, 'T')];

/// Shown for anything larger; nobody gets there.
const MOST: &str = "999T";

/// Spells a count in one unit, unless rounding would take four digits before the letter.
fn shorten(tokens: u128, (unit, letter): (u128, char)) -> Option<String> {
    let tenths = rounded(tokens, unit / 10);
    if tenths < 100 {
        return Some(format!("{}.{}{letter}", tenths / 10, tenths % 10));
    }
    let whole = rounded(tokens, unit);
    (whole < 1_000).then(|| format!("{whole}{letter}"))
}

fn rounded(tokens: u128, unit: u128) -> u128 {
    tokens / unit + u128::from(tokens % unit >= unit / 2)
}

/// Spells a count in full, its digits grouped by three: `4,213,902`.
pub fn grouped(count: u128) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Spells a count of tokens in full: `4,213,902 tokens`, `1 token`.
pub fn tokens(count: u128) -> String {
    let noun = if count == 1 { "token" } else { "tokens" };
    format!("{} {noun}", grouped(count))
}

/// Spells a duration in hours and whole minutes: `2 h 10 m`, `9 m`.
pub fn duration(length: TimeDelta) -> String {
    match (length.num_hours(), length.num_minutes() % 60) {
        (..=0, ..=0) => "under 1 m".to_owned(),
        (..=0, minutes) => format!("{minutes} m"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} m"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::{Figure, duration, grouped, tokens};

    #[rstest]
    #[case(0, "0")]
    #[case(7, "7")]
    #[case(999, "999")]
    #[case(1_000, "1.0k")]
    #[case(1_249, "1.2k")]
    #[case(1_250, "1.3k")]
    #[case(9_949, "9.9k")]
    #[case(9_950, "10k")]
    #[case(12_000, "12k")]
    #[case(312_400, "312k")]
    #[case(999_499, "999k")]
    #[case(999_500, "1.0M")]
    #[case(4_213_902, "4.2M")]
    #[case(42_000_000, "42M")]
    #[case(420_000_000, "420M")]
    #[case(1_200_000_000, "1.2B")]
    #[case(3_400_000_000_000, "3.4T")]
    #[case(u128::MAX, "999T")]
    fn a_figure_keeps_two_or_three_digits(#[case] tokens: u128, #[case] figure: &str) {
        assert_eq!(Figure::of(tokens).as_str(), figure);
    }

    #[rstest]
    #[case(0, "0")]
    #[case(999, "999")]
    #[case(1_000, "1,000")]
    #[case(42_100, "42,100")]
    #[case(4_213_902, "4,213,902")]
    fn digits_are_grouped_by_three(#[case] count: u128, #[case] text: &str) {
        assert_eq!(grouped(count), text);
    }

    #[test]
    fn one_token_is_not_a_plural() {
        assert_eq!(tokens(1), "1 token");
        assert_eq!(tokens(0), "0 tokens");
    }

    #[rstest]
    #[case(130 * 60, "2 h 10 m")]
    #[case(120 * 60, "2 h")]
    #[case(9 * 60 + 59, "9 m")]
    #[case(59, "under 1 m")]
    #[case(-300, "under 1 m")]
    fn a_duration_is_hours_and_minutes(#[case] seconds: i64, #[case] text: &str) {
        assert_eq!(duration(TimeDelta::seconds(seconds)), text);
    }

    proptest! {
        #[test]
        fn a_figure_never_exceeds_four_glyphs(tokens: u128) {
            prop_assert!(Figure::of(tokens).as_str().len() <= 4);
        }

        #[test]
        fn a_figure_near_a_unit_never_exceeds_four_glyphs(power in 0_u32..16, below in 0_u128..2_000) {
            let tokens = 10_u128.pow(power).saturating_sub(below);
            prop_assert!(Figure::of(tokens).as_str().len() <= 4, "{} for {tokens}", Figure::of(tokens));
        }
    }
}
