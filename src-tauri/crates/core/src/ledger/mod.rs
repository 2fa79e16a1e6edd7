//! The ledger: each message counted once, with totals by session, subagent run, day, block and model.

pub(crate) mod bucket;
pub(crate) mod message;
pub(crate) mod message_key;
pub(crate) mod recent_buckets;
pub(crate) mod reported_totals;
pub(crate) mod session;
pub(crate) mod subagent_run;
pub(crate) mod totals;

pub use bucket::{Bucket, BucketKey, Mark};
pub use message::{Message, Seen, Share, Sighting, Told};
pub use message_key::Key;
pub use recent_buckets::Recent;
pub use reported_totals::Counter;
pub use session::{Scene, Session};
pub use subagent_run::{Run, RunKey};
pub use totals::{Batch, Ledger, LedgerLookup};
