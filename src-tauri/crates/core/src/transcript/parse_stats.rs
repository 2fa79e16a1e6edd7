//! How much of a log was understood.
//!
//! Skipped input is data: it is counted by reason and shown in diagnostics, and a log's tally is kept with its
//! cursor, so reading a log again never counts its lines twice.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident => $text:literal),+ $(,)?) => {
        /// Why something in a log was not counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Reason { $($(#[$doc])* $name),+ }

        impl Reason {
            /// All of them, in their stored order; new ones go to the end.
            pub const ALL: [Self; [$(Self::$name),+].len()] = [$(Self::$name),+];

            /// In words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

reasons! {
    /// Nothing on the line could be read.
    NotJson => "lines that are not JSON",
    /// Something on the line could not be read; what could was counted.
    Damaged => "damaged lines, partly recovered",
    /// The line is longer than anything Claude Code writes.
    TooLong => "lines over 64 MiB",
    /// Usage without a timestamp, and none before it.
    NoTime => "entries without a time",
    /// Claude Code's own placeholder, which no model answered.
    Synthetic => "synthetic entries",
    /// A count that is negative, fractional, huge or no number; it was read as zero.
    NotACount => "counts that are no whole number",
}

/// What was found in a log so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines that are not blank.
    pub lines: u64,
    /// Records with usage that were counted, repetitions among them.
    pub entries: u64,
    /// What was skipped, by reason.
    pub skips: [u64; Reason::ALL.len()],
}

impl Tally {
    /// Counts something skipped.
    pub fn skip(&mut self, reason: Reason) {
        self.skips[reason as usize] += 1;
    }

    /// How often something was skipped for this reason.
    pub fn skipped(&self, reason: Reason) -> u64 {
        self.skips[reason as usize]
    }

    /// Adds what was found further on.
    pub fn join(&mut self, other: &Self) {
        self.lines += other.lines;
        self.entries += other.entries;
        for (sum, more) in self.skips.iter_mut().zip(other.skips) {
            *sum += more;
        }
    }
}
