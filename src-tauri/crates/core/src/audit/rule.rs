//! The rules by which ccusage counts differently from this program.
//!
//! They are in the order in which a comparison applies them: first the lines that ccusage omits, then those it adds,
//! then how it merges lines, and last where it assigns the sum.

use serde::Serialize;

macro_rules! rules {
    ($($(#[$meta:meta])* $name:ident => $text:literal),+ $(,)?) => {
        /// A rule of ccusage that differs from the rule of this program.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub enum CcusageRule { $($(#[$meta])* $name),+ }

        impl CcusageRule {
            /// The rules in the order of a comparison.
            pub const ALL: [Self; [$(Self::$name),+].len()] = [$(Self::$name),+];

            /// Returns a description for the report.
            pub fn description(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

rules! {
    /// ccusage searches fewer folders.
    Folder => "logs in folders it does not search",
    /// ccusage requires `"usage":{` without a space.
    #[serde(rename = "spaced")]
    SpaceAfterKey => "lines with a space after \"usage\":",
    /// ccusage drops a line if one of eleven fields is null, at any depth.
    Null => "lines with a null it does not allow",
    /// ccusage drops a line that is not exactly one record.
    Damaged => "damaged lines, and several records on one",
    /// ccusage drops a line if a required field is missing or has another type.
    Mistyped => "lines with a field missing or mistyped",
    /// ccusage only parses timestamps of 20, 24, 25 or 29 characters.
    #[serde(rename = "timeForm")]
    TimestampFormat => "timestamps it does not read, or none",
    /// ccusage requires a version of three numbers.
    Version => "versions that are not three numbers",
    /// ccusage drops a line with an empty message id, session, request id or model.
    EmptyId => "lines with an empty id or model",
    /// ccusage only reads an advisor call if all iterations of the message have the expected form.
    Advisor => "advisor calls it does not read",
    /// ccusage ignores progress lines in all commands except `daily`.
    Progress => "progress lines, which only its daily reads",
    /// ccusage counts synthetic messages.
    Synthetic => "synthetic entries, which it counts",
    /// ccusage counts usage in records of any type.
    OtherTypes => "records of other types, which it counts",
    /// ccusage ignores the total of cache writes if the split by duration is present.
    CacheSplit => "cache writes by their split, not their total",
    /// ccusage keeps one line of a message. This program keeps the maximum of each count.
    BestLine => "the line with the most tokens, not the largest counts",
    /// ccusage assigns a progress line to the main conversation unless the line is marked as a sidechain.
    ProgressAside => "progress lines taken for main lines",
    /// ccusage treats the same message id with another request id as another message.
    Requests => "messages matched by request id, too",
    /// ccusage counts every line without a message id.
    #[serde(rename = "nameless")]
    MissingId => "lines without a message id, each counted",
    /// ccusage matches a replay, or a line without a request id, only within one session.
    Sessions => "replays and copies in another session",
    /// ccusage matches some of these lines only at the same timestamp.
    Instants => "repetitions at another instant",
    /// ccusage takes the day from the line it keeps. This program takes it from the earliest line.
    Day => "the day of the line it keeps",
    /// ccusage takes the session from the path of the line it keeps. This program takes it from the earliest line itself.
    PathSession => "the session by the file's path",
}

/// The rules of a step of the comparison: those before an index are ccusage's, the others are this program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RuleSet(usize);

impl RuleSet {
    /// The rules of this program only.
    pub(crate) const OURS: Self = Self(0);

    /// Returns ccusage's rules up to and including a rule.
    pub(crate) fn up_to(rule: CcusageRule) -> Self {
        Self(rule as usize + 1)
    }

    /// Returns true if ccusage's version of a rule applies.
    pub(crate) fn adopts(self, rule: CcusageRule) -> bool {
        (rule as usize) < self.0
    }
}
