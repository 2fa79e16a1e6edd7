//! The fear: a store that is damaged, newer, in use or readable by others is opened as if nothing were the matter.

use std::fs;
use std::path::Path;

use token_monitor_store::{Store, StoreError};

use crate::fixture::{Place, contents};

/// Puts some bytes where the store should be.
fn planted(bytes: &[u8]) -> Place {
    let place = Place::new();
    fs::create_dir(place.path().parent().expect("it has a folder")).expect("a folder");
    fs::write(place.path(), bytes).expect("a file");
    place
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).expect("it can be read")
}

/// Sets the format a store says it has.
fn set_format(path: &Path, format: u64) {
    let table = redb::TableDefinition::<&str, u64>::new("meta");
    let database = redb::Database::open(path).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    write.open_table(table).expect("it is there").insert("format", format).expect("it fits");
    write.commit().expect("it is written");
}

#[test]
fn what_is_no_store_is_called_corrupt_and_left_as_it_is() {
    let (place, _) = Place::filled();
    let whole = bytes(&place.path());
    let mut garbled = whole.clone();
    garbled[..64].fill(0xA5);
    let cases: [(&str, &[u8]); 6] = [
        ("one byte", b"x"),
        ("a text", b"Dear diary, today nothing was counted.\n"),
        ("a long text", &b"all work and no play ".repeat(10_000)),
        ("zeros", &[0; 100_000]),
        ("a garbled header", &garbled),
        ("another program's file", b"SQLite format 3\0 and then some more of it, but not very much"),
    ];
    for (what, case) in cases {
        let place = planted(case);
        let opened = Store::open(&place.path()).map(|_| ());
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "{what}: {opened:?}");
        assert_eq!(bytes(&place.path()), case, "{what}: not touched");
    }
}

#[test]
fn a_store_cut_short_is_called_corrupt() {
    let (place, _) = Place::filled();
    let whole = bytes(&place.path());
    for len in [100, 4096, whole.len() / 4, whole.len() / 2] {
        let place = planted(&whole[..len]);
        let opened = Store::open(&place.path()).and_then(|mut store| store.load().map(|_| ()));
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "cut to {len}: {opened:?}");
    }
}

#[test]
fn a_newer_store_is_refused_and_left_as_it_is() {
    let (place, _) = Place::filled();
    set_format(&place.path(), 999);
    let before = bytes(&place.path());
    let opened = Store::open(&place.path()).map(|_| ());
    assert!(matches!(opened, Err(StoreError::NewerFormat { found: 999, known: 2, .. })), "{opened:?}");
    assert_eq!(bytes(&place.path()), before, "not a byte of it was touched");
}

/// A computer may lose power under a newer version, too: then the format cannot be read without a repair.
#[test]
fn a_newer_store_in_need_of_repair_stays_newer() {
    let (place, _) = Place::filled();
    set_format(&place.path(), 999);
    let database = redb::Database::open(place.path()).expect("it opens");
    // Taken while it is open and nobody writes: what a power cut leaves behind.
    let torn = planted(&bytes(&place.path()));
    drop(database);
    for _ in 0..2 {
        let opened = Store::open(&torn.path()).map(|_| ());
        assert!(matches!(opened, Err(StoreError::NewerFormat { found: 999, .. })), "{opened:?}");
    }
}

#[test]
fn an_empty_file_is_a_new_store() {
    let place = planted(b"");
    let mut store = place.open();
    assert_eq!(contents(&mut store), crate::fixture::Contents::default());
}

#[test]
fn a_store_has_one_owner() {
    let place = Place::new();
    let store = place.open();
    assert!(matches!(Store::open(&place.path()), Err(StoreError::Busy { .. })));
    store.close().expect("it closes");
    place.open();
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let place = Place::new();
    fs::write(place.folder.path().join("token-monitor"), "a file").expect("a file");
    let Err(StoreError::Folder { path, .. }) = Store::open(&place.path()) else { panic!("there is a file in the way") };
    assert_eq!(path, place.folder.path().join("token-monitor"));
}

/// Set in the process that opens a store with nothing to keep its files private but itself.
#[cfg(unix)]
const FOLDER: &str = "TOKEN_MONITOR_TEST_FOLDER";

#[cfg(unix)]
#[test]
fn the_files_are_private_from_the_first_instant() {
    use std::os::unix::fs::PermissionsExt;

    if let Some(folder) = std::env::var_os(FOLDER) {
        let path = Path::new(&folder).join("token-monitor/sessions.db");
        Store::open(&path).expect("it opens").close().expect("it closes");
        return;
    }
    let place = Place::new();
    let this = std::env::current_exe().expect("this test");
    let test = "opening::the_files_are_private_from_the_first_instant";
    let run = format!("umask 0; exec '{}' --exact {test}", this.display());
    let status = std::process::Command::new("sh").args(["-c", &run]).env(FOLDER, place.folder.path()).output();
    assert!(status.expect("it runs").status.success());
    let mode = |path: &Path| fs::metadata(path).expect("it was made").permissions().mode() & 0o777;
    assert_eq!(mode(&place.path()), 0o600);
    assert_eq!(mode(place.path().parent().expect("it has a folder")), 0o700);
}
