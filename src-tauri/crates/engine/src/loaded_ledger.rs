//! The ledger as it is loaded from the store.

use std::panic::resume_unwind;
use std::thread;

use rustc_hash::FxHashMap;
use token_monitor_core::interner::LogId;
use token_monitor_core::ledger::Ledger;
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::Cursor;
use token_monitor_store::{Store, StoreError};

use crate::ingest::orphan_titles::OrphanTitles;

/// The number of sessions whose last prompt is remembered over a restart, more than are resumed.
const MAX_PROMPTS: usize = 1_000;

/// The ledger, with what is loaded together with it.
pub(crate) struct LoadedLedger {
    pub(crate) ledger: Ledger,
    pub(crate) orphan_titles: OrphanTitles,
    pub(crate) cursors: FxHashMap<LogId, Cursor>,
    /// True until all logs were read again by the current rules, after an update of the program.
    pub(crate) is_reread_pending: bool,
}

impl LoadedLedger {
    /// Loads the ledger. Recomputes all costs if they were computed with other prices.
    pub(crate) fn load(store: &mut Store, pricing: CostCalculator, now: Timestamp) -> Result<Self, StoreError> {
        let loaded = store.load()?;
        let mut ledger = Ledger::new(loaded.names, loaded.sessions, store.load_recent(now)?, pricing);
        ledger.keep_latest_prompts(MAX_PROMPTS);
        let priced = loaded.priced_by == Some(ledger.pricing.fingerprint(&ledger.names));
        if !priced && !ledger.sessions.is_empty() {
            store.reprice(&mut ledger)?;
            ledger.recent = store.load_recent(now)?;
        }
        let orphan_titles = OrphanTitles::load(loaded.orphan_titles, &ledger.names.logs);
        let (cursors, is_reread_pending) = (loaded.cursors, loaded.is_reread_pending);
        Ok(Self { ledger, orphan_titles, cursors, is_reread_pending })
    }

    /// Loads the ledger on a thread of its own, which allocates from another part of the heap than this thread. Returns
    /// None if no thread can be started.
    pub(crate) fn load_on_thread(
        store: &mut Store,
        pricing: CostCalculator,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        thread::scope(|scope| {
            let loader = thread::Builder::new().spawn_scoped(scope, || Self::load(store, pricing, now));
            loader.ok().map(|loader| loader.join().unwrap_or_else(|panic| resume_unwind(panic))).transpose()
        })
    }
}
