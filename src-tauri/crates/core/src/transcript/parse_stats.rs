//! Statistics of the parsed part of a log.
//!
//! Skipped input is counted by reason and shown in diagnostics. The statistics of a log are stored with its cursor,
//! so reading a log again does not count its lines twice.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident => $text:literal),+ $(,)?) => {
        /// A reason for not counting a part of a log.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum SkipReason { $($(#[$doc])* $name),+ }

        impl SkipReason {
            /// The reasons in their stored order. New reasons must be appended.
            pub const ALL: [Self; [$(Self::$name),+].len()] = [$(Self::$name),+];

            /// Returns a description for diagnostics.
            pub fn description(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

reasons! {
    /// The line has no readable record.
    NotJson => "lines that are not JSON",
    /// A part of the line is unreadable. The rest was counted.
    Damaged => "damaged lines, partly recovered",
    /// The line is longer than any line of Claude Code.
    TooLong => "lines over 64 MiB",
    /// An entry has no timestamp, and no line before it has one.
    NoTime => "entries without a time",
    /// An entry is a synthetic message of Claude Code.
    Synthetic => "synthetic entries",
    /// A count is not an integer from 0 to 2^63 - 1. It was read as zero.
    NotACount => "counts that are not whole numbers",
}

/// The statistics of the parsed part of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParseStats {
    /// The number of lines that are not blank.
    pub lines: u64,
    /// The number of records with usage that were counted, including repetitions.
    pub entries: u64,
    /// The number of skipped items by reason.
    pub skips: [u64; SkipReason::ALL.len()],
}

impl ParseStats {
    /// Counts a skipped item.
    pub fn count_skip(&mut self, reason: SkipReason) {
        self.skips[reason as usize] += 1;
    }

    /// Returns the number of items skipped for a reason.
    pub fn skip_count(&self, reason: SkipReason) -> u64 {
        self.skips[reason as usize]
    }

    /// Adds the statistics of a later part.
    pub fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.entries += other.entries;
        for (sum, more) in self.skips.iter_mut().zip(other.skips) {
            *sum += more;
        }
    }
}
