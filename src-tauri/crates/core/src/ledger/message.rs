//! Messages, merged from all log lines that repeat them.
//!
//! Merging takes the maximum of each count, separately for the main conversation and for sidechains, so the result does
//! not depend on the order, the number or the files of the lines. The main conversation takes precedence: sidechain
//! lines count only if no line of the main conversation is known.

use std::cmp::Ordering;

use crate::interner::{InternTables, LogId, ModelId, RunId, SessionId};
use crate::ledger::contribution::{BucketKey, Contribution, SlotOffset, SubagentRunKey};
use crate::ledger::message_key::MessageKey;
use crate::money::Usd;
use crate::pricing::calculator::CostCalculator;
use crate::pricing::price_book::ApiCall;
use crate::pricing::terms::BillingTerms;
use crate::time::timestamp::Timestamp;
use crate::tokens::{PricedUsage, Usage};

/// The view of a message that one log line gives, with its strings interned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageObservation {
    /// The message.
    pub key: MessageKey,
    /// The second key of the message, if the first one is only valid within a session.
    pub copy_key: Option<MessageKey>,
    /// The usage on the line.
    pub report: UsageReport,
    /// True if the line belongs to a subagent or side question.
    pub side: bool,
    /// The time and place of the line.
    pub occurrence: Occurrence,
}

/// The time and place of a line. The earliest occurrence of a message decides its day, block, session and run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The time of the line.
    pub when: Timestamp,
    /// True if the session was decided by an earlier version, which assigned copied lines to the session that contains
    /// the copy.
    pub has_old_session: bool,
    /// True if the line names a session other than that of its file.
    pub foreign_session: bool,
    /// The log file.
    pub log: LogId,
    /// The session named on the line.
    pub session: SessionId,
    /// The subagent run, if the line belongs to one.
    pub run: Option<RunId>,
}

impl Occurrence {
    /// Orders occurrences by time. Ties are broken by the rule that decided the session (the current one first), by
    /// the session (that of the file first), then by path, session id and run.
    fn compare_to(&self, other: &Self, names: &InternTables) -> Ordering {
        let run = |occurrence: &Self| occurrence.run.map(|run| names.runs.bytes_of(run));
        (self.when, self.has_old_session, self.foreign_session)
            .cmp(&(other.when, other.has_old_session, other.foreign_session))
            .then_with(|| names.logs.bytes_of(self.log).cmp(names.logs.bytes_of(other.log)))
            .then_with(|| names.sessions.bytes_of(self.session).cmp(names.sessions.bytes_of(other.session)))
            .then_with(|| run(self).cmp(&run(other)))
    }
}

/// The usage of a message as reported by one or more lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageReport {
    /// The maximum of each count.
    pub usage: Usage,
    /// The model, from the line with the most output.
    pub model: ModelId,
    /// The billing terms, from the line with the most output.
    pub terms: BillingTerms,
    /// The largest cost named on a line.
    pub reported_cost: Option<Usd>,
    /// True if no line has the full output.
    pub under_logged: bool,
}

impl UsageReport {
    /// Combines two reports. Of reports with the same output, the one with the smaller model name decides the model and
    /// the one with the larger terms decides the terms. A report without tokens does not decide if the output is
    /// complete: Claude Code copies kept messages with zero usage.
    #[must_use]
    fn merge(self, other: Self, names: &InternTables) -> Self {
        let (own_output, other_output) = (self.usage.output, other.usage.output);
        let has_smaller_name = || names.models.bytes_of(other.model) < names.models.bytes_of(self.model);
        let takes_model = other_output > own_output || other_output == own_output && has_smaller_name();
        Self {
            usage: self.usage.max(other.usage),
            model: if takes_model { other.model } else { self.model },
            terms: (own_output, self.terms).max((other_output, other.terms)).1,
            reported_cost: self.reported_cost.max(other.reported_cost),
            under_logged: match (self.usage.total(), other.usage.total()) {
                (0, 1..) => other.under_logged,
                (1.., 0) => self.under_logged,
                _ => self.under_logged && other.under_logged,
            },
        }
    }
}

/// A message with its merged observations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// The usage reported in the main conversation.
    pub main: Option<UsageReport>,
    /// The usage reported by subagents and side questions.
    pub side: Option<UsageReport>,
    /// The earliest occurrence.
    pub first: Occurrence,
}

impl Message {
    /// Creates a message without usage.
    fn new(first: Occurrence) -> Self {
        Self { main: None, side: None, first }
    }

    /// Merges an observation into a message, or creates the message from it.
    #[must_use]
    pub fn merge_observation(known: Option<Self>, observation: &MessageObservation, names: &InternTables) -> Self {
        let mut message = known.unwrap_or_else(|| Self::new(observation.occurrence));
        let slot = if observation.side { &mut message.side } else { &mut message.main };
        *slot = Some(slot.map_or(observation.report, |report| report.merge(observation.report, names)));
        if observation.occurrence.compare_to(&message.first, names).is_lt() {
            message.first = observation.occurrence;
        }
        message
    }

    /// Merges two messages that were found to be the same.
    #[must_use]
    pub(crate) fn merge(self, other: Self, names: &InternTables) -> Self {
        let merge = |own: Option<UsageReport>, other: Option<UsageReport>| match (own, other) {
            (Some(own), Some(other)) => Some(own.merge(other, names)),
            (own, other) => own.or(other),
        };
        let is_earlier = other.first.compare_to(&self.first, names).is_lt();
        Self {
            main: merge(self.main, other.main),
            side: merge(self.side, other.side),
            first: if is_earlier { other.first } else { self.first },
        }
    }

    /// Returns the usage that counts: that of the main conversation if known, otherwise that of sidechains.
    pub fn effective_report(&self) -> UsageReport {
        self.main.or(self.side).expect("a message is created from an observation")
    }

    /// Returns the amount that the message adds to the totals.
    pub fn contribution(&self, pricing: &CostCalculator, names: &InternTables) -> Contribution {
        let UsageReport { usage, model, terms, reported_cost, under_logged } = self.effective_report();
        let Occurrence { when, session, run, .. } = self.first;
        let model_name = std::str::from_utf8(names.models.bytes_of(model)).unwrap_or_default();
        let cost = pricing.cost_of(&ApiCall { model: model_name, usage, terms, when }, reported_cost);
        Contribution {
            bucket: BucketKey { slot: when.slot(), session, model },
            offset: SlotOffset::from_timestamp(when),
            run: run.map(|run| SubagentRunKey { session, run }),
            priced: PricedUsage { usage, cost, under_logged },
        }
    }
}
