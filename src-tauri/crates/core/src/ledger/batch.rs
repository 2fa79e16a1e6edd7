//! Changes that have been counted and not yet written to the store.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interner::SessionId;
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
    /// The new state of changed buckets. An empty bucket has to be removed.
    pub buckets: FxHashMap<BucketKey, Bucket>,
    /// The new state of changed subagent runs.
    pub runs: FxHashMap<SubagentRunKey, SubagentRun>,
    /// The sessions that changed. Their new state is in the ledger.
    pub sessions: FxHashSet<SessionId>,
    /// New quota readings.
    pub readings: Vec<Reading>,
}

impl Batch {
    /// Returns true if there are no changes.
    pub fn is_empty(&self) -> bool {
        let Self { messages, buckets, runs, sessions, readings } = self;
        messages.is_empty() && buckets.is_empty() && runs.is_empty() && sessions.is_empty() && readings.is_empty()
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
