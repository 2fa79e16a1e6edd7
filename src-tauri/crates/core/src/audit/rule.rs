//! The rules by which ccusage counts otherwise than we do, in the order in which a comparison goes through them:
//! first what it leaves out, then what it adds, then how it merges, last where it puts the sum.

use serde::Serialize;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident => $text:literal),+ $(,)?) => {
        /// One rule of ccusage's that is not ours.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Rule { $($(#[$doc])* $name),+ }

        impl Rule {
            /// All of them, in the order of a comparison.
            pub const ALL: [Self; [$(Self::$name),+].len()] = [$(Self::$name),+];

            /// In words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

rules! {
    /// It searches fewer folders.
    Folder => "logs in folders it does not search",
    /// It looks for `"usage":{` without a space.
    Spaced => "lines with a space after \"usage\":",
    /// It drops a line where one of eleven fields is null, at any depth.
    Null => "lines with a null it does not allow",
    /// It reads a line as exactly one record, or not at all.
    Damaged => "damaged lines, and several records on one",
    /// It drops a line where a field it reads is missing or of another type.
    Mistyped => "lines with a field missing or mistyped",
    /// It reads a timestamp of 20, 24, 25 or 29 characters.
    TimeForm => "timestamps it does not read, or none",
    /// It wants a version of three numbers.
    Version => "versions that are not three numbers",
    /// It drops a line with an empty id, session, request or model.
    EmptyId => "lines with an empty id or model",
    /// It reads an advisor call only where all iterations of the message are as it expects.
    Advisor => "advisor calls it does not read",
    /// All its commands but `daily` pass over progress lines.
    Progress => "progress lines, which only its daily reads",
    /// It counts what no model answered.
    Synthetic => "synthetic entries, which it counts",
    /// It takes usage from any record, whatever its type.
    OtherTypes => "records of other types, which it counts",
    /// It ignores the total of cache writes where the split is there.
    CacheSplit => "cache writes by their split, not their total",
    /// It keeps one line of a message, we keep the largest of each count.
    BestLine => "the line with the most tokens, not the largest counts",
    /// It takes a progress line for the main conversation unless that says otherwise.
    ProgressAside => "progress lines taken for main lines",
    /// To it, the same message under another request id is another message.
    Requests => "messages matched by request id, too",
    /// It counts every line without a message id.
    Nameless => "lines without a message id, each counted",
    /// It matches a replay, or a line without a request id, within one session.
    Sessions => "replays and copies in another session",
    /// It matches some of them at one instant only.
    Instants => "repetitions at another instant",
    /// It takes the day from the line it keeps, we from the earliest.
    Day => "the day of the line it keeps",
    /// It takes the session from the path of the line it keeps, we from the earliest line's own word.
    PathSession => "the session by the file's path",
}

/// How far a comparison has come: the rules before this are ccusage's, the others still ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stage(usize);

impl Stage {
    /// All rules are ours.
    pub(crate) const OURS: Self = Self(0);

    /// The stage after a rule was switched.
    pub(crate) fn after(rule: Rule) -> Self {
        Self(rule as usize + 1)
    }

    /// Whether a rule is ccusage's by now.
    pub(crate) fn follows(self, rule: Rule) -> bool {
        (rule as usize) < self.0
    }
}
