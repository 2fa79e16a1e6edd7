//! The breakdown of this program's own count: the outcome of every line with usage.
//!
//! The sum over all lines, less repetitions, copies, replays and excluded lines, is exactly the counted sum. For
//! this, one line represents each message. If no single line has the maximum of every count, the difference is a row
//! of its own.

use serde::Serialize;

use crate::audit::ccusage_merge::CountedMessage;
use crate::audit::observation::{ExclusionReason, RecordKind, UsageObservation};
use crate::audit::rule::RuleSet;
use crate::audit::token_delta::TokenDelta;
use crate::interner::{Interner, SessionId};

/// The lines with one outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BreakdownRow {
    /// The number of lines. An advisor call is part of its line and not counted separately.
    pub lines: u64,
    /// The tokens that a sum over all lines would add for them.
    #[serde(flatten)]
    pub tokens: TokenDelta,
}

impl BreakdownRow {
    fn add(&mut self, line: &UsageObservation) {
        self.lines += u64::from(line.kind != RecordKind::Advisor);
        self.tokens += line.counts.into();
    }
}

/// A number of messages with their tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageTotals {
    /// The number of messages.
    pub messages: u64,
    /// The tokens of the messages.
    #[serde(flatten)]
    pub tokens: TokenDelta,
}

impl MessageTotals {
    fn add(&mut self, counted: &CountedMessage) {
        self.messages += 1;
        self.tokens += counted.counts.into();
    }
}

/// The outcome of every line with usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    /// The lines with usage, as if each were counted.
    pub naive: BreakdownRow,
    /// Repetitions in the same log: Claude Code writes one line for each part of an answer.
    pub repeated: BreakdownRow,
    /// Repetitions in another log: resumed, forked and copied sessions.
    pub copies: BreakdownRow,
    /// Sidechain lines of messages that the main conversation contains.
    pub replays: BreakdownRow,
    /// Repetitions in progress lines.
    pub progress: BreakdownRow,
    /// Synthetic messages.
    pub synthetic: BreakdownRow,
    /// Lines without a timestamp.
    pub no_time: BreakdownRow,
    /// Records of types without usage.
    pub other_types: BreakdownRow,
    /// The tokens by which messages exceed their representative lines, because other lines have larger counts.
    pub pieced_together: TokenDelta,
    /// The counted messages.
    pub counted: MessageTotals,
    /// The advisor calls among the counted messages.
    pub advisors: MessageTotals,
    /// The counted messages that are known from sidechains only.
    pub aside: MessageTotals,
    /// The counted messages that are known from progress lines only.
    pub progress_alone: MessageTotals,
}

impl Breakdown {
    /// Returns the sum over all lines less the lines that are not counted. It equals the counted sum.
    pub fn remainder(&self) -> TokenDelta {
        let not_counted = [
            &self.repeated,
            &self.copies,
            &self.replays,
            &self.progress,
            &self.synthetic,
            &self.no_time,
            &self.other_types,
        ];
        self.naive.tokens - not_counted.into_iter().map(|row| row.tokens).sum() + self.pieced_together
    }

    /// Adds a counted message with all its lines.
    pub(crate) fn add_message(
        &mut self,
        counted: &CountedMessage,
        lines: &[&UsageObservation],
        sessions: &Interner<SessionId>,
    ) {
        let Some(best) = representative_line(lines, sessions) else { return };
        self.counted.add(counted);
        self.pieced_together += TokenDelta::from(counted.counts) - best.counts.into();
        if best.kind == RecordKind::Advisor {
            self.advisors.add(counted);
        }
        if best.side {
            self.aside.add(counted);
        }
        if best.kind == RecordKind::Progress {
            self.progress_alone.add(counted);
        }
        for &line in lines {
            self.naive.add(line);
            if !std::ptr::eq(line, best) {
                self.repetition_row(line, best).add(line);
            }
        }
    }

    /// Adds an excluded line.
    pub(crate) fn add_excluded(&mut self, line: &UsageObservation, reason: ExclusionReason) {
        self.naive.add(line);
        let row = match reason {
            ExclusionReason::Synthetic => &mut self.synthetic,
            ExclusionReason::NoTime => &mut self.no_time,
            ExclusionReason::OtherType => &mut self.other_types,
        };
        row.add(line);
    }

    /// Returns the row of a line that repeats the representative line.
    fn repetition_row(&mut self, line: &UsageObservation, best: &UsageObservation) -> &mut BreakdownRow {
        if line.kind == RecordKind::Progress {
            &mut self.progress
        } else if line.side && !best.side {
            &mut self.replays
        } else if line.log_index == best.log_index {
            &mut self.repeated
        } else {
            &mut self.copies
        }
    }
}

/// Returns the line that represents a message: of the main conversation, with the most tokens, from the earliest log.
fn representative_line<'a>(
    lines: &[&'a UsageObservation],
    sessions: &Interner<SessionId>,
) -> Option<&'a UsageObservation> {
    let first = lines.iter().min_by(|a, b| a.compare_to(b, sessions))?;
    let rank = |line: &&&'a UsageObservation| {
        let total = line.counts_at(RuleSet::OURS).total();
        (!line.side, line.kind != RecordKind::Progress, total, line.log_index == first.log_index)
    };
    // Reversed, because `max_by_key` returns the last of equal lines.
    lines.iter().rev().max_by_key(rank).copied()
}
