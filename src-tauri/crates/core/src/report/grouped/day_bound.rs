//! The first or last day of a range as a user writes it: a date, a month, a number of days, or a weekday.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// The largest number of days or weeks of a range.
const MAX_SPAN: u32 = 36_600;

/// A day relative to today, or a fixed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DayBound {
    /// A date.
    Date(NaiveDate),
    /// A month, by its first day. Its first day begins a range and its last day ends one.
    Month(NaiveDate),
    /// The day with which a number of days begins that ends today: 1 is today.
    LastDays(u32),
    /// The latest such weekday up to today.
    Weekday(Weekday),
}

/// An error for text that is not a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "use a date such as 2026-11-30, a month such as 2026-11, today, yesterday, a weekday, or a span such as 7d or 2w"
)]
pub struct ParseDayBoundError;

impl DayBound {
    /// Returns the day as the first one of a range.
    pub fn as_first(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Date(date) | Self::Month(date) => date,
            Self::LastDays(days) => {
                today.checked_sub_days(Days::new(u64::from(days.saturating_sub(1)))).unwrap_or(NaiveDate::MIN)
            }
            Self::Weekday(day) => {
                let passed = today.weekday().days_since(day);
                today.checked_sub_days(Days::new(u64::from(passed))).unwrap_or(today)
            }
        }
    }

    /// Returns the day as the last one of a range.
    pub fn as_last(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Month(first) => {
                first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first)
            }
            Self::Date(_) | Self::LastDays(_) | Self::Weekday(_) => self.as_first(today),
        }
    }
}

impl FromStr for DayBound {
    type Err = ParseDayBoundError;

    fn from_str(text: &str) -> Result<Self, ParseDayBoundError> {
        let word = text.trim().to_lowercase();
        let found = match word.as_str() {
            "today" => Some(Self::LastDays(1)),
            "yesterday" => Some(Self::LastDays(2)),
            _ => parse_date(&word).or_else(|| parse_span(&word)).or_else(|| parse_weekday(&word)),
        };
        found.ok_or(ParseDayBoundError)
    }
}

/// Writes the form that is parsed again.
impl fmt::Display for DayBound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => write!(out, "{}", date.format("%Y-%m-%d")),
            Self::Month(first) => write!(out, "{}", first.format("%Y-%m")),
            Self::LastDays(days) => write!(out, "{days}d"),
            Self::Weekday(day) => write!(out, "{}", day.to_string().to_lowercase()),
        }
    }
}

impl TryFrom<String> for DayBound {
    type Error = ParseDayBoundError;

    fn try_from(text: String) -> Result<Self, ParseDayBoundError> {
        text.parse()
    }
}

impl From<DayBound> for String {
    fn from(bound: DayBound) -> Self {
        bound.to_string()
    }
}

/// Parses `2026-11-30`, `20261130` and `2026-11`, in the years 1 to 9999.
fn parse_date(text: &str) -> Option<DayBound> {
    let is_digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| part.parse::<u32>().ok();
    let date = |year: &str, month: &str, day: &str| {
        if !(is_digits(year, 4) && is_digits(month, 2) && is_digits(day, 2)) {
            return None;
        }
        let year = i32::try_from(number(year)?).ok().filter(|year| *year > 0)?;
        NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [year, month, day] => date(year, month, day).map(DayBound::Date),
        [year, month] => date(year, month, "01").map(DayBound::Month),
        [digits] if is_digits(digits, 8) => date(&digits[..4], &digits[4..6], &digits[6..]).map(DayBound::Date),
        _ => None,
    }
}

/// Parses a number of days or weeks: `7d`, `2w`.
fn parse_span(text: &str) -> Option<DayBound> {
    let (number, days_per_unit) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 7),
        (None, None) => return None,
    };
    let is_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse::<u32>().ok().filter(|number| is_digits && (1..=MAX_SPAN).contains(number))?;
    Some(DayBound::LastDays(number * days_per_unit))
}

fn parse_weekday(text: &str) -> Option<DayBound> {
    let days = [
        ("monday", Weekday::Mon),
        ("tuesday", Weekday::Tue),
        ("wednesday", Weekday::Wed),
        ("thursday", Weekday::Thu),
        ("friday", Weekday::Fri),
        ("saturday", Weekday::Sat),
        ("sunday", Weekday::Sun),
    ];
    let found = days.into_iter().find(|(name, _)| text == *name || text == &name[..3]);
    found.map(|(_, day)| DayBound::Weekday(day))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// 2026-11-30 is a Monday.
    #[rstest]
    #[case("2026-11-03", "2026-11-03", "2026-11-03")]
    #[case("20261103", "2026-11-03", "2026-11-03")]
    #[case("2024-02", "2024-02-01", "2024-02-29")]
    #[case("today", "2026-11-30", "2026-11-30")]
    #[case("Yesterday", "2026-11-29", "2026-11-29")]
    #[case("7d", "2026-11-24", "2026-11-24")]
    #[case("1d", "2026-11-30", "2026-11-30")]
    #[case("2w", "2026-11-17", "2026-11-17")]
    #[case("monday", "2026-11-30", "2026-11-30")]
    #[case("tue", "2026-11-24", "2026-11-24")]
    #[case("SUNDAY", "2026-11-29", "2026-11-29")]
    fn a_day_is_understood(#[case] text: &str, #[case] first: &str, #[case] last: &str) {
        let (bound, today) = (text.parse::<DayBound>().expect("it is a day"), date("2026-11-30"));
        assert_eq!((bound.as_first(today), bound.as_last(today)), (date(first), date(last)));
        assert_eq!(bound.to_string().parse(), Ok(bound), "the written form is the same day");
    }

    #[rstest]
    #[case("")]
    #[case("0d")]
    #[case("-3d")]
    #[case("+3d")]
    #[case("d")]
    #[case("99999999999d")]
    #[case("2026-13-01")]
    #[case("2026-2-1")]
    #[case("2026-02-30")]
    #[case("0000-01-01")]
    #[case("2026")]
    #[case("mondays")]
    #[case("７d")]
    fn other_text_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<DayBound>(), Err(ParseDayBoundError));
    }
}
