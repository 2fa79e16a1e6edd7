//! The growth of a block's usage, in steps of a quarter of an hour.
//!
//! A slot counts for the step in which it begins, so the steps of a block add up to its usage exactly.

use crate::ledger::{Bucket, BucketKey};
use crate::time::MICROS_PER_MINUTE;
use crate::time::timestamp::Timestamp;

/// The length of a step in microseconds.
const STEP_LENGTH: i64 = 15 * MICROS_PER_MINUTE;

/// The tokens of a block by step. Steps after the last message are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UsageCurve(Vec<u128>);

impl UsageCurve {
    /// Adds a bucket of a block that begins at `start`.
    pub(crate) fn add_bucket(&mut self, start: Timestamp, key: &BucketKey, bucket: &Bucket) {
        // Blocks begin with a slot, so no slot of a block begins before it.
        let step = usize::try_from((key.slot.start().0 - start.0) / STEP_LENGTH).unwrap_or_default();
        if self.0.len() <= step {
            self.0.resize(step + 1, 0);
        }
        self.0[step] += bucket.sum.tokens.total();
    }

    /// Returns the tokens used by the end of each step that has begun before `end`.
    pub(crate) fn cumulative(&self, start: Timestamp, end: Timestamp) -> Vec<u64> {
        let begun = usize::try_from((end.0 - start.0 + STEP_LENGTH - 1) / STEP_LENGTH).unwrap_or_default();
        let steps = self.0.iter().copied().chain(std::iter::repeat(0)).take(begun.max(self.0.len()));
        let sums = steps.scan(0_u128, |sum, tokens| {
            *sum += tokens;
            Some(*sum)
        });
        sums.map(|tokens| u64::try_from(tokens).unwrap_or(u64::MAX)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::Contribution;
    use crate::tokens::Usage;

    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp(minute * MICROS_PER_MINUTE)
    }

    fn curve_of(start: Timestamp, messages: &[(i64, u64)]) -> UsageCurve {
        let mut curve = UsageCurve::default();
        for &(at, output) in messages {
            let key = BucketKey { slot: minute(at).slot(), session: SessionId(0), model: ModelId(0) };
            let mut bucket = Bucket::default();
            bucket.add(&Contribution::unpriced(key, minute(at), Usage { output, ..Usage::default() }));
            curve.add_bucket(start, &key, &bucket);
        }
        curve
    }

    #[test]
    fn the_tokens_add_up_to_the_end_of_each_quarter_of_an_hour() {
        let curve = curve_of(minute(60), &[(60, 1), (74, 20), (75, 300), (119, 4_000)]);
        assert_eq!(curve.cumulative(minute(60), minute(120)), [21, 321, 321, 4_321]);
    }

    #[test]
    fn the_curve_of_an_active_block_ends_with_the_current_step() {
        let curve = curve_of(minute(0), &[(2, 5)]);
        assert_eq!(curve.cumulative(minute(0), minute(3)), [5]);
        assert_eq!(curve.cumulative(minute(0), minute(15)), [5]);
        assert_eq!(curve.cumulative(minute(0), minute(31)), [5, 5, 5], "nothing was used since");
    }

    #[test]
    fn a_gap_has_no_curve() {
        assert_eq!(UsageCurve::default().cumulative(minute(0), minute(0)), [0_u64; 0]);
    }
}
