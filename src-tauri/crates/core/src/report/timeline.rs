//! What one session used when.
//!
//! In points of five minutes; where there would be too many of them to draw, in longer spans that are all equally
//! long. They begin on whole multiples of their length, in UTC.

use std::collections::BTreeMap;

use crate::ledger::bucket::BucketKey;
use crate::report::model::TimelinePoint;
use crate::time::timestamp::Slot;
use crate::tokens::Sum;
use crate::tokens_and_cost::Spent;

/// A surface has no room for more.
const MOST_POINTS: usize = 200;

/// Lengths people read at a glance, in slots: from five minutes to a day.
const LENGTHS: [i32; 10] = [1, 2, 3, 6, 12, 24, 36, 72, 144, 288];

/// What one session used, by five minutes.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    slots: BTreeMap<Slot, Spent>,
}

impl Timeline {
    /// Adds one bucket's sum.
    pub fn add(&mut self, key: &BucketKey, sum: &Sum) {
        self.slots.entry(key.slot).or_default().join(&Spent::from(sum));
    }

    /// The points, in order of time.
    pub fn finish(self) -> Vec<TimelinePoint> {
        let several_days = std::iter::successors(Some(576), |slots: &i32| slots.checked_mul(2));
        let spans = LENGTHS.into_iter().chain(several_days).map(|slots| merged(&self.slots, slots));
        let spans = spans.into_iter().find(|spans| spans.len() <= MOST_POINTS).unwrap_or_default();
        let point =
            |(slot, spent): (Slot, Spent)| TimelinePoint { start_time: slot.start().utc(), amount: spent.amount() };
        spans.into_iter().map(point).collect()
    }
}

/// The same in spans of so many slots.
fn merged(spans: &BTreeMap<Slot, Spent>, slots: i32) -> BTreeMap<Slot, Spent> {
    let mut longer: BTreeMap<Slot, Spent> = BTreeMap::new();
    for (slot, spent) in spans {
        longer.entry(Slot(slot.0.div_euclid(slots) * slots)).or_default().join(spent);
    }
    longer
}
