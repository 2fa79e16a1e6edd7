//! The last days' buckets, kept in memory for what is shown all the time.
//!
//! Bounded by time, never by the size of the logs. It reaches back over eight days, and further to a pause that
//! no block can span, so that the blocks of these days come out the same as if all history had been looked at.

use std::collections::BTreeMap;

use crate::ledger::bucket::{Bucket, BucketKey};
use crate::time::timestamp::{Slot, Timestamp};

/// The last days' buckets.
#[derive(Clone, Debug)]
pub struct Recent {
    start: Slot,
    buckets: BTreeMap<BucketKey, Bucket>,
    /// A bucket turned up so shortly before the start that the start is no longer a pause.
    torn: bool,
}

impl Default for Recent {
    /// Reaches back for ever.
    fn default() -> Self {
        Self { start: Slot(i32::MIN), buckets: BTreeMap::new(), torn: false }
    }
}

impl Recent {
    /// A week to compare with and a day to spare for time zones.
    const DAYS: i32 = 8;
    /// Five hours of block, and up to one by which its start is rounded down.
    const PAUSE_HOURS: i32 = 6;

    /// Collects what is recent from buckets walked backwards in time.
    pub fn gather<E>(
        now: Timestamp,
        backwards: impl IntoIterator<Item = Result<(BucketKey, Bucket), E>>,
    ) -> Result<Self, E> {
        let enough = now.slot().hours_before(24 * Self::DAYS);
        let mut recent = Self { start: enough, buckets: BTreeMap::new(), torn: false };
        for row in backwards {
            let (key, bucket) = row?;
            if key.slot < recent.start.hours_before(Self::PAUSE_HOURS) {
                break;
            }
            recent.start = recent.start.min(key.slot);
            recent.buckets.insert(key, bucket);
        }
        Ok(recent)
    }

    /// Takes in a bucket that changed.
    pub fn put(&mut self, key: BucketKey, bucket: &Bucket) {
        if key.slot < self.start {
            self.torn |= key.slot >= self.start.hours_before(Self::PAUSE_HOURS);
        } else if bucket.marks.is_empty() {
            self.buckets.remove(&key);
        } else {
            self.buckets.insert(key, bucket.clone());
        }
    }

    /// From where on it holds all buckets: after a pause that no block spans.
    pub fn start(&self) -> Slot {
        self.start
    }

    /// Whether it has to be gathered again.
    pub fn is_torn(&self) -> bool {
        self.torn
    }

    /// Whether it reaches back further than it needs to by now.
    pub fn is_overgrown(&self, now: Timestamp) -> bool {
        self.start < now.slot().hours_before(2 * 24 * Self::DAYS)
    }

    /// The buckets, in order of time.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&BucketKey, &Bucket)> {
        self.buckets.iter()
    }

    /// The buckets from a slot on, in order of time.
    pub fn since(&self, slot: Slot) -> impl Iterator<Item = (&BucketKey, &Bucket)> {
        self.buckets.range(BucketKey::first_of(slot)..)
    }
}
