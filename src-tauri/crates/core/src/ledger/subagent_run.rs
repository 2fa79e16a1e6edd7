//! Subagent runs. The usage of a run is part of its session's totals and is listed below the session.

use crate::ledger::contribution::Contribution;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;

/// The totals and properties of one subagent run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubagentRun {
    /// The times of the first and last line with usage.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The type of agent, such as `Explore`.
    pub agent_type: Option<String>,
    /// The usage of the run.
    pub sum: UsageSum,
}

impl SubagentRun {
    /// Adds a message.
    pub fn add(&mut self, contribution: &Contribution) {
        self.sum.add(&contribution.priced);
    }

    /// Subtracts a message.
    ///
    /// Panics if the message was not added before.
    pub fn subtract(&mut self, contribution: &Contribution) {
        self.sum.subtract(&contribution.priced);
    }

    /// Extends the span to the time of a line. Returns true if the span changed.
    pub fn record_activity(&mut self, when: Timestamp) -> bool {
        let span = self.span.map_or((when, when), |(first, last)| (first.min(when), last.max(when)));
        self.span.replace(span) != Some(span)
    }
}
