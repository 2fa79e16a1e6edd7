//! Figures as words: tokens, shares, dollars and durations the way every tray spells them.
//!
//! Pure text. It knows no colours, no icons and no clock, and it never shortens what it cannot round honestly.

use std::fmt;

use chrono::TimeDelta;
use token_monitor_core::report::model::Range;

/// What stands where a figure is not known.
pub(crate) const UNKNOWN: &str = "–";

/// A figure in at most four glyphs, short enough to stand inside a tray icon: `999`, `1.2k`, `$3.4`, `38%`, `2h10`.
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

    /// Shortens API-equivalent dollars: `$.34`, `$3.4`, `$34`, `$340`, `$34k`. What costs something never reads as
    /// nothing.
    pub fn of_dollars(amount: f64) -> Self {
        let cents = (amount * 100.0).round().max(0.0) as u128;
        let tenths = rounded(cents, 10);
        let whole = rounded(cents, 100);
        Self(match (cents, tenths, whole) {
            (0, ..) if amount > 0.0 => "$.01".to_owned(),
            (0, ..) => "$0".to_owned(),
            (..100, ..) => format!("$.{cents:02}"),
            (_, ..100, _) => format!("${}.{}", tenths / 10, tenths % 10),
            (_, _, ..1_000) => format!("${whole}"),
            _ => format!("${}k", rounded(whole, 1_000).min(MOST_THOUSANDS)),
        })
    }

    /// Shortens a share in percent. What is there never reads as nothing, nor what is not whole as all.
    pub fn of_percent(share: f64) -> Self {
        let honest = match share {
            share if share > 0.0 && share < 1.0 => 1.0,
            share if share > 99.0 && share < 100.0 => 99.0,
            share => share.round().clamp(0.0, MOST_PERCENT),
        };
        Self(format!("{honest}%"))
    }

    /// Shortens a duration to hours and minutes: `2h10`, `2h`, `48m`. What is left never reads as nothing.
    pub fn of_duration(length: TimeDelta) -> Self {
        let (hours, minutes) = (length.num_hours(), length.num_minutes() % 60);
        Self(match (hours, minutes) {
            (..=0, ..=0) if length > TimeDelta::zero() => "1m".to_owned(),
            (..=0, minutes) => format!("{}m", minutes.max(0)),
            (1..10, 1..) => format!("{hours}h{minutes:02}"),
            (..MOST_HOURS, _) => format!("{hours}h"),
            _ => format!("{MOST_HOURS}h"),
        })
    }

    /// A figure that is not known.
    pub fn unknown() -> Self {
        Self(UNKNOWN.to_owned())
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

/// Shown for anything beyond; nobody gets there either.
const MOST_THOUSANDS: u128 = 99;
const MOST_PERCENT: f64 = 999.0;
const MOST_HOURS: i64 = 999;

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

/// Spells how long ago something was, in the largest unit that says enough: `25 min`, `3 h`.
pub(crate) fn age(minutes: u64) -> String {
    match minutes {
        0..60 => format!("{minutes} min"),
        _ => format!("{} h", minutes / 60),
    }
}

/// Spells a share in whole percents: `38 %`. What is there never reads as nothing, nor what is not whole as all.
pub(crate) fn percent(share: f64) -> String {
    if share > 0.0 && share < 1.0 {
        return "under 1 %".to_owned();
    }
    if share > 99.0 && share < 100.0 {
        return "over 99 %".to_owned();
    }
    format!("{} %", whole(share))
}

/// Spells from where to where a share will go: `71–84 %`.
pub(crate) fn percents(range: Range) -> String {
    match [range.low, range.high].map(whole) {
        [low, high] if low == high => format!("{low} %"),
        [low, high] => format!("{low}–{high} %"),
    }
}

fn whole(share: f64) -> String {
    grouped(share.round().max(0.0) as u128)
}

/// Spells dollars and cents: `$3.41`. What costs something never reads as nothing.
pub(crate) fn dollars(amount: f64) -> String {
    let cents = (amount * 100.0).round().max(0.0) as u128;
    match cents {
        0 if amount > 0.0 => "under $0.01".to_owned(),
        _ => format!("${}.{:02}", grouped(cents / 100), cents % 100),
    }
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
    fn a_figure_keeps_two_or_three_digits(#[case] tokens: u128, #[case] figure: &str) {
        assert_eq!(Figure::of(tokens).as_str(), figure);
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
    fn a_cost_keeps_what_four_glyphs_can_say(#[case] amount: f64, #[case] figure: &str) {
        assert_eq!(Figure::of_dollars(amount).as_str(), figure);
    }

    #[rstest]
    #[case(0.0, "0%")]
    #[case(0.3, "1%")]
    #[case(38.2, "38%")]
    #[case(99.7, "99%")]
    #[case(100.0, "100%")]
    #[case(123_456.0, "999%")]
    fn a_share_never_reads_as_nothing_nor_as_all(#[case] share: f64, #[case] figure: &str) {
        assert_eq!(Figure::of_percent(share).as_str(), figure);
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
    fn time_left_is_hours_and_minutes(#[case] seconds: i64, #[case] figure: &str) {
        assert_eq!(Figure::of_duration(TimeDelta::seconds(seconds)).as_str(), figure);
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

    #[rstest]
    #[case(0, "0 min")]
    #[case(25, "25 min")]
    #[case(59, "59 min")]
    #[case(119, "1 h")]
    #[case(1_439, "23 h")]
    fn an_age_is_in_minutes_and_then_in_hours(#[case] minutes: u64, #[case] text: &str) {
        assert_eq!(age(minutes), text);
    }

    #[rstest]
    #[case(0.0, "0 %")]
    #[case(0.04, "under 1 %")]
    #[case(38.2, "38 %")]
    #[case(99.7, "over 99 %")]
    #[case(100.0, "100 %")]
    #[case(1_234.5, "1,235 %")]
    fn a_share_that_is_there_is_never_nothing_nor_all(#[case] share: f64, #[case] text: &str) {
        assert_eq!(percent(share), text);
    }

    #[rstest]
    #[case(71.2, 83.9, "71–84 %")]
    #[case(83.6, 84.4, "84 %")]
    fn a_range_that_is_none_is_one_figure(#[case] low: f64, #[case] high: f64, #[case] text: &str) {
        assert_eq!(percents(Range { low, high }), text);
    }

    #[rstest]
    #[case(0.0, "$0.00")]
    #[case(0.004, "under $0.01")]
    #[case(3.414, "$3.41")]
    #[case(12_345.6, "$12,345.60")]
    fn dollars_have_cents(#[case] amount: f64, #[case] text: &str) {
        assert_eq!(dollars(amount), text);
    }

    proptest! {
        #[test]
        fn a_figure_never_exceeds_four_glyphs(tokens: u128) {
            prop_assert!(Figure::of(tokens).as_str().len() <= 4);
        }

        #[test]
        fn no_figure_exceeds_four_glyphs(amount in 0.0..1e9_f64, share in 0.0..1e6_f64, seconds in -9_999_i64..9_999_999) {
            let left = TimeDelta::seconds(seconds);
            for figure in [Figure::of_dollars(amount), Figure::of_percent(share), Figure::of_duration(left)] {
                prop_assert!(figure.as_str().len() <= 4, "{figure} for {amount}, {share}, {seconds}");
            }
        }

        #[test]
        fn a_figure_near_a_unit_never_exceeds_four_glyphs(power in 0_u32..16, below in 0_u128..2_000) {
            let tokens = 10_u128.pow(power).saturating_sub(below);
            prop_assert!(Figure::of(tokens).as_str().len() <= 4, "{} for {tokens}", Figure::of(tokens));
        }
    }
}
