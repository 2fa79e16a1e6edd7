//! The fear: an update loses what only the store still knows, or cannot read what the version before wrote.

use std::fs;

use token_monitor_core::ledger::Ledger;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::Sum;
use token_monitor_store::Store;

use crate::fixture::Place;

/// Written by the version before costs were kept: forty messages of two models in one session, one name.
const FORMAT_1: &[u8] = include_bytes!("files/format-1.db");

fn planted() -> Place {
    let place = Place::new();
    fs::create_dir(place.path().parent().expect("it has a folder")).expect("a folder");
    fs::write(place.path(), FORMAT_1).expect("a file");
    place
}

fn ledger(store: &mut Store) -> Ledger {
    let loaded = store.load().expect("it can be read");
    let recent = store.recent(Timestamp(1_795_000_000_000_000)).expect("they can be read");
    Ledger::new(loaded.names, loaded.sessions, recent, token_monitor_core::pricing::Pricing::default())
}

#[test]
fn a_store_of_the_first_format_keeps_everything_and_is_copied_first() {
    let place = planted();
    let mut store = place.open();
    let loaded = store.load().expect("it can be read");
    assert_eq!((loaded.priced_by, loaded.cursors.len()), (None, 0), "the logs are to be read again");
    let mut ledger = ledger(&mut store);
    assert_eq!((ledger.total.messages, ledger.total.tokens.total()), (40, 866_620));
    assert_eq!(ledger.total.tokens.fields(), [780, 7_840, 78_000, 46_800, 780_000, 20, 0]);
    let id = "5a5a5a5a-0000-4000-8000-000000000001";
    let given = store.metadata(id).expect("it can be read").expect("it is there");
    assert_eq!(given.name.as_deref(), Some("the shop"));
    let session = ledger.sessions.values().next().expect("there is one");
    assert_eq!(session.title().map(|(_, title)| title), Some("checkout rework"));
    store.reprice(&mut ledger).expect("it is written");
    assert!(ledger.total.bill.nanos > 0 && ledger.total.bill.unpriced == 0);
    let days: Sum = {
        let rows = store.all_buckets().expect("they can be read").map(|row| row.expect("a row").1.sum);
        rows.collect::<Vec<_>>().iter().sum()
    };
    assert_eq!(days, ledger.total);
    let copy = place.path().with_file_name("sessions.db.format-1");
    assert_eq!(fs::read(copy).expect("it was copied"), FORMAT_1, "byte for byte");
}

#[test]
fn an_upgraded_store_is_upgraded_once() {
    let place = planted();
    place.open().close().expect("it closes");
    let copy = place.path().with_file_name("sessions.db.format-1");
    fs::write(&copy, "kept").expect("it can be written");
    place.open().close().expect("it closes");
    assert_eq!(fs::read(copy).expect("it is there"), b"kept");
}
