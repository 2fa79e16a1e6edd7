//! Parsing of Claude Code's transcript logs: from the bytes of a line to events.

pub(crate) mod cursor;
pub(crate) mod events;
pub(crate) mod interpret;
pub(crate) mod lenient_json;
pub(crate) mod limit_message;
pub(crate) mod line;
pub(crate) mod parse_stats;
pub(crate) mod salvage;
pub(crate) mod schema;
pub(crate) mod split;
pub(crate) mod title;

pub use cursor::{ContentHashes, Cursor, FileId, FileStat, Resume, TimestampCarry};
pub use events::{FolderMove, LineContext, LogEvent, MainCall, OrphanTitle, UsageEntry};
pub use limit_message::{LimitMessage, LimitNotice, Rejection, parse_limit_message};
pub use line::{LineParser, last_timestamp};
pub use parse_stats::{ParseStats, SkipReason};
pub use title::{StoredTitle, Title, TitleKind};
