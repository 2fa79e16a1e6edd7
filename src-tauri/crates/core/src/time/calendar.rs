//! Civil days in the viewer's zone, derived from UTC buckets when they are read.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use crate::ledger::bucket::BucketKey;
use crate::report::model::DayStats;
use crate::time::timestamp::{Slot, Timestamp};
use crate::tokens::Sum;

/// The date of an instant.
pub fn date(when: Timestamp, zone: Tz) -> NaiveDate {
    when.utc().with_timezone(&zone).date_naive()
}

/// The slot a date begins in. Where the clocks skip midnight it is the first instant that exists.
pub fn first_slot(date: NaiveDate, zone: Tz) -> Slot {
    let midnight = date.and_hms_opt(0, 0, 0).unwrap_or_default();
    let start = zone.from_local_datetime(&midnight).earliest().map(|when| when.to_utc());
    let start: DateTime<Utc> = start.unwrap_or_else(|| {
        let day_before = zone.offset_from_utc_datetime(&(midnight - chrono::Duration::hours(12))).fix();
        (midnight - day_before).and_utc()
    });
    Timestamp::from(start).slot()
}

/// The slots of a date.
pub fn slots(date: NaiveDate, zone: Tz) -> Range<Slot> {
    let end = date.succ_opt().map_or(Slot(i32::MAX), |next| first_slot(next, zone));
    first_slot(date, zone)..end
}

/// The dates of slots that come in order of time. The zone is asked once a day, not once a slot.
#[derive(Debug)]
pub(crate) struct Dates {
    zone: Tz,
    last: Option<(Range<Slot>, NaiveDate)>,
}

impl Dates {
    pub(crate) fn new(zone: Tz) -> Self {
        Self { zone, last: None }
    }

    pub(crate) fn of(&mut self, slot: Slot) -> NaiveDate {
        if let Some((slots, date)) = &self.last
            && slots.contains(&slot)
        {
            return *date;
        }
        let date = date(slot.start(), self.zone);
        self.last = Some((slots(date, self.zone), date));
        date
    }
}

/// Sums buckets by day.
#[derive(Debug)]
pub struct ByDay {
    dates: Dates,
    days: BTreeMap<NaiveDate, Sum>,
}

impl ByDay {
    /// No days yet.
    pub fn new(zone: Tz) -> Self {
        Self { dates: Dates::new(zone), days: BTreeMap::new() }
    }

    /// Adds one bucket's sum; none may follow that lies in an earlier slot.
    pub fn add(&mut self, key: &BucketKey, sum: &Sum) {
        self.days.entry(self.dates.of(key.slot)).or_default().join(sum);
    }

    /// The sums of the days with messages.
    pub fn sums(self) -> BTreeMap<NaiveDate, Sum> {
        self.days
    }

    /// The days with messages, in order, and the sum over them.
    pub fn finish(self) -> (Vec<DayStats>, Sum) {
        let all = self.days.values().sum();
        (self.days.into_iter().map(|(date, sum)| DayStats { date, totals: sum.totals() }).collect(), all)
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
    fn a_day_is_as_long_as_its_clocks_say(#[case] zone: Tz, #[case] date: NaiveDate, #[case] slots: i32) {
        let next = date.succ_opt().expect("a next day");
        assert_eq!(first_slot(next, zone).0 - first_slot(date, zone).0, slots);
    }

    #[test]
    fn each_slot_of_a_day_has_its_date() {
        let (zone, date_) = (America::Santiago, day(2026, 9, 6));
        let first = first_slot(date_, zone);
        assert_eq!(date(first.start(), zone), date_, "midnight does not exist there that day");
        assert_eq!(date(Slot(first.0 - 1).start(), zone), day(2026, 9, 5));
    }
}
