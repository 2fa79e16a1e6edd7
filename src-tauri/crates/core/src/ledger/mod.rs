//! The ledger: each message counted once, with totals by session, subagent run, day, block and model.

pub(crate) mod batch;
pub(crate) mod bucket;
pub(crate) mod contribution;
pub(crate) mod daily_sums;
pub(crate) mod lookup;
pub(crate) mod message;
pub(crate) mod message_key;
pub(crate) mod prompts;
pub(crate) mod pull_request;
pub(crate) mod recent_buckets;
pub(crate) mod reported_totals;
pub(crate) mod session;
pub(crate) mod subagent_run;
pub(crate) mod totals;
pub(crate) mod usage_by_model;

pub use batch::{Batch, StoredOrphanTitle};
pub use bucket::Bucket;
pub use contribution::{BucketKey, Contribution, SlotOffset, SubagentRunKey};
pub use daily_sums::DailySums;
pub use lookup::LedgerLookup;
pub use message::{Message, MessageObservation, Occurrence, UsageReport};
pub use message_key::MessageKey;
pub use prompts::{CacheTtl, Prompt, PromptMiss, SessionPrompts};
pub use pull_request::{PullRequestLink, link_of_slot};
pub use recent_buckets::RecentBuckets;
pub use reported_totals::{ReportedExcess, ReportedTotals};
pub use session::{Session, SessionContext};
pub use subagent_run::SubagentRun;
pub use totals::Ledger;
pub use usage_by_model::UsageByModel;
