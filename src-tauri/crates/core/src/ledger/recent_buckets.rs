//! The buckets of the last days, kept in memory for the figures that are always shown.
//!
//! The memory is bounded by time, not by the size of the logs. The buckets reach back at least eight days, and
//! further to the last gap that no block can span, so that their blocks are the same as those computed from the full
//! history.

use std::collections::BTreeMap;

use crate::interner::SessionId;
use crate::ledger::bucket::Bucket;
use crate::ledger::contribution::BucketKey;
use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;

/// The buckets of the last days.
#[derive(Clone, Debug)]
pub struct RecentBuckets {
    start: Slot,
    buckets: BTreeMap<BucketKey, Bucket>,
    /// True if a bucket was added shortly before the start, so that the start is no longer in a gap.
    starts_mid_block: bool,
}

impl Default for RecentBuckets {
    /// Creates buckets without a lower bound in time.
    fn default() -> Self {
        Self { start: Slot(i32::MIN), buckets: BTreeMap::new(), starts_mid_block: false }
    }
}

impl RecentBuckets {
    /// The week of the weekly comparison, and a day of margin for time zones.
    const RETAINED_DAYS: i32 = 8;
    /// The length of a block (5 hours) and the largest amount by which its start is rounded down (1 hour).
    const MIN_GAP_HOURS: i32 = 6;

    /// Loads the recent buckets from all buckets, given newest first.
    pub fn load<E>(
        now: Timestamp,
        newest_first: impl IntoIterator<Item = Result<(BucketKey, Bucket), E>>,
    ) -> Result<Self, E> {
        let oldest_needed = now.slot().hours_before(24 * Self::RETAINED_DAYS);
        let mut recent = Self { start: oldest_needed, buckets: BTreeMap::new(), starts_mid_block: false };
        for row in newest_first {
            let (key, bucket) = row?;
            if key.slot < recent.start.hours_before(Self::MIN_GAP_HOURS) {
                break;
            }
            recent.start = recent.start.min(key.slot);
            recent.buckets.insert(key, bucket);
        }
        Ok(recent)
    }

    /// Stores a changed bucket. Buckets before the start are not kept.
    pub fn update(&mut self, key: BucketKey, bucket: &Bucket) {
        if key.slot < self.start {
            self.starts_mid_block |= key.slot >= self.start.hours_before(Self::MIN_GAP_HOURS);
        } else if bucket.offsets.is_empty() {
            self.buckets.remove(&key);
        } else {
            self.buckets.insert(key, bucket.clone());
        }
    }

    /// Returns the buckets of some sessions.
    pub fn of_sessions(&self, is_included: impl Fn(SessionId) -> bool) -> Self {
        let rows = self.buckets.iter().filter(|(key, _)| is_included(key.session));
        let buckets = rows.map(|(key, bucket)| (*key, bucket.clone())).collect();
        Self { start: self.start, buckets, starts_mid_block: self.starts_mid_block }
    }

    /// Returns the slot from which on all buckets are kept. Before it is a gap that no block can span.
    pub fn start(&self) -> Slot {
        self.start
    }

    /// Returns true if the buckets must be loaded again because the start is no longer in a gap.
    pub fn starts_mid_block(&self) -> bool {
        self.starts_mid_block
    }

    /// Returns true if the buckets reach back twice as far as needed.
    pub fn needs_trim(&self, now: Timestamp) -> bool {
        self.start < now.slot().hours_before(2 * 24 * Self::RETAINED_DAYS)
    }

    /// Returns the buckets in order of time.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&BucketKey, &Bucket)> {
        self.buckets.iter()
    }

    /// Returns the buckets from a slot on, in order of time.
    pub fn from_slot(&self, slot: Slot) -> impl Iterator<Item = (&BucketKey, &Bucket)> {
        self.buckets.range(BucketKey::first_in_slot(slot)..)
    }
}
