//! One use of a model as one line tells it, seen by us and by ccusage.

use std::cmp::Ordering;

use crate::audit::rule::{Rule, Stage};
use crate::audit::token_delta::Counts;
use crate::interner::{Interner, SessionId};
use crate::ledger::message_key::Key;
use crate::time::timestamp::Timestamp;

/// What tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A line of its own.
    Line,
    /// A progress line about a subagent.
    Progress,
    /// An entry among the iterations of a line's usage: a call made on its behalf.
    Advisor,
}

/// Why we do not count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeftOut {
    /// No model answered.
    Synthetic,
    /// It has no time.
    NoTime,
    /// Its record is of a type that tells no usage.
    OtherType,
}

impl LeftOut {
    /// The rule by which ccusage counts it all the same; it, too, wants a time.
    fn counted_by(self) -> Option<Rule> {
        match self {
            Self::Synthetic => Some(Rule::Synthetic),
            Self::NoTime => None,
            Self::OtherType => Some(Rule::OtherTypes),
        }
    }
}

/// What ccusage reads of it. Of no meaning where it is refused.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Theirs {
    /// 0 for the message's own call, else which of the calls made on its behalf.
    pub(crate) call: u32,
    /// Hash of the request id, if there is one.
    pub(crate) request: Option<u64>,
    /// Whether the message has an id.
    pub(crate) named: bool,
    /// Its own instant.
    pub(crate) when: Timestamp,
    /// Whether it says of itself that it is a sidechain's.
    pub(crate) side: bool,
    /// Whether it names a speed, which decides between equals.
    pub(crate) speed: bool,
    /// Cache writes by its rule.
    pub(crate) cache_write: u64,
}

/// One use of a model as one line tells it.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// What may be one message to us or to ccusage shares a group.
    pub(crate) group: Key,
    /// The message it is to us.
    pub(crate) key: Key,
    pub(crate) counts: Counts,
    pub(crate) form: Form,
    /// Whether a subagent or side question said it.
    pub(crate) side: bool,
    /// When, if known.
    pub(crate) when: Option<Timestamp>,
    /// Whether the line names another session than its file's.
    pub(crate) away: bool,
    /// The session the line names, else that of its file.
    pub(crate) session: SessionId,
    /// The log, numbered in the order of the paths.
    pub(crate) log: u32,
    pub(crate) left_out: Option<LeftOut>,
    /// The session ccusage makes of the path.
    pub(crate) path_session: SessionId,
    /// The rule by which ccusage drops it.
    pub(crate) refused: Option<Rule>,
    pub(crate) theirs: Theirs,
    /// The session in which ccusage looks for repetitions.
    pub(crate) their_session: SessionId,
}

impl Heard {
    /// What may be one message to us or to ccusage shares a group.
    pub fn group(&self) -> Key {
        self.group
    }

    /// Whether it counts at a stage of the comparison.
    pub(crate) fn counts_at(&self, stage: Stage) -> bool {
        let taken = self.left_out.is_none_or(|left| left.counted_by().is_some_and(|rule| stage.follows(rule)));
        taken && !self.refused.is_some_and(|rule| stage.follows(rule))
    }

    /// Its tokens at a stage of the comparison.
    pub(crate) fn counts_by(&self, stage: Stage) -> Counts {
        let mut counts = self.counts;
        if stage.follows(Rule::CacheSplit) && self.refused.is_none() {
            counts.0[Counts::CACHE_WRITE] = self.theirs.cache_write;
        }
        counts
    }

    /// Whether it stands aside at a stage of the comparison.
    pub(crate) fn is_side_at(&self, stage: Stage) -> bool {
        if stage.follows(Rule::ProgressAside) { self.theirs.side } else { self.side }
    }

    /// Earlier first; then lines at home in their file, then the smaller path, then the smaller session.
    pub(crate) fn order(&self, other: &Self, sessions: &Interner<SessionId>) -> Ordering {
        (self.when, self.away, self.log)
            .cmp(&(other.when, other.away, other.log))
            .then_with(|| sessions.spelling(self.session).cmp(sessions.spelling(other.session)))
    }
}
