//! Figures of at most four characters for the tray icon. All other text uses `token_monitor_core::text`.

use std::fmt;

use chrono::TimeDelta;

/// The text of an unknown figure.
pub(crate) const UNKNOWN: &str = "–";

/// A figure of at most four characters, which fits into a tray icon: `999`, `1.2k`, `$3.4`, `38%`, `2h10`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompactFigure(String);

impl CompactFigure {
    /// Shortens a token count, rounding half up.
    pub fn from_tokens(tokens: u128) -> Self {
        if tokens < 1_000 {
            return Self(tokens.to_string());
        }
        let short = UNITS.iter().find_map(|unit| shorten_to_unit(tokens, *unit));
        Self(short.unwrap_or_else(|| MAX_TOKENS.to_owned()))
    }

    /// Shortens API-equivalent dollars: `$.34`, `$3.4`, `$34`, `$340`, `$34k`. A positive amount is never shown as
    /// zero.
    pub fn from_dollars(amount: f64) -> Self {
        let cents = (amount * 100.0).round().max(0.0) as u128;
        let tenths = round_div(cents, 10);
        let whole = round_div(cents, 100);
        Self(match (cents, tenths, whole) {
            (0, ..) if amount > 0.0 => "$.01".to_owned(),
            (0, ..) => "$0".to_owned(),
            (..100, ..) => format!("$.{cents:02}"),
            (_, ..100, _) => format!("${}.{}", tenths / 10, tenths % 10),
            (_, _, ..1_000) => format!("${whole}"),
            _ => format!("${}k", round_div(whole, 1_000).min(MAX_THOUSANDS)),
        })
    }

    /// Shortens a percentage. Only 0 is shown as `0%`, and nothing below 100 as `100%`.
    pub fn from_percent(share: f64) -> Self {
        let visible = match share {
            share if share > 0.0 && share < 1.0 => 1.0,
            share if share > 99.0 && share < 100.0 => 99.0,
            share => share.round().clamp(0.0, MAX_PERCENT),
        };
        Self(format!("{visible}%"))
    }

    /// Shortens a duration to hours and minutes: `2h10`, `2h`, `48m`. A positive duration is never shown as zero.
    pub fn from_duration(length: TimeDelta) -> Self {
        let (hours, minutes) = (length.num_hours(), length.num_minutes() % 60);
        Self(match (hours, minutes) {
            (..=0, ..=0) if length > TimeDelta::zero() => "1m".to_owned(),
            (..=0, minutes) => format!("{}m", minutes.max(0)),
            (1..10, 1..) => format!("{hours}h{minutes:02}"),
            (..MAX_HOURS, _) => format!("{hours}h"),
            _ => format!("{MAX_HOURS}h"),
        })
    }

    /// Returns the figure of an unknown value, a dash.
    pub fn unknown() -> Self {
        Self(UNKNOWN.to_owned())
    }

    /// The figure as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CompactFigure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The units of token counts with their letters, smallest first.
const UNITS: [(u128, char); 4] = [(1_000, 'k'), (1_000_000, 'M'), (1_000_000_000, 'B'), (1_000_000_000_000, 'T')];

/// The figure of any larger token count.
const MAX_TOKENS: &str = "999T";

/// The largest shown amount in thousands of dollars, percentage and number of hours.
const MAX_THOUSANDS: u128 = 99;
const MAX_PERCENT: f64 = 999.0;
const MAX_HOURS: i64 = 999;

/// Formats a count in one unit, or returns `None` if that takes four digits.
fn shorten_to_unit(tokens: u128, (unit, letter): (u128, char)) -> Option<String> {
    let tenths = round_div(tokens, unit / 10);
    if tenths < 100 {
        return Some(format!("{}.{}{letter}", tenths / 10, tenths % 10));
    }
    let whole = round_div(tokens, unit);
    (whole < 1_000).then(|| format!("{whole}{letter}"))
}

fn round_div(tokens: u128, unit: u128) -> u128 {
    tokens / unit + u128::from(tokens % unit >= unit / 2)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

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
    fn a_token_figure_has_two_or_three_digits(#[case] tokens: u128, #[case] figure: &str) {
        assert_eq!(CompactFigure::from_tokens(tokens).as_str(), figure);
    }

    #[rstest]
    #[case(0.0, "$0")]
    #[case(0.004, "$.01")]
    #[case(0.34, "$.34")]
    #[case(0.996, "$1.0")]
    #[case(3.41, "$3.4")]
    #[case(9.95, "$10")]
    #[case(34.2, "$34")]
    #[case(123.4, "$123")]
    #[case(999.6, "$1k")]
    #[case(34_000.0, "$34k")]
    #[case(1e30, "$99k")]
    fn a_dollar_figure_has_four_characters_at_most(#[case] amount: f64, #[case] figure: &str) {
        assert_eq!(CompactFigure::from_dollars(amount).as_str(), figure);
    }

    #[rstest]
    #[case(0.0, "0%")]
    #[case(0.3, "1%")]
    #[case(38.2, "38%")]
    #[case(99.7, "99%")]
    #[case(100.0, "100%")]
    #[case(123_456.0, "999%")]
    fn a_percent_figure_is_0_or_100_only_if_exact(#[case] share: f64, #[case] figure: &str) {
        assert_eq!(CompactFigure::from_percent(share).as_str(), figure);
    }

    #[rstest]
    #[case(-30, "0m")]
    #[case(0, "0m")]
    #[case(30, "1m")]
    #[case(48 * 60, "48m")]
    #[case(60 * 60, "1h")]
    #[case(65 * 60, "1h05")]
    #[case(130 * 60, "2h10")]
    #[case(11 * 3600 + 60, "11h")]
    #[case(i64::from(u32::MAX), "999h")]
    fn a_duration_figure_has_hours_and_minutes(#[case] seconds: i64, #[case] figure: &str) {
        assert_eq!(CompactFigure::from_duration(TimeDelta::seconds(seconds)).as_str(), figure);
    }

    proptest! {
        #[test]
        fn a_token_figure_has_four_characters_at_most(tokens: u128) {
            prop_assert!(CompactFigure::from_tokens(tokens).as_str().len() <= 4);
        }

        #[test]
        fn other_figures_have_four_characters_at_most(
            amount in 0.0..1e9_f64, percent in 0.0..1e6_f64, seconds in -9_999_i64..9_999_999,
        ) {
            let left = TimeDelta::seconds(seconds);
            let figures = [
                CompactFigure::from_dollars(amount),
                CompactFigure::from_percent(percent),
                CompactFigure::from_duration(left),
            ];
            for figure in figures {
                prop_assert!(figure.as_str().len() <= 4, "{figure} for {amount}, {percent}, {seconds}");
            }
        }

        #[test]
        fn a_token_figure_near_a_unit_has_four_characters_at_most(power in 0_u32..16, below in 0_u128..2_000) {
            let tokens = 10_u128.pow(power).saturating_sub(below);
            let figure = CompactFigure::from_tokens(tokens);
            prop_assert!(figure.as_str().len() <= 4, "{figure} for {tokens}");
        }
    }
}
