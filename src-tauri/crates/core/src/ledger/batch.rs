//! Changes that have been counted and not yet written to the store.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interner::{LogId, SessionId};
use crate::ledger::bucket::Bucket;
use crate::ledger::contribution::{BucketKey, Contribution, SubagentRunKey};
use crate::ledger::lookup::LedgerLookup;
use crate::ledger::message::Message;
use crate::ledger::message_key::MessageKey;
use crate::ledger::subagent_run::SubagentRun;
use crate::quota::Reading;

/// The changes since the last commit.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The new state of changed messages.
    pub messages: FxHashMap<MessageKey, Message>,
    /// The keys of messages that were merged into another message and have to be removed.
    pub removed_messages: FxHashSet<MessageKey>,
    /// Further keys of messages, each with the key that replaces it.
    pub aliases: FxHashMap<MessageKey, MessageKey>,
    /// The new state of changed buckets. An empty bucket has to be removed.
    pub buckets: FxHashMap<BucketKey, Bucket>,
    /// The new state of changed subagent runs.
    pub runs: FxHashMap<SubagentRunKey, SubagentRun>,
    /// The sessions that changed. Their new state is in the ledger.
    pub sessions: FxHashSet<SessionId>,
    /// New quota readings.
    pub readings: Vec<Reading>,
    /// New or changed titles of sessions that are named by a message.
    pub orphan_titles: Vec<StoredOrphanTitle>,
}

/// A title of the sessions that contain a given message. Such a message may be logged after the title was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOrphanTitle {
    /// The `uuid` of the message.
    pub message_uuid: String,
    /// The log with the title. The message is in a log of the same folder.
    pub log: LogId,
    /// The offset of the title in its log.
    pub offset: u64,
    /// The title, as stored for a session.
    pub text: String,
    /// True if the message was looked for in all logs of the folder.
    pub is_searched: bool,
}

impl Batch {
    /// Returns true if there are no changes.
    pub fn is_empty(&self) -> bool {
        let Self { messages, removed_messages, aliases, buckets, runs, sessions, readings, orphan_titles } = self;
        let no_messages = messages.is_empty() && removed_messages.is_empty() && aliases.is_empty();
        let no_sums = buckets.is_empty() && runs.is_empty() && sessions.is_empty();
        no_messages && no_sums && readings.is_empty() && orphan_titles.is_empty()
    }

    /// Returns a message, from `lookup` if it has not changed since the last commit.
    pub(crate) fn find_message<L: LedgerLookup>(
        &self,
        key: MessageKey,
        lookup: &L,
    ) -> Result<Option<Message>, L::Error> {
        match self.messages.get(&key) {
            Some(message) => Ok(Some(*message)),
            None if self.removed_messages.contains(&key) => Ok(None),
            None => lookup.find_message(key),
        }
    }

    /// Returns the key under which the message with a key is counted.
    pub(crate) fn resolve_key<L: LedgerLookup>(&self, mut key: MessageKey, lookup: &L) -> Result<MessageKey, L::Error> {
        loop {
            let next = match self.aliases.get(&key) {
                Some(next) => Some(*next),
                None => lookup.find_alias(key)?,
            };
            match next {
                Some(next) => key = next,
                None => return Ok(key),
            }
        }
    }

    /// Returns a subagent run, loaded from `lookup` if it has not changed since the last commit.
    pub(crate) fn load_run<L: LedgerLookup>(
        &mut self,
        key: SubagentRunKey,
        lookup: &L,
    ) -> Result<&mut SubagentRun, L::Error> {
        match self.runs.entry(key) {
            Entry::Occupied(loaded) => Ok(loaded.into_mut()),
            Entry::Vacant(vacant) => Ok(vacant.insert(lookup.find_run(key)?.unwrap_or_default())),
        }
    }

    /// Loads the bucket and the run that a contribution is about to change.
    pub(crate) fn load_targets<L: LedgerLookup>(
        &mut self,
        contribution: &Contribution,
        lookup: &L,
    ) -> Result<(), L::Error> {
        let Contribution { bucket, run, .. } = contribution;
        if let Entry::Vacant(vacant) = self.buckets.entry(*bucket) {
            vacant.insert(lookup.find_bucket(*bucket)?.unwrap_or_default());
        }
        if let Some(run) = run {
            self.load_run(*run, lookup)?;
        }
        Ok(())
    }
}
