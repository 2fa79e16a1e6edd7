//! The calendar's weeks and months, where the viewer is.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use chrono_tz::Tz;

use crate::alerts::time_window::Span;
use crate::report::model::WeekStart;
use crate::time::calendar;

/// The first day of a date's week. Nobody here knows the viewer's language, so `auto` is Monday, as ISO 8601 has it.
pub fn week_start(date: NaiveDate, start: WeekStart) -> NaiveDate {
    let first = match start {
        WeekStart::Auto | WeekStart::Monday => Weekday::Mon,
        WeekStart::Saturday => Weekday::Sat,
        WeekStart::Sunday => Weekday::Sun,
    };
    date.checked_sub_days(Days::new(u64::from(date.weekday().days_since(first)))).unwrap_or(date)
}

/// The first day of a date's month.
pub fn month_start(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// The day of a date.
pub(crate) fn day_of(date: NaiveDate, zone: Tz) -> Span {
    span(date, date.checked_add_days(Days::new(1)), zone)
}

/// The week of a date.
pub(crate) fn week_of(date: NaiveDate, start: WeekStart, zone: Tz) -> Span {
    let first = week_start(date, start);
    span(first, first.checked_add_days(Days::new(7)), zone)
}

/// The month of a date.
pub(crate) fn month_of(date: NaiveDate, zone: Tz) -> Span {
    let first = month_start(date);
    span(first, first.checked_add_months(chrono::Months::new(1)), zone)
}

fn span(first: NaiveDate, next: Option<NaiveDate>, zone: Tz) -> Span {
    let begins = |date| calendar::first_slot(date, zone).start().utc();
    Span::new(begins(first), begins(next.unwrap_or(first)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[rstest]
    #[case(WeekStart::Auto, "2026-03-02")]
    #[case(WeekStart::Monday, "2026-03-02")]
    #[case(WeekStart::Saturday, "2026-02-28")]
    #[case(WeekStart::Sunday, "2026-03-01")]
    fn a_week_begins_as_the_settings_have_it(#[case] start: WeekStart, #[case] first: &str) {
        assert_eq!(week_start(date("2026-03-04"), start), date(first));
        assert_eq!(week_start(date(first), start), date(first), "with its first day");
    }

    #[test]
    fn a_month_is_as_long_as_it_is() {
        let days = |text| {
            let month = month_of(date(text), Tz::UTC);
            (month.end - month.start).num_days()
        };
        assert_eq!([days("2026-02-28"), days("2028-02-29"), days("2026-12-31")], [28, 29, 31]);
        let october = month_of(date("2026-11-15"), chrono_tz::America::New_York);
        assert_eq!((october.end - october.start).num_hours(), 30 * 24 + 1, "the clocks go back in it");
    }
}
