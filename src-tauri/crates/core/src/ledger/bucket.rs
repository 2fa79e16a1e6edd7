//! Buckets: the usage of one session and one model in five minutes.

use crate::ledger::contribution::{Contribution, SlotOffset};
use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;

/// The sum of a bucket, with the time of each of its messages.
///
/// The times are kept because an earlier line of a message may be read later. The message then moves to another bucket,
/// and this bucket must still be able to find its first and last message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// The sum over all messages.
    pub sum: UsageSum,
    /// The offset of each message, in order of time.
    pub offsets: Vec<SlotOffset>,
}

impl Bucket {
    /// Adds a message.
    pub fn add(&mut self, contribution: &Contribution) {
        self.sum.add(&contribution.priced);
        let index = self.offsets.partition_point(|offset| *offset <= contribution.offset);
        self.offsets.insert(index, contribution.offset);
    }

    /// Subtracts a message.
    ///
    /// Panics if the message was not added before.
    pub fn subtract(&mut self, contribution: &Contribution) {
        self.sum.subtract(&contribution.priced);
        let index = self.offsets.binary_search(&contribution.offset).expect("only added messages are subtracted");
        self.offsets.remove(index);
    }

    /// Returns the times of the first and last message, or `None` if the bucket is empty. `slot` is the bucket's slot.
    pub fn time_span(&self, slot: Slot) -> Option<(Timestamp, Timestamp)> {
        Some((self.offsets.first()?.to_timestamp(slot), self.offsets.last()?.to_timestamp(slot)))
    }
}
