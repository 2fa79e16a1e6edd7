//! A store of an earlier format is migrated without loss.

use std::fs;

use token_monitor_core::ledger::Ledger;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::UsageSum;
use token_monitor_store::Store;

use crate::test_store::TestStore;

/// A store of format 1, without costs: 40 messages of two models in one session, and one name.
pub(crate) const FORMAT_1: &[u8] = include_bytes!("files/format-1.db");

fn store_of_format_1() -> TestStore {
    let test_store = TestStore::new();
    fs::create_dir(test_store.path().parent().expect("the path has a parent")).expect("a folder");
    fs::write(test_store.path(), FORMAT_1).expect("a file");
    test_store
}

fn load_ledger(store: &mut Store) -> Ledger {
    let loaded = store.load().expect("the read succeeds");
    let recent = store.load_recent(Timestamp(1_795_000_000_000_000)).expect("the read succeeds");
    Ledger::new(loaded.names, loaded.sessions, recent, token_monitor_core::pricing::CostCalculator::default())
}

#[test]
fn a_store_of_format_1_keeps_its_data_and_is_backed_up() {
    let test_store = store_of_format_1();
    let mut store = test_store.open();
    let loaded = store.load().expect("the read succeeds");
    assert_eq!((loaded.priced_by, loaded.cursors.len()), (None, 0), "the logs are read again");
    let mut ledger = load_ledger(&mut store);
    assert_eq!((ledger.total.messages, ledger.total.tokens.total()), (40, 866_620));
    assert_eq!(ledger.total.tokens.to_array(), [780, 7_840, 78_000, 46_800, 780_000, 20, 0]);
    let id = "5a5a5a5a-0000-4000-8000-000000000001";
    let metadata = store.find_metadata(id).expect("the read succeeds").expect("it exists");
    assert_eq!(metadata.name.as_deref(), Some("the shop"));
    let session = ledger.sessions.values().next().expect("the session exists");
    assert_eq!(session.best_title().map(|(_, title)| title), Some("checkout rework"));
    store.reprice(&mut ledger).expect("the write succeeds");
    assert!(ledger.total.cost.nanos > 0 && ledger.total.cost.unpriced_tokens == 0);
    let days: UsageSum = {
        let rows = store.all_buckets().expect("the read succeeds").map(|row| row.expect("a row").1.sum);
        rows.collect::<Vec<_>>().iter().sum()
    };
    assert_eq!(days, ledger.total);
    let copy = test_store.path().with_file_name("sessions.db.format-1");
    assert_eq!(fs::read(copy).expect("the backup exists"), FORMAT_1, "byte for byte");
}

#[test]
fn a_migrated_store_is_migrated_once() {
    let test_store = store_of_format_1();
    test_store.open().close().expect("the store closes");
    let copy = test_store.path().with_file_name("sessions.db.format-1");
    fs::write(&copy, "kept").expect("the write succeeds");
    test_store.open().close().expect("the store closes");
    assert_eq!(fs::read(copy).expect("it exists"), b"kept");
}

/// Returns a store of format 1 as a killed process leaves it.
fn unclosed_store_of_format_1() -> (TestStore, Vec<u8>) {
    let test_store = store_of_format_1();
    let table = redb::TableDefinition::<&str, u64>::new("meta");
    let database = redb::Database::open(test_store.path()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    write.open_table(table).expect("it exists").insert("unrelated", 1).expect("it is inserted");
    write.commit().expect("it is written");
    let unclosed = fs::read(test_store.path()).expect("it is readable");
    drop(database);
    fs::write(test_store.path(), &unclosed).expect("it is written");
    let opened = redb::ReadOnlyDatabase::open(test_store.path());
    assert!(matches!(opened, Err(redb::DatabaseError::RepairAborted)), "it needs a repair");
    (test_store, unclosed)
}

#[test]
fn a_store_of_format_1_that_was_not_closed_is_backed_up_unchanged() {
    let (test_store, unclosed) = unclosed_store_of_format_1();
    let mut store = test_store.open();
    assert_eq!(load_ledger(&mut store).total.messages, 40);
    let copy = test_store.path().with_file_name("sessions.db.format-1");
    assert!(fs::read(copy).expect("the backup exists") == unclosed, "byte for byte");
}
