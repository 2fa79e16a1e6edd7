//! Recomputes all costs after prices have changed.
//!
//! Each message is priced with the prices of its day. Token counts are unchanged, and everything is one transaction.

use redb::{ReadableTable, WriteTransaction};
use rustc_hash::FxHashMap;
use token_monitor_core::interner::{ModelId, RunId, SessionId};
use token_monitor_core::ledger::{BucketKey, Contribution, Ledger, SubagentRunKey};
use token_monitor_core::money::CostSum;
use token_monitor_core::time::Slot;

use crate::encoding;
use crate::error::DbError;
use crate::read::ReadTables;
use crate::schema::{BUCKETS, RUNS, SESSIONS};

/// The repriced costs of all buckets and runs.
#[derive(Default)]
pub(crate) struct RepricedTotals {
    buckets: FxHashMap<BucketKey, CostSum>,
    runs: FxHashMap<SubagentRunKey, CostSum>,
}

impl RepricedTotals {
    /// Computes the costs of all messages with the ledger's prices.
    pub(crate) fn compute(tables: &ReadTables, ledger: &Ledger) -> Result<Self, DbError> {
        let mut totals = Self::default();
        for message in tables.all_messages()? {
            totals.add(&message?.contribution(&ledger.pricing, &ledger.names));
        }
        Ok(totals)
    }

    fn add(&mut self, contribution: &Contribution) {
        let (cost, tokens) = (contribution.priced.cost, contribution.priced.usage.total());
        self.buckets.entry(contribution.bucket).or_default().add(cost, tokens);
        if let Some(run) = contribution.run {
            self.runs.entry(run).or_default().add(cost, tokens);
        }
    }

    /// Replaces the costs of the ledger's sessions and of its total.
    pub(crate) fn apply_to(&self, ledger: &mut Ledger) {
        let mut totals: FxHashMap<(SessionId, ModelId), CostSum> = FxHashMap::default();
        for (key, cost) in &self.buckets {
            totals.entry((key.session, key.model)).or_default().merge(cost);
        }
        ledger.total.cost = CostSum::default();
        for (&id, session) in &mut ledger.sessions {
            for (model, sum) in session.models.iter_mut() {
                sum.cost = totals.get(&(id, model)).copied().unwrap_or_default();
                ledger.total.cost.merge(&sum.cost);
            }
        }
    }

    /// Writes the costs to all tables.
    pub(crate) fn write(&self, write: &WriteTransaction, old: &ReadTables, ledger: &Ledger) -> Result<(), DbError> {
        let mut buckets = write.open_table(BUCKETS)?;
        for row in old.bucket_range(Slot(i32::MIN)..Slot(i32::MAX))? {
            let (key, mut bucket) = row?;
            bucket.sum.cost = self.buckets.get(&key).copied().unwrap_or_default();
            buckets.insert(crate::read::bucket_row_key(key), encoding::encode_bucket(&bucket).as_slice())?;
        }
        let mut runs = write.open_table(RUNS)?;
        let keys: Vec<(u32, u32)> =
            runs.iter()?.map(|row| row.map(|(key, _)| key.value())).collect::<Result<_, _>>()?;
        for (session, run) in keys {
            let key = SubagentRunKey { session: SessionId(session), run: RunId(run) };
            let Some(mut row) = old.load_run(key)? else { continue };
            row.sum.cost = self.runs.get(&key).copied().unwrap_or_default();
            runs.insert((session, run), encoding::encode_run(&row).as_slice())?;
        }
        let mut sessions = write.open_table(SESSIONS)?;
        for (id, session) in &ledger.sessions {
            sessions.insert(id.0, encoding::encode_session(session).as_slice())?;
        }
        Ok(())
    }
}
