//! The reset time named in a limit message.

use chrono::{Datelike, Days, Month, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Weekday};
use chrono_tz::Tz;

use crate::time::calendar;
use crate::time::timestamp::Timestamp;
use crate::time::units::{MICROS_PER_MINUTE, MICROS_PER_SECOND};
use crate::transcript::limit_message::wordings::strip_end;

/// The maximum distance of a reset time without a date, in microseconds. A time further ahead has just passed: the
/// message was written a little late.
const MAX_UNDATED_AHEAD: i64 = (24 * 60 - 10) * MICROS_PER_MINUTE;

/// The reset time named in a message.
#[derive(Default)]
pub(super) struct ResetTime {
    /// The time; `None` if it is missing or not understood.
    pub(super) when: Option<Timestamp>,
    /// True if the text includes a day.
    pub(super) dated: bool,
}

impl ResetTime {
    pub(super) fn from_epoch(seconds: &str) -> Self {
        let seconds = seconds.trim().parse::<i64>().ok();
        Self { when: seconds.and_then(|s| s.checked_mul(MICROS_PER_SECOND)).map(Timestamp), dated: false }
    }

    pub(super) fn from_text(text: &str, when: Timestamp, zone: Tz) -> Self {
        let Some((day, time, zone)) = parse_reset_time(text, zone) else { return Self::default() };
        let next = next_occurrence(day, time, zone, when);
        let has_passed = |next: &Timestamp| day == ResetDay::Undated && next.0 - when.0 > MAX_UNDATED_AHEAD;
        Self { when: next.filter(|next| !has_passed(next)), dated: day != ResetDay::Undated }
    }
}

/// The day of a reset time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ResetDay {
    /// The next occurrence of the time, because no day is named.
    Undated,
    Weekday(Weekday),
    Date(Month, u32),
}

/// Parses a reset time such as `7pm`, `Mon 12:00am`, `Jul 23 at 6pm` or `Jul 23, 6 PM (America/Denver)`. An unknown
/// zone is an error, because the viewer's zone could be hours off.
fn parse_reset_time(text: &str, zone: Tz) -> Option<(ResetDay, NaiveTime, Tz)> {
    let (clock, named) = text.split_once('(').map_or((text, None), |(clock, zone)| (clock, Some(zone)));
    let zone = match named {
        Some(named) => named.split(')').next()?.trim().parse().ok()?,
        None => zone,
    };
    let words = clock.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.filter(|word| !["at", "on"].contains(word)).collect();
    let has_separate_half =
        words.last().is_some_and(|last| ["am", "pm"].iter().any(|half| last.eq_ignore_ascii_case(half)));
    let (day, time) = words.split_at_checked(words.len().checked_sub(1 + usize::from(has_separate_half))?)?;
    Some((parse_day(day)?, parse_time_of_day(&time.concat())?, zone))
}

fn parse_day(words: &[&str]) -> Option<ResetDay> {
    match words {
        [] => Some(ResetDay::Undated),
        [weekday] => weekday.parse().ok().map(ResetDay::Weekday),
        [month, day] => {
            Some(ResetDay::Date(month.parse().ok()?, day.parse().ok().filter(|day| (1..=31).contains(day))?))
        }
        _ => None,
    }
}

/// Parses a time of day such as `7pm`, `3:45PM` or `15:45`. A bare number does not match.
fn parse_time_of_day(text: &str) -> Option<NaiveTime> {
    let half = strip_end(text, "am").map(|clock| (clock, 0)).or_else(|| strip_end(text, "pm").map(|clock| (clock, 12)));
    let clock = half.map_or(text, |(clock, _)| clock);
    let (hour, minute) = clock.split_once(':').or(half.map(|_| (clock, "0")))?;
    let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse().ok()?);
    match half {
        Some((_, noon)) => (1..=12).contains(&hour).then(|| NaiveTime::from_hms_opt(hour % 12 + noon, minute, 0))?,
        None => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

/// Returns the first such time after `when`.
fn next_occurrence(day: ResetDay, time: NaiveTime, zone: Tz, when: Timestamp) -> Option<Timestamp> {
    let today = calendar::local_date(when, zone);
    candidate_dates(day, today)
        .into_iter()
        .flat_map(|date| local_instants(date.and_time(time), zone))
        .find(|next| *next > when)
}

/// Returns the matching dates from today on. There is one more than needed, because today's time may have passed and
/// clocks may change.
fn candidate_dates(day: ResetDay, today: NaiveDate) -> Vec<NaiveDate> {
    let ahead = |days| today.checked_add_days(Days::new(days));
    match day {
        ResetDay::Undated => (0..=2).filter_map(ahead).collect(),
        ResetDay::Weekday(weekday) => (0..=8).filter_map(ahead).filter(|date| date.weekday() == weekday).collect(),
        ResetDay::Date(month, day) => {
            let in_year = |year| NaiveDate::from_ymd_opt(year, month.number_from_month(), day);
            [today.year(), today.year() + 1].into_iter().filter_map(in_year).collect()
        }
    }
}

/// Returns the instants at which clocks show a local time: two if the clock is set back over it, and the instant with
/// the offset before the change if the clock is set forward over it.
fn local_instants(local: NaiveDateTime, zone: Tz) -> Vec<Timestamp> {
    let shown = zone.from_local_datetime(&local);
    let mut instants: Vec<Timestamp> =
        [shown.earliest(), shown.latest()].into_iter().flatten().map(|when| when.to_utc().into()).collect();
    if instants.is_empty() {
        let offset_before = zone.offset_from_utc_datetime(&(local - chrono::Duration::hours(12))).fix();
        instants.push((local - offset_before).and_utc().into());
    }
    instants
}
