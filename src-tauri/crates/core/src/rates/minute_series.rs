//! Tokens by the minute.
//!
//! A bucket knows the instant of each of its messages and the tokens of all of them together, so each message is
//! taken as its bucket's mean, as the burn rate takes it. The minutes of a bucket are its sum exactly.

use crate::ledger::bucket::{Bucket, BucketKey};
use crate::time::timestamp::{Slot, Timestamp};

/// How many minutes a slot has.
const PER_SLOT: usize = 5;

/// A minute in microseconds.
const MICROS: i64 = Slot::MICROS / PER_SLOT as i64;

/// The minutes of an hour.
const HOUR: usize = 60;

/// The tokens of each minute of a bucket.
fn of(bucket: &Bucket) -> [u128; PER_SLOT] {
    let (tokens, messages) = (bucket.sum.tokens.total(), bucket.marks.len().max(1) as u128);
    let mut before = 0;
    std::array::from_fn(|minute| {
        let end = (minute as i64 + 1) * MICROS;
        let seen = bucket.marks.partition_point(|mark| i64::from(mark.0) < end);
        let so_far = tokens * seen as u128 / messages;
        so_far - std::mem::replace(&mut before, so_far)
    })
}

/// The most tokens used in one minute, over buckets that come in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Peak {
    /// The slot whose minutes may still grow.
    open: Option<Slot>,
    minutes: [u128; PER_SLOT],
    /// The most of all minutes before it.
    before: u128,
}

impl Peak {
    /// Adds one bucket; none may follow that lies in an earlier slot.
    pub(crate) fn add(&mut self, slot: Slot, bucket: &Bucket) {
        if self.open != Some(slot) {
            *self = Self { open: Some(slot), minutes: [0; PER_SLOT], before: self.most() };
        }
        self.minutes.iter_mut().zip(of(bucket)).for_each(|(sum, tokens)| *sum += tokens);
    }

    /// The most so far.
    pub(crate) fn most(&self) -> u128 {
        self.minutes.into_iter().fold(self.before, u128::max)
    }
}

/// The tokens of each of the sixty minutes that end with the one now lies in, the oldest first.
pub(crate) fn last_hour<'a>(now: Timestamp, buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)>) -> Vec<u64> {
    let current = now.0.div_euclid(MICROS);
    let oldest = current + 1 - HOUR as i64;
    let mut hour = [0_u128; HOUR];
    for (key, bucket) in buckets {
        let first = key.slot.start().0.div_euclid(MICROS);
        for (minute, tokens) in (first..).zip(of(bucket)) {
            if let Some(sum) = usize::try_from(minute - oldest).ok().and_then(|at| hour.get_mut(at)) {
                *sum += tokens;
            }
        }
    }
    hour.into_iter().map(|tokens| u64::try_from(tokens).unwrap_or(u64::MAX)).collect()
}

/// The slot in which the last sixty minutes began.
pub(crate) fn hour_ago(now: Timestamp) -> Slot {
    now.slot().hours_before(1)
}
