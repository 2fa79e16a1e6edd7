//! Grouped reports: gives a collector the sums it needs, from memory and from the store.

use token_monitor_core::blocks::Block;
use token_monitor_core::ledger::BucketKey;
use token_monitor_core::report::grouped::{MessageGroup, ReportCollector, ReportSelection, ReportSource};
use token_monitor_core::report::model::{Report, ReportQuery};
use token_monitor_core::report::{BlockHistoryStats, SessionFilter};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::UsageSum;
use token_monitor_store::StoreError;

use crate::actor::queries::view::EngineView;
use crate::ledger_store::LedgerStore;

/// Returns a report. `blocks` are all blocks and gaps; they are only needed to group by block.
pub(crate) fn report(
    view: &EngineView<'_>,
    query: &ReportQuery,
    blocks: &[Block],
    now: Timestamp,
) -> Result<Report, StoreError> {
    let (store, stats) = (&view.storage.ledger_store, BlockHistoryStats::default());
    let builder = view.builder_with_stats(now, &stats);
    let zone = query.zone.unwrap_or(view.live.zone);
    let mut selection = ReportSelection::new(&query.filter, &store.ledger, &store.session_metadata, (now, zone));
    if let Some(text) = &query.filter.search {
        let all = SessionFilter { include_unlisted: true, ..SessionFilter::default() };
        selection.retain_sessions(builder.filtered_sessions(&all.with_search(text)));
    }
    let week_start = view.live.settings.display.week_start;
    let mut collector = ReportCollector::new(&builder, query, &selection, week_start, blocks);
    let is_selected = |key: &BucketKey| selection.contains(key.session, key.model);
    match ReportCollector::source(query, &selection) {
        ReportSource::Sessions => add_sessions(store, &selection, &mut collector),
        ReportSource::Sums => {
            store.for_each_sum(selection.slots(), is_selected, |key, sum| collector.add(&key.into(), sum))?;
        }
        ReportSource::Buckets => {
            store.for_each_bucket(selection.slots(), is_selected, |key, bucket| collector.add_bucket(key, bucket))?;
        }
        ReportSource::Messages => add_messages(store, &selection, &mut collector)?,
    }
    Ok(Report { completeness: view.completeness(), ..collector.finish() })
}

fn add_sessions(store: &LedgerStore, selection: &ReportSelection, collector: &mut ReportCollector<'_>) {
    for (&session, figures) in &store.ledger.sessions {
        for (model, sum) in figures.models.iter().filter(|(model, _)| selection.contains(session, *model)) {
            collector.add(&MessageGroup { slot: None, session, model, agent: None }, sum);
        }
    }
}

/// Adds all messages one by one, as far as they are written.
fn add_messages(
    store: &LedgerStore,
    selection: &ReportSelection,
    collector: &mut ReportCollector<'_>,
) -> Result<(), StoreError> {
    let agents = store.store.agent_types()?;
    store.for_each_contribution(|message| {
        if selection.contains_bucket(&message.bucket) {
            let agent = message.run.map(|run| agents.get(&run).map_or("", String::as_str));
            let mut sum = UsageSum::default();
            sum.add(&message.priced);
            collector.add(&MessageGroup { agent, ..MessageGroup::from(&message.bucket) }, &sum);
        }
    })
}
