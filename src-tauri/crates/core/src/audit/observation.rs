//! One use of a model on one line, as seen by this program and by ccusage.

use std::cmp::Ordering;

use crate::audit::rule::{CcusageRule, RuleSet};
use crate::audit::token_delta::TokenCounts;
use crate::interner::{Interner, SessionId};
use crate::ledger::message_key::MessageKey;
use crate::time::timestamp::Timestamp;

/// The form in which a use was logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordKind {
    /// A record of its own.
    Line,
    /// A progress record about a subagent.
    Progress,
    /// An iteration of a message: an advisor call.
    Advisor,
}

/// A reason for which this program does not count a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExclusionReason {
    /// The message is synthetic.
    Synthetic,
    /// The line has no timestamp.
    NoTime,
    /// The record has a type without usage.
    OtherType,
}

impl ExclusionReason {
    /// Returns the rule by which ccusage counts the use nevertheless. ccusage requires a timestamp, too.
    fn included_by(self) -> Option<CcusageRule> {
        match self {
            Self::Synthetic => Some(CcusageRule::Synthetic),
            Self::NoTime => None,
            Self::OtherType => Some(CcusageRule::OtherTypes),
        }
    }
}

/// The properties that ccusage reads from a line. They are meaningless if ccusage drops the line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CcusageView {
    /// 0 for the message's own call, otherwise the number of the advisor call.
    pub(crate) call: u32,
    /// The hash of the request id, if there is one.
    pub(crate) request: Option<u64>,
    /// True if the message has an id.
    pub(crate) has_id: bool,
    /// The timestamp of the line.
    pub(crate) when: Timestamp,
    /// True if the line is marked as a sidechain.
    pub(crate) side: bool,
    /// True if the line names a speed, which decides between otherwise equal lines.
    pub(crate) speed: bool,
    /// The cache writes by ccusage's rule.
    pub(crate) cache_write: u64,
}

/// A use of a model on one line.
#[derive(Clone, Copy, Debug)]
pub struct UsageObservation {
    /// The group of lines that may be one message to this program or to ccusage.
    pub(crate) group: MessageKey,
    /// The message by this program's rules.
    pub(crate) key: MessageKey,
    /// The second key of the message, if its id is only unique within its session.
    pub(crate) copy_key: Option<MessageKey>,
    pub(crate) counts: TokenCounts,
    pub(crate) kind: RecordKind,
    /// True if the line belongs to a subagent or side question.
    pub(crate) side: bool,
    /// The time, if known.
    pub(crate) when: Option<Timestamp>,
    /// True if the line names a session other than that of its file.
    pub(crate) foreign_session: bool,
    /// The session named on the line, or else that of its file.
    pub(crate) session: SessionId,
    /// The index of the log in the order of the paths.
    pub(crate) log_index: u32,
    pub(crate) exclusion: Option<ExclusionReason>,
    /// The session that ccusage derives from the path.
    pub(crate) path_session: SessionId,
    /// The rule by which ccusage drops the line.
    pub(crate) dropped_by: Option<CcusageRule>,
    pub(crate) peer: CcusageView,
    /// The session in which ccusage looks for repetitions.
    pub(crate) peer_session: SessionId,
}

impl UsageObservation {
    /// Returns the group of lines that may be one message to this program or to ccusage.
    pub fn group_key(&self) -> MessageKey {
        self.group
    }

    /// Returns true if the use is counted by a set of rules.
    pub(crate) fn is_counted_at(&self, rules: RuleSet) -> bool {
        let is_included =
            self.exclusion.is_none_or(|reason| reason.included_by().is_some_and(|rule| rules.adopts(rule)));
        is_included && !self.dropped_by.is_some_and(|rule| rules.adopts(rule))
    }

    /// Returns the token counts by a set of rules.
    pub(crate) fn counts_at(&self, rules: RuleSet) -> TokenCounts {
        let mut counts = self.counts;
        if rules.adopts(CcusageRule::CacheSplit) && self.dropped_by.is_none() {
            counts.0[TokenCounts::CACHE_WRITE_INDEX] = self.peer.cache_write;
        }
        counts
    }

    /// Returns true if the use belongs to a sidechain by a set of rules.
    pub(crate) fn is_side_at(&self, rules: RuleSet) -> bool {
        if rules.adopts(CcusageRule::ProgressAside) { self.peer.side } else { self.side }
    }

    /// Orders uses by time. Ties are broken by the session (that of the file first), then by path and session id.
    pub(crate) fn compare_to(&self, other: &Self, sessions: &Interner<SessionId>) -> Ordering {
        (self.when, self.foreign_session, self.log_index)
            .cmp(&(other.when, other.foreign_session, other.log_index))
            .then_with(|| sessions.bytes_of(self.session).cmp(sessions.bytes_of(other.session)))
    }
}
