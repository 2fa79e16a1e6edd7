//! Our own counting, taken apart: what every line with usage became.
//!
//! A sum over all lines, less what was told again, copied, replayed or left out, is exactly what is counted. For
//! that one line speaks for each message; where no line alone holds the largest of every count, the rest is a part
//! of its own.

use serde::Serialize;

use crate::audit::ccusage_merge::Counted;
use crate::audit::observation::{Form, Heard, LeftOut};
use crate::audit::rule::Stage;
use crate::audit::token_delta::Four;
use crate::interner::{Interner, SessionId};

/// Some of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Lines; a call made on a line's behalf stands on its line and is no line of its own.
    pub lines: u64,
    /// What a sum over all lines would add for them.
    #[serde(flatten)]
    pub tokens: Four,
}

impl Part {
    fn add(&mut self, heard: &Heard) {
        self.lines += u64::from(heard.form != Form::Advisor);
        self.tokens += heard.counts.into();
    }
}

/// Messages, and what they used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Messages {
    /// How many.
    pub messages: u64,
    /// Their tokens.
    #[serde(flatten)]
    pub tokens: Four,
}

impl Messages {
    fn add(&mut self, counted: &Counted) {
        self.messages += 1;
        self.tokens += counted.counts.into();
    }
}

/// What every line with usage became.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Own {
    /// All lines with usage, as if each counted.
    pub naive: Part,
    /// Told again in the same log: one line for each part of an answer.
    pub repeated: Part,
    /// Told again in another log: resumed, forked and copied sessions.
    pub copies: Part,
    /// Told aside, though the main conversation tells it.
    pub replays: Part,
    /// Told again by progress lines.
    pub progress: Part,
    /// What no model answered.
    pub synthetic: Part,
    /// Without a time.
    pub no_time: Part,
    /// In records of types that tell no usage.
    pub other_types: Part,
    /// What a message has beyond its best line, because another line holds the larger count.
    pub pieced_together: Four,
    /// What is counted.
    pub counted: Messages,
    /// Of it: calls made on another's behalf.
    pub advisors: Messages,
    /// Of it: known from subagents and side questions alone.
    pub aside: Messages,
    /// Of it: known from progress lines alone.
    pub progress_alone: Messages,
}

impl Own {
    /// What is left of the sum over all lines. It equals what is counted.
    pub fn remainder(&self) -> Four {
        let left_out = [
            &self.repeated,
            &self.copies,
            &self.replays,
            &self.progress,
            &self.synthetic,
            &self.no_time,
            &self.other_types,
        ];
        self.naive.tokens - left_out.into_iter().map(|part| part.tokens).sum() + self.pieced_together
    }

    /// Takes in a message that is counted and all lines that tell it.
    pub(crate) fn message(&mut self, counted: &Counted, lines: &[&Heard], sessions: &Interner<SessionId>) {
        let Some(best) = speaker(lines, sessions) else { return };
        self.counted.add(counted);
        self.pieced_together += Four::from(counted.counts) - best.counts.into();
        if best.form == Form::Advisor {
            self.advisors.add(counted);
        }
        if best.side {
            self.aside.add(counted);
        }
        if best.form == Form::Progress {
            self.progress_alone.add(counted);
        }
        for &heard in lines {
            self.naive.add(heard);
            if !std::ptr::eq(heard, best) {
                self.again(heard, best).add(heard);
            }
        }
    }

    /// Takes in a line that is not counted.
    pub(crate) fn left_out(&mut self, heard: &Heard, why: LeftOut) {
        self.naive.add(heard);
        let part = match why {
            LeftOut::Synthetic => &mut self.synthetic,
            LeftOut::NoTime => &mut self.no_time,
            LeftOut::OtherType => &mut self.other_types,
        };
        part.add(heard);
    }

    /// What a line is that tells again what another speaks for.
    fn again(&mut self, heard: &Heard, best: &Heard) -> &mut Part {
        if heard.form == Form::Progress {
            &mut self.progress
        } else if heard.side && !best.side {
            &mut self.replays
        } else if heard.log == best.log {
            &mut self.repeated
        } else {
            &mut self.copies
        }
    }
}

/// The line that speaks for a message: in the main conversation, with the most tokens, where it was first told.
fn speaker<'a>(lines: &[&'a Heard], sessions: &Interner<SessionId>) -> Option<&'a Heard> {
    let first = lines.iter().min_by(|a, b| a.order(b, sessions))?;
    let rank = |heard: &&&'a Heard| {
        let total = heard.counts_by(Stage::OURS).total();
        (!heard.side, heard.form != Form::Progress, total, heard.log == first.log)
    };
    // The first of equals: the last one is what `max_by_key` would give.
    lines.iter().rev().max_by_key(rank).copied()
}
