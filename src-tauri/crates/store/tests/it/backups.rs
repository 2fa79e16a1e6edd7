//! Backups: verified copies of the store, of which a few are kept.

use std::fs;

use chrono::{DateTime, TimeDelta, Utc};
use token_monitor_core::ledger::Ledger;
use token_monitor_store::{Store, StoredTotals, backup_folder, list_backups};

use crate::test_store::{TestStore, write_messages};

fn day(number: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(number)
}

/// Opens a store with ten messages, and returns its totals.
fn filled_store(test_store: &TestStore) -> (Store, StoredTotals) {
    let mut store = test_store.open();
    write_messages(&mut store, &mut Ledger::default(), 0..10).expect("the write succeeds");
    let totals = store.stored_totals().expect("it is readable");
    assert_eq!(totals.usage.messages, 10);
    (store, totals)
}

#[test]
fn a_new_backup_is_kept_although_a_wrong_clock_dated_others_later() {
    let test_store = TestStore::new();
    let (mut store, totals) = filled_store(&test_store);
    for number in [30, 31, 32, 1] {
        let made = store.back_up(day(number), 3, &totals).expect("it is backed up");
        assert!(made.path.is_file(), "day {number}");
    }
    let listed = list_backups(&test_store.path()).expect("it is readable");
    let days: Vec<DateTime<Utc>> = listed.iter().map(|backup| backup.made_at).collect();
    assert_eq!(days, [day(32), day(31), day(1)]);
}

#[test]
fn a_copy_with_other_figures_is_damage_and_is_deleted() {
    let test_store = TestStore::new();
    let (mut store, totals) = filled_store(&test_store);
    let expected = StoredTotals { described_sessions: 1, ..totals };
    let error = store.back_up(day(1), 3, &expected).expect_err("the figures differ");
    assert!(error.is_damage() && store.is_damaged(), "{error:?}");
    let left = fs::read_dir(backup_folder(&test_store.path())).expect("it exists").count();
    assert_eq!(left, 0, "neither a backup nor an unfinished copy");
}
