//! One use of a model as one line tells it, seen by us and by ccusage.

use std::cmp::Ordering;

use super::four::Counts;
use super::rule::{Rule, Stage};
use crate::key::Key;
use crate::moment::Moment;
use crate::names::{Interner, SessionId};

/// What tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A line of its own.
    Line,
    /// A progress line about a subagent.
    Progress,
    /// An entry among the iterations of a line's usage: a call made on its behalf.
    Advisor,
}

/// Why we do not count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeftOut {
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
pub(super) struct Theirs {
    /// 0 for the message's own call, else which of the calls made on its behalf.
    pub(super) call: u32,
    /// Hash of the request id, if there is one.
    pub(super) request: Option<u64>,
    /// Whether the message has an id.
    pub(super) named: bool,
    /// Its own instant.
    pub(super) when: Moment,
    /// Whether it says of itself that it is a sidechain's.
    pub(super) side: bool,
    /// Whether it names a speed, which decides between equals.
    pub(super) speed: bool,
    /// Cache writes by its rule.
    pub(super) cache_write: u64,
}

/// One use of a model as one line tells it.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// What may be one message to us or to ccusage shares a group.
    pub(super) group: Key,
    /// The message it is to us.
    pub(super) key: Key,
    pub(super) counts: Counts,
    pub(super) form: Form,
    /// Whether a subagent or side question said it.
    pub(super) side: bool,
    /// When, if known.
    pub(super) when: Option<Moment>,
    /// Whether the line names another session than its file's.
    pub(super) away: bool,
    /// The session the line names, else that of its file.
    pub(super) session: SessionId,
    /// The log, numbered in the order of the paths.
    pub(super) log: u32,
    pub(super) left_out: Option<LeftOut>,
    /// The session ccusage makes of the path.
    pub(super) path_session: SessionId,
    /// The rule by which ccusage drops it.
    pub(super) refused: Option<Rule>,
    pub(super) theirs: Theirs,
    /// The session in which ccusage looks for repetitions.
    pub(super) their_session: SessionId,
}

impl Heard {
    /// What may be one message to us or to ccusage shares a group.
    pub fn group(&self) -> Key {
        self.group
    }

    /// Whether it counts at a stage of the comparison.
    pub(super) fn counts_at(&self, stage: Stage) -> bool {
        let taken = self.left_out.is_none_or(|left| left.counted_by().is_some_and(|rule| stage.follows(rule)));
        taken && !self.refused.is_some_and(|rule| stage.follows(rule))
    }

    /// Its tokens at a stage of the comparison.
    pub(super) fn counts_by(&self, stage: Stage) -> Counts {
        let mut counts = self.counts;
        if stage.follows(Rule::CacheSplit) && self.refused.is_none() {
            counts.0[Counts::CACHE_WRITE] = self.theirs.cache_write;
        }
        counts
    }

    /// Whether it stands aside at a stage of the comparison.
    pub(super) fn is_side_at(&self, stage: Stage) -> bool {
        if stage.follows(Rule::ProgressAside) { self.theirs.side } else { self.side }
    }

    /// Earlier first; then lines at home in their file, then the smaller path, then the smaller session.
    pub(super) fn order(&self, other: &Self, sessions: &Interner<SessionId>) -> Ordering {
        (self.when, self.away, self.log)
            .cmp(&(other.when, other.away, other.log))
            .then_with(|| sessions.spelling(self.session).cmp(sessions.spelling(other.session)))
    }
}
