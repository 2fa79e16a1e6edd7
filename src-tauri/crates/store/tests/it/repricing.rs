//! New prices apply to all stored costs and change no tokens.

use token_monitor_core::pricing::{CostCalculator, CostMode, PriceBook, PriceOverrides};
use token_monitor_core::tokens::UsageSum;
use token_monitor_store::Store;

use crate::test_store::{TestStore, write_messages};

fn sum_of_buckets(store: &Store) -> UsageSum {
    let rows = store.all_buckets().expect("the read succeeds").map(|row| row.expect("a row").1.sum);
    rows.fold(UsageSum::default(), |mut all, sum| {
        all.merge(&sum);
        all
    })
}

#[test]
fn repricing_changes_all_costs_and_no_tokens() {
    let (test_store, mut ledger) = TestStore::with_messages();
    let mut store = test_store.open();
    store.load().expect("the read succeeds");
    let before = ledger.total;
    assert_eq!(sum_of_buckets(&store), before);
    let (overrides, bad) =
        PriceOverrides::parse(&serde_json::json!({ "claude-opus-5": { "input": 1, "output": 2000 } }));
    assert!(bad.is_empty());
    let pricing = CostCalculator::new(PriceBook::bundled().with_overrides(overrides), CostMode::Auto);
    ledger.pricing = pricing.clone();
    store.reprice(&mut ledger).expect("the write succeeds");
    let after = ledger.total;
    assert!(after.cost.nanos > before.cost.nanos, "opus has a higher price");
    assert_eq!(after.cost.nanos_without_kind(), 0, "all costs are computed, and without web searches");
    assert_eq!((after.tokens, after.messages), (before.tokens, before.messages));
    assert_eq!(sum_of_buckets(&store), after);
    let loaded = store.load().expect("the read succeeds");
    assert_eq!(loaded.priced_by, Some(pricing.fingerprint(&loaded.names)));
    let sessions =
        loaded.sessions.values().flat_map(|session| session.models.iter()).map(|(_, sum)| sum).sum::<UsageSum>();
    assert_eq!(sessions, after);
    let runs = ledger.sessions.keys().flat_map(|id| store.load_runs(*id).expect("the read succeeds"));
    assert!(runs.into_iter().all(|(_, run)| run.sum.cost.nanos > 0), "the runs of subagents are repriced");
}

#[test]
fn counting_continues_with_the_new_prices() {
    let (test_store, mut ledger) = TestStore::with_messages();
    let mut store = test_store.open();
    store.load().expect("the read succeeds");
    ledger.pricing = CostCalculator::new(PriceBook::bundled(), CostMode::Display);
    store.reprice(&mut ledger).expect("the write succeeds");
    write_messages(&mut store, &mut ledger, 0..40).expect("a repeated message is subtracted at its stored price");
    assert_eq!(ledger.total.cost.nanos, 0, "the logs have no costs");
    assert_eq!(sum_of_buckets(&store), ledger.total);
}
