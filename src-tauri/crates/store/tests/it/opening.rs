//! Opening a store that is damaged, newer, in use or new.

use std::fs;
use std::path::Path;

use token_monitor_store::fault_injection::{ChangeRecorder, FileChange};
use token_monitor_store::{Store, StoreError};

use crate::test_store::{TestStore, read_contents, write_messages};

/// Creates a store file with some bytes.
fn store_with_bytes(bytes: &[u8]) -> TestStore {
    let test_store = TestStore::new();
    fs::create_dir(test_store.path().parent().expect("the path has a parent")).expect("a folder");
    fs::write(test_store.path(), bytes).expect("a file");
    test_store
}

fn read_file(path: &Path) -> Vec<u8> {
    fs::read(path).expect("the read succeeds")
}

/// Sets the format of a store.
fn set_format(path: &Path, format: u64) {
    let table = redb::TableDefinition::<&str, u64>::new("meta");
    let database = redb::Database::open(path).expect("the store opens");
    let write = database.begin_write().expect("the write succeeds");
    write.open_table(table).expect("it exists").insert("format", format).expect("the row is inserted");
    write.commit().expect("the write succeeds");
}

#[test]
fn a_file_that_is_no_store_is_corrupt_and_not_changed() {
    let (test_store, _) = TestStore::with_messages();
    let whole = read_file(&test_store.path());
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
    for (kind, case) in cases {
        let test_store = store_with_bytes(case);
        let opened = Store::open(&test_store.path()).map(|_| ());
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "{kind}: {opened:?}");
        assert_eq!(read_file(&test_store.path()), case, "{kind}: not changed");
    }
}

#[test]
fn a_store_that_is_only_read_is_not_changed() {
    let (test_store, ledger) = TestStore::with_messages();
    let before = read_file(&test_store.path());
    let recorder = ChangeRecorder::start(&test_store.path());
    let mut store = Store::open_to_read(&test_store.path()).expect("it opens");
    let loaded = store.load().expect("it is read");
    assert_eq!(loaded.sessions.len(), ledger.sessions.len());
    assert_eq!(read_file(&test_store.path()), before);
    store.close().expect("it closes");
    assert_eq!(recorder.changes(), []);
    assert_eq!(read_file(&test_store.path()), before);
}

#[test]
fn what_opening_a_store_writes_is_written_before_the_first_change() {
    let (test_store, mut ledger) = TestStore::with_messages();
    let before = read_file(&test_store.path());
    let recorder = ChangeRecorder::start(&test_store.path());
    let mut store = Store::open_to_read(&test_store.path()).expect("it opens");
    store.load().expect("it is read");
    write_messages(&mut store, &mut ledger, 20..30).expect("it is written");
    let changes = recorder.changes();
    assert!(
        matches!(&changes[..2], [FileChange::Write { offset: 0, .. }, FileChange::Sync]),
        "the header says that the file is open: {:?}",
        &changes[..2]
    );
    // As after a crash.
    let crashed = read_file(&test_store.path());
    store.detach_file();
    drop(store);
    fs::write(test_store.path(), &crashed).expect("it is written");
    let mut store = Store::open_to_read(&test_store.path()).expect("it opens");
    assert_eq!(store.message_count().expect("it is read"), 30);
    store.load().expect("it is read");
    store.close().expect("it closes");
    let repaired = read_file(&test_store.path());
    assert_ne!(repaired, before);
    let recorder = ChangeRecorder::start(&test_store.path());
    Store::open_to_read(&test_store.path()).expect("it opens").close().expect("it closes");
    assert_eq!(recorder.changes(), [], "a repaired file is closed and needs no further repair");
}

#[test]
fn a_truncated_store_is_corrupt() {
    let (test_store, _) = TestStore::with_messages();
    let whole = read_file(&test_store.path());
    for len in [100, 4096, whole.len() / 4, whole.len() / 2] {
        let test_store = store_with_bytes(&whole[..len]);
        let opened = Store::open(&test_store.path()).and_then(|mut store| store.load().map(|_| ()));
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "truncated to {len}: {opened:?}");
    }
}

#[test]
fn a_newer_store_is_rejected_and_not_changed() {
    let (test_store, _) = TestStore::with_messages();
    set_format(&test_store.path(), 999);
    let before = read_file(&test_store.path());
    let opened = Store::open(&test_store.path()).map(|_| ());
    assert!(matches!(opened, Err(StoreError::NewerFormat { found: 999, known: 2, .. })), "{opened:?}");
    assert_eq!(read_file(&test_store.path()), before, "the file was not changed");
}

/// A newer version can lose power, too. Then the format cannot be read without a repair.
#[test]
fn a_newer_store_that_needs_repair_is_rejected() {
    let (test_store, _) = TestStore::with_messages();
    set_format(&test_store.path(), 999);
    let database = redb::Database::open(test_store.path()).expect("the store opens");
    // A copy of the open file, as a power failure leaves it.
    let torn = store_with_bytes(&read_file(&test_store.path()));
    drop(database);
    for _ in 0..2 {
        let opened = Store::open(&torn.path()).map(|_| ());
        assert!(matches!(opened, Err(StoreError::NewerFormat { found: 999, .. })), "{opened:?}");
    }
}

#[test]
fn an_empty_file_is_a_new_store() {
    let test_store = store_with_bytes(b"");
    let mut store = test_store.open();
    assert_eq!(read_contents(&mut store), crate::test_store::Contents::default());
}

#[test]
fn a_store_has_one_owner() {
    let test_store = TestStore::new();
    let store = test_store.open();
    assert!(matches!(Store::open(&test_store.path()), Err(StoreError::Busy { .. })));
    store.close().expect("the store closes");
    test_store.open();
}

#[test]
fn the_error_names_a_folder_that_cannot_be_created() {
    let test_store = TestStore::new();
    fs::write(test_store.folder.path().join("token-monitor"), "a file").expect("a file");
    let Err(StoreError::Folder { path, .. }) = Store::open(&test_store.path()) else { panic!("the folder is a file") };
    assert_eq!(path, test_store.folder.path().join("token-monitor"));
}

/// The environment variable with the folder, set in the child process that opens a store with an umask of 0.
#[cfg(unix)]
const FOLDER_ENV: &str = "TOKEN_MONITOR_TEST_FOLDER";

#[cfg(unix)]
#[test]
fn files_are_created_private() {
    use std::os::unix::fs::PermissionsExt;

    if let Some(folder) = std::env::var_os(FOLDER_ENV) {
        let path = Path::new(&folder).join("token-monitor/sessions.db");
        Store::open(&path).expect("the store opens").close().expect("the store closes");
        return;
    }
    let test_store = TestStore::new();
    let this = std::env::current_exe().expect("this test");
    let test = "opening::files_are_created_private";
    let run = format!("umask 0; exec '{}' --exact {test}", this.display());
    let status = std::process::Command::new("sh").args(["-c", &run]).env(FOLDER_ENV, test_store.folder.path()).output();
    assert!(status.expect("the child runs").status.success());
    let mode = |path: &Path| fs::metadata(path).expect("it was created").permissions().mode() & 0o777;
    assert_eq!(mode(&test_store.path()), 0o600);
    assert_eq!(mode(test_store.path().parent().expect("the path has a parent")), 0o700);
}
