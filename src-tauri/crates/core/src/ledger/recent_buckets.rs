//! The buckets of the last days, kept in memory for the figures that are always shown.
//!
//! The memory is bounded by time, not by the size of the logs: buckets are kept for eight days. Of older buckets only the
//! times are kept, back to the last gap that no block can span. They decide where the blocks begin, which are therefore the
//! same as those computed from the full history.

use std::collections::BTreeMap;

use crate::interner::SessionId;
use crate::ledger::bucket::Bucket;
use crate::ledger::contribution::{BucketKey, SlotOffset};
use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;

/// The buckets of the last days.
#[derive(Clone, Debug)]
pub struct RecentBuckets {
    start: Slot,
    buckets: BTreeMap<BucketKey, Bucket>,
    /// The first and last message of each bucket between the last gap and the start.
    older: BTreeMap<BucketKey, (SlotOffset, SlotOffset)>,
    /// True if a bucket was added shortly before the oldest known one: there is no longer a gap before that, and the times of
    /// further buckets are needed.
    misses_older_times: bool,
}

impl Default for RecentBuckets {
    /// Creates buckets without a lower bound in time.
    fn default() -> Self {
        Self { start: Slot(i32::MIN), buckets: BTreeMap::new(), older: BTreeMap::new(), misses_older_times: false }
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
        let start = now.slot().hours_before(24 * Self::RETAINED_DAYS);
        let mut recent = Self { start, ..Self::default() };
        for row in newest_first {
            let (key, bucket) = row?;
            if key.slot >= start {
                recent.buckets.insert(key, bucket);
            } else if key.slot < recent.oldest_slot().hours_before(Self::MIN_GAP_HOURS) {
                break;
            } else {
                recent.older.extend(first_and_last(&bucket).map(|offsets| (key, offsets)));
            }
        }
        Ok(recent)
    }

    /// Stores a changed bucket. Only the times of buckets before the start are kept.
    pub fn update(&mut self, key: BucketKey, bucket: &Bucket) {
        let Some(offsets) = first_and_last(bucket) else {
            self.buckets.remove(&key);
            self.older.remove(&key);
            return;
        };
        let oldest = self.oldest_slot();
        if key.slot >= self.start {
            self.buckets.insert(key, bucket.clone());
        } else if key.slot >= oldest {
            self.older.insert(key, offsets);
        } else {
            self.misses_older_times |= key.slot >= oldest.hours_before(Self::MIN_GAP_HOURS);
        }
    }

    /// Returns the buckets of some sessions.
    pub fn of_sessions(&self, is_included: impl Fn(SessionId) -> bool) -> Self {
        let rows = self.buckets.iter().filter(|(key, _)| is_included(key.session));
        let buckets = rows.map(|(key, bucket)| (*key, bucket.clone())).collect();
        let older = self.older.iter().filter(|(key, _)| is_included(key.session));
        let older = older.map(|(key, offsets)| (*key, *offsets)).collect();
        Self { start: self.start, buckets, older, misses_older_times: self.misses_older_times }
    }

    /// Returns the slot from which on all buckets are kept.
    pub fn start(&self) -> Slot {
        self.start
    }

    /// Returns true if the buckets must be loaded again because there is no longer a gap before the oldest known one.
    pub fn misses_older_times(&self) -> bool {
        self.misses_older_times
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

    /// Returns the slot and the times of the first and last message of each bucket in order of time, including the older ones
    /// back to the last gap that no block can span.
    pub fn all_times(&self) -> impl Iterator<Item = (Slot, Timestamp, Timestamp)> {
        let kept = self.buckets.iter().filter_map(|(key, bucket)| Some((key, first_and_last(bucket)?)));
        let older = self.older.iter().map(|(key, offsets)| (key, *offsets));
        older
            .chain(kept)
            .map(|(key, (first, last))| (key.slot, first.to_timestamp(key.slot), last.to_timestamp(key.slot)))
    }

    /// Returns the slot of the oldest known bucket, or the start if there is none before it.
    fn oldest_slot(&self) -> Slot {
        self.older.first_key_value().map_or(self.start, |(key, _)| key.slot)
    }
}

fn first_and_last(bucket: &Bucket) -> Option<(SlotOffset, SlotOffset)> {
    Some((*bucket.offsets.first()?, *bucket.offsets.last()?))
}
