//! Formats numbers, money, shares, durations and times for every surface.
//!
//! The command, the tray, alerts, notifications and the status line call these functions; the page has the same rules in
//! TypeScript, and `tests/fixtures/text-cases.json` holds the cases both must pass. Digits are grouped by commas, the
//! clock has 24 hours, and nothing depends on the system's language.
//!
//! - Numbers round half up. An amount above zero is never shown as zero, and a share below 100% never as 100%.
//! - Durations are cut to whole minutes, so a limit is never shown as further away than it is.
//! - Negative amounts and durations are shown as zero.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::money::Usd;

/// Minutes of an hour.
const MINUTES_PER_HOUR: u64 = 60;

/// Minutes of a day.
const MINUTES_PER_DAY: u64 = 24 * MINUTES_PER_HOUR;

/// The suffixes of short numbers, smallest unit first.
const COMPACT_UNITS: [(u128, char); 4] =
    [(1_000, 'k'), (1_000_000, 'M'), (1_000_000_000, 'B'), (1_000_000_000_000, 'T')];

/// The time ahead up to which a time of day needs no date.
const MAX_CLOCK_ONLY: TimeDelta = TimeDelta::hours(20);

/// Formats all digits of a number, grouped by three: `4,213,902`.
pub fn format_number(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a number in three significant digits without trailing zeros: `999`, `1k`, `2.35M`.
pub fn format_compact(number: u128) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    let fitting = COMPACT_UNITS.into_iter().find_map(|unit| compact_in_unit(number, unit));
    fitting.unwrap_or_else(|| format!("{}T", format_number(divide_rounded(number, 1_000_000_000_000))))
}

/// Returns a number in one unit, or `None` if it rounds to 1,000 of it.
fn compact_in_unit(number: u128, (unit, suffix): (u128, char)) -> Option<String> {
    let [hundredths, tenths, whole] = [unit / 100, unit / 10, unit].map(|step| divide_rounded(number, step));
    let (value, decimals) = match (hundredths, tenths, whole) {
        (..1_000, ..) => (format!("{}.{:02}", hundredths / 100, hundredths % 100), true),
        (_, ..1_000, _) => (format!("{}.{}", tenths / 10, tenths % 10), true),
        (_, _, ..1_000) => (whole.to_string(), false),
        _ => return None,
    };
    let value = if decimals { value.trim_end_matches('0').trim_end_matches('.') } else { &value };
    Some(format!("{value}{suffix}"))
}

/// Divides and rounds half up.
fn divide_rounded(number: u128, step: u128) -> u128 {
    number / step + u128::from(number % step * 2 >= step)
}

/// Formats a range of numbers in short form: `2.1M–3M`. Ends that read the same give one number.
pub fn format_compact_range(low: u128, high: u128) -> String {
    join_range(&format_compact(low), &format_compact(high), "")
}

/// Formats a share given in percent, to whole numbers: `38%`, `<1%`, `>99%`, `1,204%`.
pub fn format_percent(percent: f64) -> String {
    match percent {
        percent if percent > 0.0 && percent < 0.5 => "<1%".to_owned(),
        percent if (99.5..100.0).contains(&percent) => ">99%".to_owned(),
        percent => format!("{}%", format_number(round_to_whole(percent))),
    }
}

/// Formats a range of shares given in percent: `71–84%`. Ends that read the same give one share.
pub fn format_percent_range(low: f64, high: f64) -> String {
    let [low, high] = [low, high].map(|end| format_number(round_to_whole(end)));
    join_range(&low, &high, "%")
}

fn join_range(low: &str, high: &str, suffix: &str) -> String {
    if low == high { format!("{high}{suffix}") } else { format!("{low}–{high}{suffix}") }
}

/// Rounds half up; zero for negative numbers and for values that are not a number.
fn round_to_whole(value: f64) -> u128 {
    value.round().max(0.0) as u128
}

/// Formats dollars with two decimals, below one cent with four: `$3.41`, `$1,234.50`, `$0.0042`, `<$0.0001`.
pub fn format_dollars(amount: f64) -> String {
    match round_to_whole(amount * 10_000.0) {
        0 if amount > 0.0 => "<$0.0001".to_owned(),
        small @ 1..100 => format!("$0.{small:04}"),
        _ => {
            let cents = round_to_whole(amount * 100.0);
            format!("${}.{:02}", format_number(cents / 100), cents % 100)
        }
    }
}

/// Formats an amount of money like [`format_dollars`].
pub fn format_usd(amount: Usd) -> String {
    format_dollars(amount.0 as f64 / Usd::ONE.0 as f64)
}

/// Formats a cost in US dollars, with a `+` if there are unpriced tokens besides.
pub fn format_cost(cost: Option<f64>, unpriced_tokens: u128) -> String {
    match (cost, unpriced_tokens) {
        (Some(cost), 0) => format_dollars(cost),
        (Some(cost), _) => format!("{}+", format_dollars(cost)),
        (None, _) => "unpriced".to_owned(),
    }
}

