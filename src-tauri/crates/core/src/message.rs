//! One message, however often it was logged.
//!
//! Merging is a per-field maximum in one of two slots, so it does not matter in what order, how often or from how
//! many files a message is read. A message said in the main conversation is what it says there; what subagents
//! and side questions repeat of it counts only where nothing else is known.

use std::cmp::Ordering;

use crate::bucket::{BucketKey, Mark};
use crate::key::Key;
use crate::moment::Moment;
use crate::names::{LogId, ModelId, Names, SessionId};
use crate::tokens::Usage;

/// One log line's view of a message, with its strings interned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The message.
    pub key: Key,
    /// What was used so far.
    pub usage: Usage,
    /// Who answered.
    pub model: ModelId,
    /// Whether a subagent or side question said it.
    pub side: bool,
    /// When and where.
    pub seen: Seen,
}

/// When and where a message was seen. The earliest decides its day, its block and its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When.
    pub when: Moment,
    /// Whether the line names another session than its file's.
    pub away: bool,
    /// The file.
    pub log: LogId,
    /// The session the line names.
    pub session: SessionId,
}

impl Seen {
    /// Earlier first; then lines at home in their file, then the smaller path.
    fn order(&self, other: &Self, names: &Names) -> Ordering {
        (self.when, self.away)
            .cmp(&(other.when, other.away))
            .then_with(|| names.logs.spelling(self.log).cmp(names.logs.spelling(other.log)))
            .then_with(|| names.sessions.spelling(self.session).cmp(names.sessions.spelling(other.session)))
    }
}

/// What was said of a message in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The largest of each count.
    pub usage: Usage,
    /// Who answered, by the record with the most output.
    pub model: ModelId,
}

impl Told {
    fn merge(slot: &mut Option<Self>, usage: Usage, model: ModelId, names: &Names) {
        let Some(told) = slot else {
            *slot = Some(Self { usage, model });
            return;
        };
        let most = told.usage.output;
        let smaller_name = || names.models.spelling(model) < names.models.spelling(told.model);
        if usage.output > most || usage.output == most && smaller_name() {
            told.model = model;
        }
        told.usage = told.usage.max(usage);
    }
}

/// All that is known of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// As said in the main conversation.
    pub main: Option<Told>,
    /// As said by a subagent or side question.
    pub side: Option<Told>,
    /// Its earliest sighting.
    pub first: Seen,
}

impl Message {
    /// A message nothing has been said of yet.
    fn unsaid(first: Seen) -> Self {
        Self { main: None, side: None, first }
    }

    /// The message after one more sighting.
    #[must_use]
    pub fn merged(known: Option<Self>, sighting: &Sighting, names: &Names) -> Self {
        let mut message = known.unwrap_or_else(|| Self::unsaid(sighting.seen));
        let slot = if sighting.side { &mut message.side } else { &mut message.main };
        Told::merge(slot, sighting.usage, sighting.model, names);
        if sighting.seen.order(&message.first, names).is_lt() {
            message.first = sighting.seen;
        }
        message
    }

    /// What it adds to the totals, and where.
    pub fn share(&self) -> Share {
        let told = self.main.or(self.side).expect("a message is made from a sighting");
        let slot = self.first.when.slot();
        Share {
            bucket: BucketKey { slot, session: self.first.session, model: told.model },
            mark: Mark::of(self.first.when),
            usage: told.usage,
        }
    }
}

/// What one message adds to the totals, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The bucket it falls into.
    pub bucket: BucketKey,
    /// Its instant within the bucket.
    pub mark: Mark,
    /// Its tokens.
    pub usage: Usage,
}
