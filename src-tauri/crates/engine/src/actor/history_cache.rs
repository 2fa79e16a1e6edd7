//! Figures about past blocks and days, recomputed only when they may have changed.
//!
//! The statistics of past blocks need all of history. They are refreshed when a block ended, an hour passed or older
//! messages changed, and never during an import. The typical day is valid until the day ends or one of the days
//! before it changes.

use std::ops::Range;

use chrono_tz::Tz;
use token_monitor_core::blocks::{Block, BlockEdges, BlockPlacement, BlockPlacer};
use token_monitor_core::ledger::DailySums;
use token_monitor_core::report::model::Amount;
use token_monitor_core::report::{BlockHistoryStats, typical_day, typical_day_slots};
use token_monitor_core::time::{MICROS_PER_HOUR, Slot, Timestamp};
use token_monitor_store::StoreError;

use crate::ledger_store::LedgerStore;

/// The longest time the statistics are kept, in microseconds: a block may have ended meanwhile.
const MAX_STATS_AGE: i64 = MICROS_PER_HOUR;

/// Messages younger than this, in microseconds, belong to the open block or to one that has just ended.
const CURRENT_BLOCK_AGE: i64 = 6 * MICROS_PER_HOUR;

/// Statistics of past blocks and the typical day.
#[derive(Debug, Default)]
pub(crate) struct HistoryCache {
    pub(crate) stats: BlockHistoryStats,
    pub(crate) typical_day: Option<Amount>,
    stats_valid_until: Option<Timestamp>,
    /// The days and the zone the typical day was computed from.
    typical_day_basis: Option<(Range<Slot>, Tz)>,
    past_blocks: Option<PastBlocks>,
}

/// The blocks that ended before the recent buckets begin. Loading them reads all of history, so they are kept while
/// they are asked for, at most until the next refresh of the statistics.
#[derive(Debug)]
struct PastBlocks {
    until: Slot,
    placement: BlockPlacement,
    confirmed_windows: Vec<BlockEdges>,
    blocks: Vec<Block>,
}

impl PastBlocks {
    /// Returns true if the blocks are still those of the store.
    fn is_current(&self, store: &LedgerStore, placement: BlockPlacement) -> bool {
        self.until == store.ledger.recent.start()
            && self.placement == placement
            && self.confirmed_windows == store.confirmed_windows
    }
}

impl HistoryCache {
    /// Drops the figures that depend on messages of a slot or later ones.
    pub(crate) fn invalidate_from(&mut self, changed: Slot, now: Timestamp) {
        if changed.start() < now.minus_micros(CURRENT_BLOCK_AGE) {
            self.stats_valid_until = None;
        }
        if self.typical_day_basis.as_ref().is_some_and(|(days, _)| changed < days.end) {
            self.typical_day_basis = None;
        }
        if self.past_blocks.as_ref().is_some_and(|past| changed < past.until) {
            self.past_blocks = None;
        }
    }

    /// Drops all figures, for example because costs changed.
    pub(crate) fn invalidate(&mut self) {
        (self.stats_valid_until, self.typical_day_basis, self.past_blocks) = (None, None, None);
    }

    /// Returns true if the statistics or the typical day have to be refreshed.
    pub(crate) fn needs_refresh(&self, zone: Tz, now: Timestamp) -> bool {
        let stats_expired = self.stats_valid_until.is_none_or(|until| now >= until);
        stats_expired || self.typical_day_basis != Some((typical_day_slots(now, zone), zone))
    }

    /// Refreshes the statistics of past blocks unless they are still valid. Keeps the old ones if the store fails.
    pub(crate) fn refresh_stats(&mut self, store: &LedgerStore, placement: BlockPlacement, now: Timestamp) {
        if self.stats_valid_until.is_some_and(|until| now < until) {
            return;
        }
        if let Ok(blocks) = self.blocks(store, placement) {
            self.stats = BlockHistoryStats::from_blocks(&blocks, now);
            self.stats_valid_until = Some(Timestamp(now.0 + MAX_STATS_AGE));
            self.past_blocks = None;
        }
    }

    /// Refreshes the typical day unless it is still valid. Keeps the old one if the store fails.
    pub(crate) fn refresh_typical_day(&mut self, store: &LedgerStore, zone: Tz, now: Timestamp) {
        let basis = (typical_day_slots(now, zone), zone);
        if self.typical_day_basis.as_ref() == Some(&basis) {
            return;
        }
        let mut sums = DailySums::new(zone);
        let read = store.for_each_sum(basis.0.clone(), |_| true, |key, sum| sums.add(key, sum));
        if read.is_ok() {
            (self.typical_day, self.typical_day_basis) = (typical_day(&sums.into_sums()), Some(basis));
        }
    }

    /// Returns the blocks of all accounts in order of time. Gaps are left out if several accounts are in use.
    pub(crate) fn all_blocks(
        &mut self,
        store: &LedgerStore,
        placement: BlockPlacement,
    ) -> Result<Vec<Block>, StoreError> {
        let mut blocks = self.blocks(store, placement)?;
        if store.accounts.are_several() {
            blocks.iter_mut().for_each(|block| block.account = store.accounts.primary());
            for account in store.accounts.others() {
                let mut others = store.blocks_of_account(account, placement)?;
                others.iter_mut().for_each(|block| block.account = Some(account));
                blocks.extend(others);
            }
            blocks.retain(|block| !block.is_gap);
            blocks.sort_by_key(|block| (block.edges.start, block.account));
        }
        Ok(blocks)
    }

    /// Returns the blocks and gaps of the account used last, in order of time.
    pub(crate) fn blocks(&mut self, store: &LedgerStore, placement: BlockPlacement) -> Result<Vec<Block>, StoreError> {
        let past = match self.past_blocks.take().filter(|past| past.is_current(store, placement)) {
            Some(past) => past,
            None => load_past_blocks(store, placement)?,
        };
        let mut placer = BlockPlacer::new(placement, &store.confirmed_windows).resume_after(past.blocks.clone());
        let recent = store.ledger.recent.iter().filter(|(key, _)| store.is_of_primary_account(key.session));
        recent.for_each(|(key, bucket)| placer.add_bucket(key, bucket));
        self.past_blocks = Some(past);
        Ok(placer.finish())
    }
}

fn load_past_blocks(store: &LedgerStore, placement: BlockPlacement) -> Result<PastBlocks, StoreError> {
    let until = store.ledger.recent.start();
    let blocks = store.blocks_before(until, placement)?;
    Ok(PastBlocks { until, placement, confirmed_windows: store.confirmed_windows.clone(), blocks })
}
