//! Queries about all of history: blocks, days and models.

use std::ops::Range;

use chrono::NaiveDate;
use chrono_tz::Tz;
use token_monitor_core::blocks::Block;
use token_monitor_core::ledger::DailySums;
use token_monitor_core::report::model::{BlockHistory, History, HistoryBy, Totals};
use token_monitor_core::report::{BlockHistoryStats, DailyBreakdown, day_stats, slots_between};
use token_monitor_core::time::{Slot, Timestamp, calendar};
use token_monitor_core::tokens::UsageSum;
use token_monitor_store::StoreError;

use crate::actor::queries::view::EngineView;
use crate::api::Response;

/// The range of all slots.
const ALL_SLOTS: Range<Slot> = Slot(i32::MIN)..Slot(i32::MAX);

/// Returns a page of the blocks and gaps, the latest first.
pub(crate) fn block_history(
    view: &EngineView<'_>,
    blocks: &[Block],
    (offset, limit): (usize, usize),
    now: Timestamp,
) -> BlockHistory {
    view.builder(now).block_history(blocks, offset..offset.saturating_add(limit))
}

/// Returns all blocks and gaps, the oldest first, and their totals.
pub(crate) fn blocks(view: &EngineView<'_>, blocks: &[Block], now: Timestamp) -> Response {
    let store = &view.storage.ledger_store;
    let totals = Totals::from(&blocks.iter().map(|block| &block.sum).sum::<UsageSum>());
    let to_row = |block: &Block| block.to_billing_block(now, &store.ledger.names.models, &store.accounts);
    Response::Blocks(blocks.iter().map(to_row).collect(), totals)
}

/// Returns all days with messages in a zone, and their totals.
pub(crate) fn days(view: &EngineView<'_>, zone: Tz) -> Result<Response, StoreError> {
    let mut sums = DailySums::new(zone);
    view.storage.ledger_store.for_each_sum(ALL_SLOTS, |_| true, |key, sum| sums.add(key, sum))?;
    let (days, all) = day_stats(sums);
    Ok(Response::Days(days, Totals::from(&all)))
}

/// Returns all models and their totals.
pub(crate) fn models(view: &EngineView<'_>, now: Timestamp) -> Response {
    let models = view.builder_with_stats(now, &BlockHistoryStats::default()).model_stats();
    Response::Models(models, Totals::from(&view.storage.ledger_store.ledger.total))
}

/// Returns the days of a range with their parts. The range starts with the first day that has messages and ends
/// today unless given.
pub(crate) fn history(
    view: &EngineView<'_>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    by: HistoryBy,
    now: Timestamp,
) -> Result<History, StoreError> {
    let (store, zone) = (&view.storage.ledger_store, view.live.zone);
    let to = to.unwrap_or_else(|| calendar::local_date(now, zone));
    let mut days = DailyBreakdown::new(&store.ledger, &store.session_metadata, by, zone);
    store.for_each_sum(slots_between(from, to, zone), |_| true, |key, sum| days.add_bucket(key, sum))?;
    Ok(days.finish(from, to))
}
