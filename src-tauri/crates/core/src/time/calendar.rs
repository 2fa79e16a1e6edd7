//! Calendar days in the viewer's time zone, derived from UTC slots.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;

/// The hours that a clock shows in a day, however long the day is.
pub(crate) const HOURS_PER_DAY: usize = 24;

/// Returns the date of a timestamp in a time zone.
pub fn local_date(when: Timestamp, zone: Tz) -> NaiveDate {
    when.to_utc().with_timezone(&zone).date_naive()
}

/// Returns the slot in which a date begins. If the clocks skip midnight, the date begins at its first existing instant.
pub fn first_slot(date: NaiveDate, zone: Tz) -> Slot {
    let midnight = date.and_hms_opt(0, 0, 0).unwrap_or_default();
    let start = zone.from_local_datetime(&midnight).earliest().map(|when| when.to_utc());
    let start: DateTime<Utc> = start.unwrap_or_else(|| {
        let offset_before = zone.offset_from_utc_datetime(&(midnight - chrono::Duration::hours(12))).fix();
        (midnight - offset_before).and_utc()
    });
    Timestamp::from(start).slot()
}

/// Returns the slots of a date.
pub fn slots_of_date(date: NaiveDate, zone: Tz) -> Range<Slot> {
    let end = date.succ_opt().map_or(Slot(i32::MAX), |next| first_slot(next, zone));
    first_slot(date, zone)..end
}

/// Finds the dates of slots given in order of time, with one time zone conversion per day.
#[derive(Debug)]
pub(crate) struct SlotDates {
    zone: Tz,
    /// The slots of the last date returned, with the date.
    last: Option<(Range<Slot>, NaiveDate)>,
}

impl SlotDates {
    /// Creates a finder for a time zone.
    pub(crate) fn new(zone: Tz) -> Self {
        Self { zone, last: None }
    }

    /// Returns the date of a slot.
    pub(crate) fn date_of(&mut self, slot: Slot) -> NaiveDate {
        if let Some((slots, date)) = &self.last
            && slots.contains(&slot)
        {
            return *date;
        }
        let date = local_date(slot.start(), self.zone);
        self.last = Some((slots_of_date(date, self.zone), date));
        date
    }

    /// Returns the hour that the clock shows when a slot begins, from 0 to 23.
    pub(crate) fn hour_of(&self, slot: Slot) -> usize {
        slot.start().to_utc().with_timezone(&self.zone).hour() as usize % HOURS_PER_DAY
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Australia, Tz};
    use rstest::rstest;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a date")
    }

    #[rstest]
    #[case(Asia::Kathmandu, day(2026, 3, 1), 288)]
    #[case(America::New_York, day(2026, 3, 8), 276)]
    #[case(America::New_York, day(2026, 11, 1), 300)]
    #[case(Australia::Lord_Howe, day(2026, 4, 5), 294)]
    #[case(America::Santiago, day(2026, 9, 6), 276)]
    fn a_day_has_23_to_25_hours_depending_on_clock_changes(
        #[case] zone: Tz,
        #[case] date: NaiveDate,
        #[case] slots: i32,
    ) {
        let next = date.succ_opt().expect("a next day");
        assert_eq!(first_slot(next, zone).0 - first_slot(date, zone).0, slots);
    }

    #[rstest]
    #[case(Asia::Kathmandu, "2026-03-01T18:10:00Z", 23)]
    #[case(Asia::Kathmandu, "2026-03-01T18:15:00Z", 0)]
    #[case(America::New_York, "2026-11-01T05:30:00Z", 1)]
    #[case(America::New_York, "2026-11-01T06:30:00Z", 1)]
    fn the_hour_of_a_slot_is_that_of_the_clock(#[case] zone: Tz, #[case] when: &str, #[case] hour: usize) {
        let slot = Timestamp::parse(when).expect("a time").slot();
        assert_eq!(SlotDates::new(zone).hour_of(slot), hour);
    }

    #[test]
    fn each_slot_of_a_day_has_its_date() {
        let (zone, expected) = (America::Santiago, day(2026, 9, 6));
        let first = first_slot(expected, zone);
        assert_eq!(local_date(first.start(), zone), expected, "midnight does not exist on that day");
        assert_eq!(local_date(Slot(first.0 - 1).start(), zone), day(2026, 9, 5));
    }
}
