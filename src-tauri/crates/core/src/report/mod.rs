//! The report: builds the public figures of every surface from the ledger.

mod agents;
pub(crate) mod block_history;
pub(crate) mod comparison;
pub(crate) mod context;
pub(crate) mod convert;
pub mod grouped;
pub(crate) mod history;
pub(crate) mod limit_level;
pub(crate) mod limit_usage;
pub mod model;
mod prompts;
pub(crate) mod pull_requests;
pub(crate) mod session;
pub(crate) mod session_query;
pub(crate) mod snapshot;
pub(crate) mod timeline;

pub use comparison::{compare_today, typical_day, typical_day_slots};
pub use context::{BlockHistoryStats, SessionMetadataMap, SessionNotes, ViewContext, known_blocks};
pub use convert::day_stats;
pub use history::{DailyBreakdown, slots_between};
pub use limit_level::LimitLevel;
pub use pull_requests::PullRequestSums;
pub use session_query::SessionFilter;
pub use snapshot::SnapshotBuilder;
pub use timeline::Timeline;
