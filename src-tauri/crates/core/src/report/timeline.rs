//! Builds the timeline of a session.
//!
//! The intervals have five minutes, or are longer if there would be too many of them to draw. All have the same length and
//! start at whole multiples of it in UTC.

use std::collections::BTreeMap;

use crate::ledger::BucketKey;
use crate::report::model::{Amount, TimelinePoint};
use crate::time::Slot;
use crate::tokens::UsageSum;
use crate::tokens_and_cost::TokensAndCost;

/// The maximum number of intervals.
const MAX_POINTS: usize = 200;

/// The lengths of intervals, in slots of five minutes: from five minutes to a day.
const INTERVAL_LENGTHS: [i32; 10] = [1, 2, 3, 6, 12, 24, 36, 72, 144, 288];

/// Usage of a session by slot.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    slots: BTreeMap<Slot, TokensAndCost>,
}

impl Timeline {
    /// Adds the usage of a bucket.
    pub fn add_bucket(&mut self, key: &BucketKey, sum: &UsageSum) {
        self.slots.entry(key.slot).or_default().merge(&TokensAndCost::from(sum));
    }

    /// Returns the intervals with usage, in order of time.
    pub fn finish(self) -> Vec<TimelinePoint> {
        let several_days = std::iter::successors(Some(576), |slots: &i32| slots.checked_mul(2));
        let spans = INTERVAL_LENGTHS.into_iter().chain(several_days).map(|slots| merge_slots(&self.slots, slots));
        let spans = spans.into_iter().find(|spans| spans.len() <= MAX_POINTS).unwrap_or_default();
        let point = |(slot, spent): (Slot, TokensAndCost)| TimelinePoint {
            start_time: slot.start().to_utc(),
            amount: Amount::from(&spent),
        };
        spans.into_iter().map(point).collect()
    }
}

/// Merges slots into intervals of a number of slots.
fn merge_slots(spans: &BTreeMap<Slot, TokensAndCost>, slots: i32) -> BTreeMap<Slot, TokensAndCost> {
    let mut longer: BTreeMap<Slot, TokensAndCost> = BTreeMap::new();
    for (slot, spent) in spans {
        longer.entry(Slot(slot.0.div_euclid(slots) * slots)).or_default().merge(spent);
    }
    longer
}
