//! A process that ends during a write leaves complete batches, with their cursors.
//!
//! Power cuts are in `power_cuts`.

use std::fs;

use proptest::prelude::*;
use token_monitor_core::ledger::Ledger;
use token_monitor_store::Store;
use token_monitor_test_support::property_cases;

use crate::test_store::{TestStore, cursor_at, read_contents, write_messages};

#[test]
fn an_uncommitted_write_changes_nothing() {
    let (test_store, _) = TestStore::with_messages();
    let before = read_contents(&mut test_store.open());
    let messages = redb::TableDefinition::<u64, &[u8]>::new("messages");
    let database = redb::Database::open(test_store.path()).expect("the store opens");
    let write = database.begin_write().expect("the write succeeds");
    write.open_table(messages).expect("it exists").insert(7, &[1_u8, 2, 3][..]).expect("the row is inserted");
    drop((write, database));
    assert_eq!(read_contents(&mut test_store.open()), before);
}

#[test]
fn a_dropped_store_loses_nothing() {
    let test_store = TestStore::new();
    let mut ledger = Ledger::default();
    let mut store = test_store.open();
    write_messages(&mut store, &mut ledger, 0..20).expect("the write succeeds");
    let before_drop = read_contents(&mut store);
    drop(store);
    assert_eq!(read_contents(&mut test_store.open()), before_drop);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(16)) })]

    /// A killed process leaves the file as it is between two writes. A copy simulates such a file.
    #[test]
    fn a_killed_process_leaves_complete_batches(sizes in prop::collection::vec(1..30_u64, 1..8)) {
        let (test_store, copy) = (TestStore::new(), TestStore::new());
        fs::create_dir(copy.path().parent().expect("the path has a parent")).expect("a folder");
        let mut ledger = Ledger::default();
        let mut store = test_store.open();
        let mut written = 0;
        for size in sizes {
            write_messages(&mut store, &mut ledger, written..written + size).expect("the write succeeds");
            written += size;
            fs::copy(test_store.path(), copy.path()).expect("a copy");
            let copied = read_contents(&mut Store::open(&copy.path()).expect("the copy is repaired"));
            prop_assert_eq!((copied.messages, copied.cursor), (written, Some(cursor_at(written))));
            prop_assert_eq!(copied, read_contents(&mut store));
        }
    }
}
