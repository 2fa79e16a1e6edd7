//! Working out all costs anew, after prices changed.
//!
//! Each message is priced again at its own day; tokens are not touched. All of it is one transaction.

use redb::{ReadableTable, WriteTransaction};
use rustc_hash::FxHashMap;
use token_monitor_core::interner::{ModelId, RunId, SessionId};
use token_monitor_core::ledger::{BucketKey, Ledger, RunKey, Share};
use token_monitor_core::money::Bill;
use token_monitor_core::time::Slot;

use crate::encoding;
use crate::read::{Committed, Trouble};
use crate::schema::{BUCKETS, RUNS, SESSIONS};

/// What everything costs.
#[derive(Default)]
pub(crate) struct Bills {
    buckets: FxHashMap<BucketKey, Bill>,
    runs: FxHashMap<RunKey, Bill>,
}

impl Bills {
    /// By the ledger's prices.
    pub(crate) fn of(committed: &Committed, ledger: &Ledger) -> Result<Self, Trouble> {
        let mut bills = Self::default();
        for message in committed.messages()? {
            bills.add(&message?.share(&ledger.pricing, &ledger.names));
        }
        Ok(bills)
    }

    fn add(&mut self, share: &Share) {
        let (cost, usage) = (share.charge.cost, share.charge.usage);
        self.buckets.entry(share.bucket).or_default().add(cost, usage);
        if let Some(run) = share.run {
            self.runs.entry(run).or_default().add(cost, usage);
        }
    }

    /// Puts them into the ledger's sessions.
    pub(crate) fn settle(&self, ledger: &mut Ledger) {
        let mut bills: FxHashMap<(SessionId, ModelId), Bill> = FxHashMap::default();
        for (key, bill) in &self.buckets {
            bills.entry((key.session, key.model)).or_default().join(bill);
        }
        ledger.total.bill = Bill::default();
        for (&id, session) in &mut ledger.sessions {
            for (&model, sum) in &mut session.models {
                sum.bill = bills.get(&(id, model)).copied().unwrap_or_default();
                ledger.total.bill.join(&sum.bill);
            }
        }
    }

    /// Writes them.
    pub(crate) fn write(&self, write: &WriteTransaction, old: &Committed, ledger: &Ledger) -> Result<(), Trouble> {
        let mut buckets = write.open_table(BUCKETS)?;
        for row in old.buckets(Slot(i32::MIN)..Slot(i32::MAX))? {
            let (key, mut bucket) = row?;
            bucket.sum.bill = self.buckets.get(&key).copied().unwrap_or_default();
            buckets.insert(crate::read::bucket_place(key), encoding::bucket(&bucket).as_slice())?;
        }
        let mut runs = write.open_table(RUNS)?;
        let keys: Vec<(u32, u32)> =
            runs.iter()?.map(|row| row.map(|(key, _)| key.value())).collect::<Result<_, _>>()?;
        for (session, run) in keys {
            let key = RunKey { session: SessionId(session), run: RunId(run) };
            let Some(mut row) = old.run(key)? else { continue };
            row.sum.bill = self.runs.get(&key).copied().unwrap_or_default();
            runs.insert((session, run), encoding::run(&row).as_slice())?;
        }
        let mut sessions = write.open_table(SESSIONS)?;
        for (id, session) in &ledger.sessions {
            sessions.insert(id.0, encoding::session(session).as_slice())?;
        }
        Ok(())
    }
}
