//! Sums of buckets by calendar day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::ledger::contribution::BucketKey;
use crate::time::calendar::SlotDates;
use crate::tokens::UsageSum;

/// The sums of buckets by day in the viewer's time zone.
#[derive(Debug)]
pub struct DailySums {
    dates: SlotDates,
    days: BTreeMap<NaiveDate, UsageSum>,
}

impl DailySums {
    /// Creates sums without any day.
    pub fn new(zone: Tz) -> Self {
        Self { dates: SlotDates::new(zone), days: BTreeMap::new() }
    }

    /// Adds the sum of one bucket. Buckets must be added in order of time.
    pub fn add(&mut self, key: &BucketKey, sum: &UsageSum) {
        self.days.entry(self.dates.date_of(key.slot)).or_default().merge(sum);
    }

    /// Returns the sums of the days that have messages.
    pub fn into_sums(self) -> BTreeMap<NaiveDate, UsageSum> {
        self.days
    }
}
