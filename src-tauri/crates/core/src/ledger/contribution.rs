//! The amount that one message adds to the totals, and the totals it is added to.

use crate::interner::{ModelId, RunId, SessionId};
use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;
use crate::tokens::PricedUsage;

/// The key of a bucket. Keys sort by time first, so a range of keys is a range of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketKey {
    /// The five minutes.
    pub slot: Slot,
    /// The session.
    pub session: SessionId,
    /// The model.
    pub model: ModelId,
}

impl BucketKey {
    /// Returns the smallest key of a slot.
    pub fn first_in_slot(slot: Slot) -> Self {
        Self { slot, session: SessionId(0), model: ModelId(0) }
    }
}

/// The time of a message within its slot, in microseconds from the start of the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SlotOffset(pub u32);

impl SlotOffset {
    /// Returns the offset of a timestamp in the slot that contains it.
    pub fn from_timestamp(when: Timestamp) -> Self {
        Self(u32::try_from(when.0 - when.slot().start().0).expect("a slot is shorter than an hour"))
    }

    /// Returns the timestamp at this offset in a slot.
    pub fn to_timestamp(self, slot: Slot) -> Timestamp {
        Timestamp(slot.start().0 + i64::from(self.0))
    }
}

/// The key of a subagent run. Keys sort by session first, so a range of keys is a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubagentRunKey {
    /// The session that started the run.
    pub session: SessionId,
    /// The run within the session.
    pub run: RunId,
}

/// The amount that one message adds to the totals, and the totals it is added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The bucket.
    pub bucket: BucketKey,
    /// The time of the message within the bucket's slot.
    pub offset: SlotOffset,
    /// The subagent run, if the message belongs to one.
    pub run: Option<SubagentRunKey>,
    /// The tokens and cost.
    pub priced: PricedUsage,
}

#[cfg(test)]
impl Contribution {
    /// Creates a contribution without a cost.
    pub(crate) fn unpriced(bucket: BucketKey, when: Timestamp, usage: crate::tokens::Usage) -> Self {
        let priced = PricedUsage { usage, cost: crate::money::Cost::Unpriced, under_logged: false };
        Self { bucket, offset: SlotOffset::from_timestamp(when), run: None, priced }
    }
}
