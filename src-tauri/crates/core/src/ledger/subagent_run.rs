//! One run of a subagent. It belongs to its session, whose sums hold it, and is listed under it.

use crate::interner::{RunId, SessionId};
use crate::ledger::message::Share;
use crate::time::timestamp::Timestamp;
use crate::tokens::Sum;

/// Which run. Sorted by session, so a range of keys is a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// The session that started it.
    pub session: SessionId,
    /// The run within it.
    pub run: RunId,
}

/// What is known of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The times of its first and last line with usage.
    pub span: Option<(Timestamp, Timestamp)>,
    /// What sort of agent it was, such as `Explore`.
    pub kind: Option<String>,
    /// Its sum.
    pub sum: Sum,
}

impl Run {
    /// Adds a message.
    pub fn add(&mut self, share: &Share) {
        self.sum.add(&share.charge);
    }

    /// Takes back a message added before.
    pub fn take(&mut self, share: &Share) {
        self.sum.take(&share.charge);
    }

    /// Notes that a line of this run was seen. Says whether that was news.
    pub fn see(&mut self, when: Timestamp) -> bool {
        let span = self.span.map_or((when, when), |(first, last)| (first.min(when), last.max(when)));
        self.span.replace(span) != Some(span)
    }
}
