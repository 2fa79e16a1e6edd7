//! Counts and cursors after a restart.

use rustc_hash::FxHashMap;
use token_monitor_core::interner::LogId;
use token_monitor_core::ledger::{Batch, Ledger, LedgerLookup};
use token_monitor_core::time::Timestamp;
use token_monitor_store::{Safety, StoreError};

use crate::test_store::{START, TestStore, cursor_at, read_contents, write_messages};

#[test]
fn all_data_survives_a_restart() {
    let (test_store, ledger) = TestStore::with_messages();
    let mut store = test_store.open();
    let after_restart = read_contents(&mut store);
    assert_eq!(
        (after_restart.messages, after_restart.cursor),
        (20, Some(cursor_at(20))),
        "cursor and statistics are written with the messages"
    );
    assert_eq!(after_restart.sessions.len(), 4);
    for (id, session) in &after_restart.sessions {
        assert_eq!(session, &ledger.sessions[id]);
    }
    let loaded = store.load().expect("the read succeeds");
    assert_eq!(loaded.priced_by, Some(ledger.pricing.fingerprint(&ledger.names)));
    let again = Ledger::new(loaded.names, ledger.sessions.clone(), ledger.recent.clone(), ledger.pricing.clone());
    assert_eq!(again.total, ledger.total);
}

#[test]
fn recent_buckets_survive_a_restart() {
    let (test_store, ledger) = TestStore::with_messages();
    let recent = test_store.open().load_recent(Timestamp(START)).expect("the read succeeds");
    let (loaded, expected): (Vec<_>, Vec<_>) = (recent.iter().collect(), ledger.recent.iter().collect());
    assert_eq!(loaded, expected);
}

#[test]
fn messages_with_the_same_row_key_are_distinct() {
    let (test_store, _) = TestStore::with_messages();
    let store = test_store.open();
    let inputs = (0..20_u64).map(|number| {
        let key = token_monitor_core::ledger::MessageKey(u128::from(number / 2) << 64 | u128::from(number));
        store.find_message(key).expect("the read succeeds").expect("it exists").effective_report().usage.input
    });
    assert!(inputs.eq(0..20));
}

#[test]
fn a_batch_written_twice_changes_nothing() {
    let (test_store, mut ledger) = TestStore::with_messages();
    let mut store = test_store.open();
    let before = read_contents(&mut store);
    write_messages(&mut store, &mut ledger, 0..20).expect("the write succeeds");
    assert_eq!(read_contents(&mut store), before);
}

#[test]
fn the_counts_of_a_removed_log_are_kept() {
    let (test_store, ledger) = TestStore::with_messages();
    let mut store = test_store.open();
    store.load().expect("the read succeeds");
    let before = read_contents(&mut store);
    let gone = FxHashMap::from_iter([(LogId(0), None)]);
    store.write(&Batch::default(), &ledger, &gone, Safety::Durable).expect("the write succeeds");
    let after = read_contents(&mut store);
    assert_eq!((after.cursor, after.messages, &after.buckets), (None, before.messages, &before.buckets));
}

#[test]
fn compacting_changes_no_data() {
    let (test_store, _) = TestStore::with_messages();
    let mut store = test_store.open();
    let before = read_contents(&mut store);
    store.compact().expect("the store is compacted");
    assert_eq!(read_contents(&mut store), before);
}

/// Pages of earlier commits are used again.
#[test]
fn many_small_commits_do_not_let_the_file_grow() {
    let test_store = TestStore::in_memory();
    let mut ledger = Ledger::default();
    let mut store = test_store.open();
    write_messages(&mut store, &mut ledger, 0..1000).expect("the write succeeds");
    let mut rewrite = |store: &mut token_monitor_store::Store, times: u64| {
        for number in 0..times {
            let start = number * 37 % 990;
            write_messages(store, &mut ledger, start..start + 10).expect("the write succeeds");
        }
        std::fs::metadata(test_store.path()).expect("it exists").len()
    };
    let early = rewrite(&mut store, 50);
    assert_eq!(rewrite(&mut store, 400), early, "bytes after eight times as many commits");
    let before = read_contents(&mut store);
    store.compact().expect("the store is compacted");
    assert!(std::fs::metadata(test_store.path()).expect("it exists").len() <= early);
    assert_eq!(read_contents(&mut store), before);
}

#[test]
fn a_released_store_returns_closed() {
    let (test_store, mut ledger) = TestStore::with_messages();
    let mut store = test_store.open();
    store.release();
    assert!(matches!(store.message_count(), Err(StoreError::Closed { .. })));
    assert!(matches!(write_messages(&mut store, &mut ledger, 20..21), Err(StoreError::Closed { .. })));
    test_store.open();
}
