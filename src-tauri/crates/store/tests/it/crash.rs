//! The fear: a process that ends in the middle leaves half a batch, or a cursor without its messages.
//!
//! A power cut in the middle of a disk write is redb's to survive and is not simulated here: the store has no seam
//! for another backend.

use std::fs;

use proptest::prelude::*;
use token_monitor_core::ledger::Ledger;
use token_monitor_store::Store;

use crate::fixture::{Place, contents, cursor, write};

#[test]
fn a_write_that_is_never_committed_leaves_the_state_before_it() {
    let (place, _) = Place::filled();
    let before = contents(&mut place.open());
    let messages = redb::TableDefinition::<u64, &[u8]>::new("messages");
    let database = redb::Database::open(place.path()).expect("it opens");
    let writing = database.begin_write().expect("it can be written");
    writing.open_table(messages).expect("it is there").insert(7, &[1_u8, 2, 3][..]).expect("it fits");
    drop((writing, database));
    assert_eq!(contents(&mut place.open()), before);
}

#[test]
fn a_store_that_is_dropped_instead_of_closed_loses_nothing() {
    let place = Place::new();
    let mut ledger = Ledger::default();
    let mut store = place.open();
    write(&mut store, &mut ledger, 0..20).expect("it is written");
    let held = contents(&mut store);
    drop(store);
    assert_eq!(contents(&mut place.open()), held);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    /// What a killed process leaves is the file as it is between two writes; a copy of it is such a file.
    #[test]
    fn a_killed_process_leaves_whole_batches(sizes in prop::collection::vec(1..30_u64, 1..8)) {
        let (place, copy) = (Place::new(), Place::new());
        fs::create_dir(copy.path().parent().expect("it has a folder")).expect("a folder");
        let mut ledger = Ledger::default();
        let mut store = place.open();
        let mut written = 0;
        for size in sizes {
            write(&mut store, &mut ledger, written..written + size).expect("it is written");
            written += size;
            fs::copy(place.path(), copy.path()).expect("a copy");
            let left = contents(&mut Store::open(&copy.path()).expect("it is repaired"));
            prop_assert_eq!((left.messages, left.cursor), (written, Some(cursor(written))));
            prop_assert_eq!(left, contents(&mut store));
        }
    }
}
