//! Access to messages, buckets and runs that were counted earlier and are not kept in memory.

use crate::ledger::bucket::Bucket;
use crate::ledger::contribution::{BucketKey, SubagentRunKey};
use crate::ledger::message::Message;
use crate::ledger::message_key::MessageKey;
use crate::ledger::subagent_run::SubagentRun;

/// A source of earlier counted messages, buckets and runs, usually the store.
pub trait LedgerLookup {
    /// The error of a failed lookup.
    type Error;
    /// Returns a message, if it was ever counted.
    fn find_message(&self, key: MessageKey) -> Result<Option<Message>, Self::Error>;
    /// Returns the key that replaces a key, if there is one.
    fn find_alias(&self, key: MessageKey) -> Result<Option<MessageKey>, Self::Error>;
    /// Returns a bucket, if it has any message.
    fn find_bucket(&self, key: BucketKey) -> Result<Option<Bucket>, Self::Error>;
    /// Returns a subagent run, if it is known.
    fn find_run(&self, key: SubagentRunKey) -> Result<Option<SubagentRun>, Self::Error>;
}
