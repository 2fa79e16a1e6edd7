//! The fear: prices change, and what was counted before keeps the old ones, or loses its tokens.

use token_monitor_core::pricing::{CostMode, Overrides, PriceBook, Pricing};
use token_monitor_core::tokens::Sum;
use token_monitor_store::Store;

use crate::fixture::{Place, write};

fn by_buckets(store: &Store) -> Sum {
    let rows = store.all_buckets().expect("they can be read").map(|row| row.expect("a row").1.sum);
    rows.fold(Sum::default(), |mut all, sum| {
        all.join(&sum);
        all
    })
}

#[test]
fn new_prices_hold_for_everything_counted_before_and_change_no_tokens() {
    let (place, mut ledger) = Place::filled();
    let mut store = place.open();
    store.load().expect("it can be read");
    let before = ledger.total;
    assert_eq!(by_buckets(&store), before);
    let (overrides, bad) = Overrides::read(&serde_json::json!({ "claude-opus-5": { "input": 1, "output": 2000 } }));
    assert!(bad.is_empty());
    let pricing = Pricing::new(PriceBook::bundled().overridden(overrides), CostMode::Auto);
    ledger.pricing = pricing.clone();
    store.reprice(&mut ledger).expect("it is written");
    let after = ledger.total;
    assert!(after.bill.nanos > before.bill.nanos, "opus costs more now");
    assert_eq!((after.tokens, after.messages), (before.tokens, before.messages));
    assert_eq!(by_buckets(&store), after);
    let loaded = store.load().expect("it can be read");
    assert_eq!(loaded.priced_by, Some(pricing.fingerprint(&loaded.names)));
    let sessions = loaded.sessions.values().flat_map(|session| session.models.values()).sum::<Sum>();
    assert_eq!(sessions, after);
    let runs = ledger.sessions.keys().flat_map(|id| store.runs_of(*id).expect("they can be read"));
    assert!(runs.into_iter().all(|(_, run)| run.sum.bill.nanos > 0), "the runs of subagents as well");
}

#[test]
fn counting_goes_on_by_the_new_prices() {
    let (place, mut ledger) = Place::filled();
    let mut store = place.open();
    store.load().expect("it can be read");
    ledger.pricing = Pricing::new(PriceBook::bundled(), CostMode::Display);
    store.reprice(&mut ledger).expect("it is written");
    write(&mut store, &mut ledger, 0..40).expect("what is counted again is taken back at the price it was added at");
    assert_eq!(ledger.total.bill.nanos, 0, "no log says what these cost");
    assert_eq!(by_buckets(&store), ledger.total);
}
