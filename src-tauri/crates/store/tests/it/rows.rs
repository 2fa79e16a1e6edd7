//! What was counted and how far the logs were read, over a restart.

use rustc_hash::FxHashMap;
use token_monitor_core::interner::LogId;
use token_monitor_core::ledger::{Batch, Ledger, LedgerLookup};
use token_monitor_core::time::Timestamp;
use token_monitor_store::{Safety, StoreError};

use crate::fixture::{Place, START, contents, cursor, write};

#[test]
fn everything_written_is_there_after_a_restart() {
    let (place, ledger) = Place::filled();
    let mut store = place.open();
    let found = contents(&mut store);
    assert_eq!((found.messages, found.cursor), (20, Some(cursor(20))), "cursor and tally come with the messages");
    assert_eq!(found.sessions.len(), 4);
    for (id, session) in &found.sessions {
        assert_eq!(session, &ledger.sessions[id]);
    }
    let loaded = store.load().expect("it can be read");
    assert_eq!(loaded.priced_by, Some(ledger.pricing.fingerprint(&ledger.names)));
    let again = Ledger::new(loaded.names, ledger.sessions.clone(), ledger.recent.clone(), ledger.pricing.clone());
    assert_eq!(again.total, ledger.total);
}

#[test]
fn recent_buckets_are_gathered_as_they_were() {
    let (place, ledger) = Place::filled();
    let recent = place.open().recent(Timestamp(START)).expect("they can be read");
    let (there, here): (Vec<_>, Vec<_>) = (recent.iter().collect(), ledger.recent.iter().collect());
    assert_eq!(there, here);
}

#[test]
fn messages_that_share_half_their_key_do_not_mix() {
    let (place, _) = Place::filled();
    let store = place.open();
    let inputs = (0..20_u64).map(|number| {
        let key = token_monitor_core::ledger::Key(u128::from(number / 2) << 64 | u128::from(number));
        store.message(key).expect("it can be read").expect("it is there").told().usage.input
    });
    assert!(inputs.eq(0..20));
}

#[test]
fn a_batch_written_twice_changes_nothing() {
    let (place, mut ledger) = Place::filled();
    let mut store = place.open();
    let before = contents(&mut store);
    write(&mut store, &mut ledger, 0..20).expect("it is written");
    assert_eq!(contents(&mut store), before);
}

#[test]
fn a_forgotten_log_leaves_what_was_counted_from_it() {
    let (place, ledger) = Place::filled();
    let mut store = place.open();
    store.load().expect("it can be read");
    let before = contents(&mut store);
    let gone = FxHashMap::from_iter([(LogId(0), None)]);
    store.write(&Batch::default(), &ledger, &gone, Safety::Durable).expect("it is written");
    let after = contents(&mut store);
    assert_eq!((after.cursor, after.messages, &after.buckets), (None, before.messages, &before.buckets));
}

#[test]
fn compacting_changes_nothing_but_the_size() {
    let (place, _) = Place::filled();
    let mut store = place.open();
    let before = contents(&mut store);
    store.compact().expect("it compacts");
    assert_eq!(contents(&mut store), before);
}

#[test]
fn a_store_that_was_let_go_says_so() {
    let (place, mut ledger) = Place::filled();
    let mut store = place.open();
    store.let_go();
    assert!(matches!(store.message_count(), Err(StoreError::Closed { .. })));
    assert!(matches!(write(&mut store, &mut ledger, 20..21), Err(StoreError::Closed { .. })));
    place.open();
}
