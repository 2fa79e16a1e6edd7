//! Tokens per minute: the busiest minute of a block and the last 60 minutes.
//!
//! A bucket has the times of its messages but only one sum of tokens, so each message counts as the mean of its bucket. The
//! minutes of a bucket add up to its sum exactly.

use crate::ledger::{Bucket, BucketKey};
use crate::time::{MICROS_PER_MINUTE, Slot, Timestamp};

/// The minutes of a slot.
const MINUTES_PER_SLOT: usize = 5;

/// The minutes of an hour.
const MINUTES_PER_HOUR: usize = 60;

/// Returns the tokens of each minute of a bucket.
fn split_by_minute(bucket: &Bucket) -> [u128; MINUTES_PER_SLOT] {
    let (tokens, messages) = (bucket.sum.tokens.total(), bucket.offsets.len().max(1) as u128);
    let mut before = 0;
    std::array::from_fn(|minute| {
        let end = (minute as i64 + 1) * MICROS_PER_MINUTE;
        let seen = bucket.offsets.partition_point(|mark| i64::from(mark.0) < end);
        let so_far = tokens * seen as u128 / messages;
        so_far - std::mem::replace(&mut before, so_far)
    })
}

/// The most tokens used in one minute, collected from buckets in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PeakMinute {
    /// The slot whose minutes may still grow.
    open_slot: Option<Slot>,
    /// The tokens of each minute of the open slot.
    minutes: [u128; MINUTES_PER_SLOT],
    /// The most tokens in any minute of an earlier slot.
    closed_max: u128,
}

impl PeakMinute {
    /// Adds a bucket, which must not be in an earlier slot than the one before.
    pub(crate) fn add_bucket(&mut self, slot: Slot, bucket: &Bucket) {
        if self.open_slot != Some(slot) {
            *self = Self { open_slot: Some(slot), minutes: [0; MINUTES_PER_SLOT], closed_max: self.max_tokens() };
        }
        self.minutes.iter_mut().zip(split_by_minute(bucket)).for_each(|(sum, tokens)| *sum += tokens);
    }

    /// Returns the most tokens in any minute so far.
    pub(crate) fn max_tokens(&self) -> u128 {
        self.minutes.into_iter().fold(self.closed_max, u128::max)
    }
}

/// Returns the tokens of each of the 60 minutes that end with the current one, oldest first.
pub(crate) fn tokens_of_last_hour<'a>(
    now: Timestamp,
    buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)>,
) -> Vec<u64> {
    let current = now.0.div_euclid(MICROS_PER_MINUTE);
    let oldest = current + 1 - MINUTES_PER_HOUR as i64;
    let mut hour = [0_u128; MINUTES_PER_HOUR];
    for (key, bucket) in buckets {
        let first = key.slot.start().0.div_euclid(MICROS_PER_MINUTE);
        for (minute, tokens) in (first..).zip(split_by_minute(bucket)) {
            if let Some(sum) = usize::try_from(minute - oldest).ok().and_then(|at| hour.get_mut(at)) {
                *sum += tokens;
            }
        }
    }
    hour.into_iter().map(|tokens| u64::try_from(tokens).unwrap_or(u64::MAX)).collect()
}

/// Returns the slot in which the last 60 minutes began.
pub(crate) fn first_slot_of_last_hour(now: Timestamp) -> Slot {
    now.slot().hours_before(1)
}
