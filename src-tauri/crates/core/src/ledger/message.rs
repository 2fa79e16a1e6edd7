//! One message, however often it was logged.
//!
//! Merging is a per-field maximum in one of two slots, so it does not matter in what order, how often or from how
//! many files a message is read. A message said in the main conversation is what it says there; what subagents
//! and side questions repeat of it counts only where nothing else is known.

use std::cmp::Ordering;

use crate::interner::{LogId, ModelId, Names, RunId, SessionId};
use crate::ledger::bucket::{BucketKey, Mark};
use crate::ledger::message_key::Key;
use crate::ledger::subagent_run::RunKey;
use crate::money::Usd;
use crate::pricing::calculator::Pricing;
use crate::pricing::terms::Terms;
use crate::time::timestamp::Timestamp;
use crate::tokens::{Charge, Usage};

/// One log line's view of a message, with its strings interned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The message.
    pub key: Key,
    /// What it says of it.
    pub told: Told,
    /// Whether a subagent or side question said it.
    pub side: bool,
    /// When and where.
    pub seen: Seen,
}

/// When and where a message was seen. The earliest decides its day, its block, its session and its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When.
    pub when: Timestamp,
    /// Whether the line names another session than its file's.
    pub away: bool,
    /// The file.
    pub log: LogId,
    /// The session the line names.
    pub session: SessionId,
    /// The subagent's run it belongs to, if any.
    pub run: Option<RunId>,
}

impl Seen {
    /// Earlier first; then lines at home in their file, then the smaller path.
    fn order(&self, other: &Self, names: &Names) -> Ordering {
        let run = |seen: &Self| seen.run.map(|run| names.runs.spelling(run));
        (self.when, self.away)
            .cmp(&(other.when, other.away))
            .then_with(|| names.logs.spelling(self.log).cmp(names.logs.spelling(other.log)))
            .then_with(|| names.sessions.spelling(self.session).cmp(names.sessions.spelling(other.session)))
            .then_with(|| run(self).cmp(&run(other)))
    }
}

/// What was said of a message in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The largest of each count.
    pub usage: Usage,
    /// Who answered, by the record with the most output.
    pub model: ModelId,
    /// On which terms, by the record with the most output.
    pub terms: Terms,
    /// The largest cost a record names itself.
    pub reported: Option<Usd>,
    /// Whether no record tells the whole output.
    pub under_logged: bool,
}

impl Told {
    /// What two records say together.
    #[must_use]
    fn merged(self, other: Self, names: &Names) -> Self {
        let (mine, theirs) = (self.usage.output, other.usage.output);
        let smaller_name = || names.models.spelling(other.model) < names.models.spelling(self.model);
        let other_names = theirs > mine || theirs == mine && smaller_name();
        Self {
            usage: self.usage.max(other.usage),
            model: if other_names { other.model } else { self.model },
            terms: (mine, self.terms).max((theirs, other.terms)).1,
            reported: self.reported.max(other.reported),
            under_logged: self.under_logged && other.under_logged,
        }
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
        *slot = Some(slot.map_or(sighting.told, |told| told.merged(sighting.told, names)));
        if sighting.seen.order(&message.first, names).is_lt() {
            message.first = sighting.seen;
        }
        message
    }

    /// What holds of it.
    pub fn told(&self) -> Told {
        self.main.or(self.side).expect("a message is made from a sighting")
    }

    /// What it adds to the totals, and where.
    pub fn share(&self, pricing: &Pricing, names: &Names) -> Share {
        let Told { usage, model, under_logged, .. } = self.told();
        let Seen { when, session, run, .. } = self.first;
        Share {
            bucket: BucketKey { slot: when.slot(), session, model },
            mark: Mark::of(when),
            run: run.map(|run| RunKey { session, run }),
            charge: Charge { usage, cost: pricing.cost(&self.told(), when, names), under_logged },
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
    /// The subagent's run it belongs to, if any.
    pub run: Option<RunKey>,
    /// What it adds.
    pub charge: Charge,
}

#[cfg(test)]
impl Share {
    /// A share without a price.
    pub(crate) fn made_up(bucket: BucketKey, when: Timestamp, usage: Usage) -> Self {
        let charge = Charge { usage, cost: crate::money::Cost::Unpriced, under_logged: false };
        Self { bucket, mark: Mark::of(when), run: None, charge }
    }
}
