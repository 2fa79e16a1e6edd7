//! Parsing of Claude Code's transcript logs: from the bytes of a line to records.

pub(crate) mod cursor;
pub(crate) mod interpret;
pub(crate) mod lenient_json;
pub(crate) mod limit_message;
pub(crate) mod line;
pub(crate) mod parse_stats;
pub(crate) mod salvage;
pub(crate) mod schema;
pub(crate) mod split;
pub(crate) mod title;

pub use cursor::{Carry, Cursor, FileId, Look, Prints, Resume};
pub use limit_message::{LimitNotice, read_limit};
pub use line::{Entry, Lines, Place, Said, Summary, last_moment};
pub use parse_stats::{Reason, Tally};
pub use title::{Title, TitleKind, Titled};
