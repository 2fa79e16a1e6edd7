//! Five minutes of one session and one model.

use crate::interner::{ModelId, SessionId};
use crate::ledger::message::Share;
use crate::time::timestamp::{Slot, Timestamp};
use crate::tokens::Sum;

/// Which bucket. Sorted by time, so a range of keys is a range of time.
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
    /// The smallest key of a slot.
    pub fn first_of(slot: Slot) -> Self {
        Self { slot, session: SessionId(0), model: ModelId(0) }
    }
}

/// An instant within a slot, in microseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub u32);

impl Mark {
    /// Where in its slot an instant lies.
    pub fn of(when: Timestamp) -> Self {
        Self(u32::try_from(when.0 - when.slot().start().0).expect("a slot is shorter than an hour"))
    }

    /// The instant it stands for.
    pub fn in_slot(self, slot: Slot) -> Timestamp {
        Timestamp(slot.start().0 + i64::from(self.0))
    }
}

/// The sum of a bucket, and when each of its messages was first seen.
///
/// The instants are kept because a message may turn out to be older than it looked: then it moves to another
/// bucket, and this one must still know its first and last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Its sum, over as many messages as there are marks.
    pub sum: Sum,
    /// One for each message, in order.
    pub marks: Vec<Mark>,
}

impl Bucket {
    /// Adds a message.
    pub fn add(&mut self, share: &Share) {
        self.sum.add(&share.charge);
        let at = self.marks.partition_point(|mark| *mark <= share.mark);
        self.marks.insert(at, share.mark);
    }

    /// Takes back a message added before.
    pub fn take(&mut self, share: &Share) {
        self.sum.take(&share.charge);
        let at = self.marks.binary_search(&share.mark).expect("only what was added is taken back");
        self.marks.remove(at);
    }

    /// Its first and last message; none where it is empty.
    pub fn span(&self, slot: Slot) -> Option<(Timestamp, Timestamp)> {
        Some((self.marks.first()?.in_slot(slot), self.marks.last()?.in_slot(slot)))
    }
}
