//! Damaged files: every page of zeros or noise, and single flipped bits. Reading is right or ends with damage, never with a
//! panic.

use std::fs;

use token_monitor_core::ledger::Ledger;
use token_monitor_store::{Integrity, Store, StoreError};

use crate::test_store::{Contents, TestStore, read_contents, write_messages};

const PAGE_BYTES: usize = 4096;

/// Returns a store with messages in several sessions, and its contents.
fn sound_store() -> (Vec<u8>, Contents) {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    let mut ledger = Ledger::default();
    for first in (0..600).step_by(60) {
        write_messages(&mut store, &mut ledger, first..first + 60).expect("the write succeeds");
    }
    let contents = read_contents(&mut store);
    store.close().expect("it closes");
    (fs::read(test_store.path()).expect("it is readable"), contents)
}

/// Opens a file and reads all of it.
fn read_all(test_store: &TestStore) -> Result<(), StoreError> {
    let mut store = Store::open(&test_store.path())?;
    store.load()?;
    store.all_buckets()?.collect::<Result<Vec<_>, _>>()?;
    store.session_starts()?;
    store.stored_totals()?;
    store.check_integrity(token_monitor_core::time::Timestamp(0)).map(drop)
}

/// Checks one damaged file. Returns true if the damage was found.
fn check(what: &str, damaged: &[u8], expected: &Contents) -> bool {
    let test_store = TestStore::new();
    fs::create_dir(test_store.path().parent().expect("the path has a parent")).expect("a folder");
    fs::write(test_store.path(), damaged).expect("it is written");
    match read_all(&test_store) {
        Ok(()) => {
            assert_eq!(&read_contents(&mut test_store.open()), expected, "{what}: read as if it were sound");
            false
        }
        Err(error) => {
            assert!(error.is_damage(), "{what}: {error:?}");
            true
        }
    }
}

/// Returns the next number of a sequence that looks random (xorshift).
fn next_noise(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn a_damaged_page_is_damage() {
    let (sound, expected) = sound_store();
    let (mut found, mut noise) = (0, 0x9e37_79b9_7f4a_7c15);
    for page in 0..sound.len() / PAGE_BYTES {
        let range = page * PAGE_BYTES..(page + 1) * PAGE_BYTES;
        for is_noise in [false, true] {
            let mut damaged = sound.clone();
            damaged[range.clone()].fill_with(|| if is_noise { next_noise(&mut noise) as u8 } else { 0 });
            found += u32::from(check(&format!("page {page}, noise: {is_noise}"), &damaged, &expected));
        }
    }
    assert!(found > 10, "{found} damaged pages were found");
}

#[test]
fn a_flipped_bit_is_damage_or_changes_nothing() {
    let (sound, expected) = sound_store();
    let (mut found, mut noise) = (0, 0x2545_f491_4f6c_dd1d);
    for _ in 0..100 {
        let bit = next_noise(&mut noise) as usize % (sound.len() * 8);
        let mut damaged = sound.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        found += u32::from(check(&format!("bit {bit}"), &damaged, &expected));
    }
    assert!(found > 10, "{found} flipped bits were found");
}

#[test]
fn a_page_damaged_while_the_store_is_open_never_panics() {
    let (sound, _) = sound_store();
    let mut found = 0;
    for page in 1..sound.len() / PAGE_BYTES {
        let test_store = TestStore::new();
        fs::create_dir(test_store.path().parent().expect("the path has a parent")).expect("a folder");
        fs::write(test_store.path(), &sound).expect("it is written");
        let mut store = test_store.open();
        let mut damaged = fs::read(test_store.path()).expect("it is readable");
        damaged[page * PAGE_BYTES..(page + 1) * PAGE_BYTES].fill(0);
        fs::write(test_store.path(), &damaged).expect("it is written");
        let mut ledger = Ledger::default();
        let written = write_messages(&mut store, &mut ledger, 1_000..1_040);
        let read = store.load().map(drop);
        let checked = store.check_integrity(token_monitor_core::time::Timestamp(0));
        let is_repaired = matches!(checked, Ok(Integrity::Repaired));
        for error in [written.err(), read.err(), checked.err()].into_iter().flatten() {
            assert!(error.is_damage(), "page {page}: {error:?}");
        }
        found += u32::from(store.is_damaged() || is_repaired);
        store.detach_file();
    }
    assert!(found > 3, "{found} damaged pages were found");
}