/// Formats a duration in its two largest units, cut to whole minutes: `3d 20h`, `2h 13m`, `9m`, `<1m`, `0m`.
pub fn format_duration(length: TimeDelta) -> String {
    let minutes = u64::try_from(length.num_minutes()).unwrap_or(0);
    let (days, hours) = (minutes / MINUTES_PER_DAY, minutes % MINUTES_PER_DAY / MINUTES_PER_HOUR);
    match (days, hours, minutes % MINUTES_PER_HOUR) {
        (0, 0, 0) if length > TimeDelta::zero() => "<1m".to_owned(),
        (0, 0, minutes) => format!("{minutes}m"),
        (0, hours, 0) => format!("{hours}h"),
        (0, hours, minutes) => format!("{hours}h {minutes}m"),
        (days, 0, _) => format!("{days}d"),
        (days, hours, _) => format!("{days}d {hours}h"),
    }
}

/// Formats an age in its largest unit, rounded down: `25m`, `3h`, `2d`.
pub fn format_age(minutes: u64) -> String {
    match minutes {
        0..MINUTES_PER_HOUR => format!("{minutes}m"),
        MINUTES_PER_HOUR..MINUTES_PER_DAY => format!("{}h", minutes / MINUTES_PER_HOUR),
        _ => format!("{}d", minutes / MINUTES_PER_DAY),
    }
}

/// The time zone in which a viewer reads times. An unknown zone is replaced by UTC, and times then end with `UTC`.
#[derive(Clone, Copy, Debug)]
pub struct ViewerZone(Option<Tz>);

impl From<Tz> for ViewerZone {
    fn from(zone: Tz) -> Self {
        Self(Some(zone))
    }
}

impl ViewerZone {
    /// Looks up a zone by its IANA name.
    pub fn from_name(name: &str) -> Self {
        Self(name.parse().ok())
    }

    fn local_time(self, when: DateTime<Utc>) -> NaiveDateTime {
        self.0.map_or(when.naive_utc(), |zone| when.with_timezone(&zone).naive_local())
    }

    fn format(self, when: DateTime<Utc>, pattern: &str) -> String {
        let suffix = if self.0.is_some() { "" } else { " UTC" };
        format!("{}{suffix}", self.local_time(when).format(pattern))
    }
}

/// Formats a time of day: `14:00`.
pub fn format_clock(when: DateTime<Utc>, zone: ViewerZone) -> String {
    zone.format(when, "%H:%M")
}

/// Formats a time near now: `14:00` within 20 hours, `Mon 14:00` within the next six days, otherwise `Mar 9, 14:00`.
pub fn format_upcoming(when: DateTime<Utc>, now: DateTime<Utc>, zone: ViewerZone) -> String {
    let days = (zone.local_time(when).date() - zone.local_time(now).date()).num_days();
    match days {
        _ if (when - now).abs() < MAX_CLOCK_ONLY => format_clock(when, zone),
        0..7 => zone.format(when, "%a %H:%M"),
        _ => zone.format(when, "%b %-d, %H:%M"),
    }
}

/// Formats a date: `Mar 9, 2026`.
pub fn format_date(when: DateTime<Utc>, zone: ViewerZone) -> String {
    zone.local_time(when).format("%b %-d, %Y").to_string()
}

/// Formats a date with its time of day: `Mar 9, 2026, 14:00`.
pub fn format_date_time(when: DateTime<Utc>, zone: ViewerZone) -> String {
    zone.format(when, "%b %-d, %Y, %H:%M")
}

/// Formats a date and time for the column of a table, where every row has the same width: `2026-03-09 14:00`.
pub fn format_table_time(when: DateTime<Utc>, zone: ViewerZone) -> String {
    zone.format(when, "%Y-%m-%d %H:%M")
}

/// Formats a number with its noun: `1 token`, `4,213,902 tokens`.
pub fn format_count(number: u128, singular: &str, plural: &str) -> String {
    format!("{} {}", format_number(number), if number == 1 { singular } else { plural })
}

/// Formats a number of tokens: `4,213,902 tokens`.
pub fn format_tokens(number: u128) -> String {
    format_count(number, "token", "tokens")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_largest_unit_keep_it() {
        assert_eq!(format_compact(999_499_999_999_999), "999T");
        assert_eq!(format_compact(1_234_500_000_000_000), "1,235T");
        assert!(format_compact(u128::MAX).ends_with('T'));
    }

    #[test]
    fn values_that_are_not_a_number_are_zero() {
        assert_eq!([format_percent(f64::NAN), format_dollars(f64::NAN)], ["0%", "$0.00"]);
        assert_eq!([format_percent(-3.0), format_dollars(-3.0)], ["0%", "$0.00"]);
    }

    #[test]
    fn money_is_formatted_like_dollars() {
        let amounts = [0, 4_200_000, 5_000_000, 3_414_000_000, 1_234_567_890_000].map(|nanos| format_usd(Usd(nanos)));
        assert_eq!(amounts, ["$0.00", "$0.0042", "$0.0050", "$3.41", "$1,234.57"]);
    }
}
