//! Calendar days, weeks and months in the viewer's time zone.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use chrono_tz::Tz;

use crate::alerts::time_window::TimeWindow;
use crate::report::model::WeekStart;
use crate::time::calendar;

/// Returns the first day of a date's week. The viewer's locale is unknown here, so `Auto` is Monday, as in ISO 8601.
pub fn first_day_of_week(date: NaiveDate, start: WeekStart) -> NaiveDate {
    let first = match start {
        WeekStart::Auto | WeekStart::Monday => Weekday::Mon,
        WeekStart::Saturday => Weekday::Sat,
        WeekStart::Sunday => Weekday::Sun,
    };
    date.checked_sub_days(Days::new(u64::from(date.weekday().days_since(first)))).unwrap_or(date)
}

/// Returns the first day of a date's month.
pub fn first_day_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// Returns the window of a calendar day.
pub(crate) fn day_window(date: NaiveDate, zone: Tz) -> TimeWindow {
    window_between(date, date.checked_add_days(Days::new(1)), zone)
}

/// Returns the window of the week that contains a date.
pub(crate) fn week_window(date: NaiveDate, start: WeekStart, zone: Tz) -> TimeWindow {
    let first = first_day_of_week(date, start);
    window_between(first, first.checked_add_days(Days::new(7)), zone)
}

/// Returns the window of the month that contains a date.
pub(crate) fn month_window(date: NaiveDate, zone: Tz) -> TimeWindow {
    let first = first_day_of_month(date);
    window_between(first, first.checked_add_months(chrono::Months::new(1)), zone)
}

fn window_between(first: NaiveDate, next: Option<NaiveDate>, zone: Tz) -> TimeWindow {
    let start_of = |date| calendar::first_slot(date, zone).start().to_utc();
    TimeWindow::new(start_of(first), start_of(next.unwrap_or(first)))
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
    fn a_week_starts_on_the_configured_day(#[case] start: WeekStart, #[case] first: &str) {
        assert_eq!(first_day_of_week(date("2026-03-04"), start), date(first));
        assert_eq!(first_day_of_week(date(first), start), date(first), "the first day belongs to its week");
    }

    #[test]
    fn a_month_window_has_the_length_of_its_month() {
        let days = |text| {
            let month = month_window(date(text), Tz::UTC);
            (month.end - month.start).num_days()
        };
        assert_eq!([days("2026-02-28"), days("2028-02-29"), days("2026-12-31")], [28, 29, 31]);
        let november = month_window(date("2026-11-15"), chrono_tz::America::New_York);
        assert_eq!((november.end - november.start).num_hours(), 30 * 24 + 1, "daylight saving time ends in it");
    }
}
