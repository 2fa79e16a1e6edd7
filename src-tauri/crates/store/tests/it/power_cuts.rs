//! Power cuts: any subset of the writes since the last sync may be lost, whole or in part.
//!
//! After a cut, also one during the recovery from another or during a migration, the store opens, and its content is that
//! after one of the commits: at least the last durable one, together with its cursor.

use std::fs;
use std::path::Path;

use token_monitor_core::ledger::Ledger;
use token_monitor_store::fault_injection::{ChangeRecorder, FileChange};
use token_monitor_store::{Safety, Store, verify_file};
use token_monitor_test_support::{Noise, Tries};

use crate::migration::FORMAT_1;
use crate::test_store::{Contents, TestStore, read_contents, write_messages_with};

/// The unit in which a disk writes: a write may be lost in part.
const SECTOR_BYTES: usize = 512;

/// The recorded changes of a file, and its contents before them.
struct RecordedFile {
    base: Vec<u8>,
    changes: Vec<FileChange>,
}

impl RecordedFile {
    /// Returns the file after a power cut: with all changes before the last sync, and some of those between it and the cut.
    /// Returns as well if any was lost.
    fn after_cut(&self, cut: usize, noise: &mut Noise) -> (Vec<u8>, bool) {
        let before = &self.changes[..cut];
        let synced = before.iter().rposition(|change| *change == FileChange::Sync).map_or(0, |last| last + 1);
        let mut bytes = self.base.clone();
        before[..synced].iter().for_each(|change| apply(&mut bytes, change));
        let (tears_writes, mut is_lossy) = (noise.is_true(), false);
        for change in &before[synced..] {
            match change {
                FileChange::Write { offset, bytes: written } if tears_writes => {
                    for (number, sector) in written.chunks(SECTOR_BYTES).enumerate() {
                        let at = *offset + (number * SECTOR_BYTES) as u64;
                        match noise.is_true() {
                            true => apply(&mut bytes, &FileChange::Write { offset: at, bytes: sector.to_vec() }),
                            false => is_lossy = true,
                        }
                    }
                }
                change if noise.is_true() => apply(&mut bytes, change),
                _ => is_lossy = true,
            }
        }
        (bytes, is_lossy)
    }
}

fn apply(file: &mut Vec<u8>, change: &FileChange) {
    match change {
        FileChange::Write { offset, bytes } => {
            let start = usize::try_from(*offset).expect("the file is small");
            let end = start + bytes.len();
            if file.len() < end {
                file.resize(end, 0);
            }
            file[start..end].copy_from_slice(bytes);
        }
        FileChange::SetLen(len) => file.resize(usize::try_from(*len).expect("the file is small"), 0),
        FileChange::Sync => {}
    }
}

/// A commit: the number of changes when it returned, and the content after it.
struct Commit {
    changes: usize,
    is_durable: bool,
    contents: Contents,
}

/// A recorded life of a store, with its commits in order. The first is the empty store.
struct Life {
    file: RecordedFile,
    commits: Vec<Commit>,
}

impl Life {
    /// Records a store, which may be a new one, while batches of random sizes are written.
    fn record(noise: &mut Noise) -> Self {
        let test_store = TestStore::in_memory();
        let is_new = noise.is_true();
        if !is_new {
            test_store.open().close().expect("the store closes");
        }
        let base = if is_new { Vec::new() } else { fs::read(test_store.path()).expect("it is readable") };
        let recorder = ChangeRecorder::start(&test_store.path());
        let (mut store, mut ledger) = (open_either_way(&test_store.path(), noise), Ledger::default());
        let mut commits = vec![Commit { changes: 0, is_durable: true, contents: read_contents(&mut store) }];
        let mut written = 0;
        for _ in 0..6 {
            let size = 1 + noise.next_number() % 40;
            let safety = if noise.is_true() { Safety::Durable } else { Safety::Deferred };
            write_messages_with(&mut store, &mut ledger, written..written + size, safety).expect("it is written");
            written += size;
            let contents = read_contents(&mut store);
            commits.push(Commit { changes: recorder.count(), is_durable: safety == Safety::Durable, contents });
        }
        store.close().expect("the store closes");
        Self { file: RecordedFile { base, changes: recorder.changes() }, commits }
    }

    /// Returns the contents that a file may have after a cut.
    fn possible_contents(&self, cut: usize) -> impl Iterator<Item = &Contents> {
        let returned = self.commits.iter().rposition(|commit| commit.changes <= cut).unwrap_or_default();
        let durable = self.commits[..=returned].iter().rposition(|commit| commit.is_durable).unwrap_or_default();
        // The commit that was being made may be complete, and closing makes all of them durable.
        self.commits[durable..].iter().take(returned + 2 - durable).map(|commit| &commit.contents)
    }
}

/// Opens a file as a process that stays, or as a command.
fn open_either_way(path: &Path, noise: &mut Noise) -> Store {
    if noise.is_true() { Store::open(path) } else { Store::open_to_read(path) }.expect("the store opens")
}

/// Opens a file after a cut in either way, and asserts that its content is a possible one and that the closed file is sound.
fn check_file(path: &Path, possible: &[&Contents], noise: &mut Noise, what: &str) {
    let mut store = open_either_way(path, noise);
    let found = read_contents(&mut store);
    assert!(possible.contains(&&found), "{what}: {} messages, {:?}", found.messages, found.cursor);
    store.close().expect("the store closes");
    verify_file(path).unwrap_or_else(|error| panic!("{what}: {error}"));
}

#[test]
fn a_power_cut_leaves_a_state_between_two_commits() {
    let mut tries = Tries::start("power cuts while writing and recovering");
    let (mut noise, mut lossy, mut recoveries) = (Noise::new(0x9e37_79b9_7f4a_7c15), 0, 0);
    let number = Tries::number(2_000, 100_000);
    let cut_file = TestStore::in_memory();
    fs::create_dir(cut_file.path().parent().expect("the path has a parent")).expect("a folder");
    let path = cut_file.path();
    let mut life = Life::record(&mut noise);
    for trial in 0..number {
        if trial % 200 == 199 {
            life = Life::record(&mut noise);
        }
        let cut = noise.below(life.file.changes.len() + 1);
        let (bytes, is_lossy) = life.file.after_cut(cut, &mut noise);
        lossy += u64::from(is_lossy);
        let possible: Vec<&Contents> = life.possible_contents(cut).collect();
        fs::write(&path, &bytes).expect("it is written");
        // A part of the recoveries is cut as well.
        if trial % 4 == 0 {
            let recorder = ChangeRecorder::start(&path);
            check_file(&path, &possible, &mut noise, &format!("try {trial}, cut {cut}"));
            let recovery = RecordedFile { base: bytes, changes: recorder.changes() };
            drop(recorder);
            let second = noise.below(recovery.changes.len() + 1);
            let (bytes, is_lossy) = recovery.after_cut(second, &mut noise);
            recoveries += u64::from(is_lossy);
            fs::write(&path, bytes).expect("it is written");
        }
        check_file(&path, &possible, &mut noise, &format!("try {trial}, cut {cut}"));
        tries.add(1);
    }
    assert!(lossy > 0 && recoveries > 0, "writes were lost");
    tries.finish(&format!("{lossy} lost writes, {recoveries} in a recovery"));
}

#[test]
fn a_power_cut_during_a_migration_loses_nothing() {
    let mut tries = Tries::start("power cuts during a migration");
    let (mut noise, mut lossy) = (Noise::new(0x2545_f491_4f6c_dd1d), 0);
    let test_store = TestStore::in_memory();
    fs::create_dir(test_store.path().parent().expect("the path has a parent")).expect("a folder");
    let (path, copy) = (test_store.path(), test_store.path().with_file_name("sessions.db.format-1"));
    fs::write(&path, FORMAT_1).expect("it is written");
    let recorder = ChangeRecorder::start(&path);
    let mut store = Store::open(&path).expect("it is migrated");
    let migrated = read_contents(&mut store);
    store.close().expect("the store closes");
    let migration = RecordedFile { base: FORMAT_1.to_vec(), changes: recorder.changes() };
    drop(recorder);
    assert_eq!(migrated.messages, 40);
    for trial in 0..Tries::number(200, 5_000) {
        let cut = noise.below(migration.changes.len() + 1);
        let (bytes, is_lossy) = migration.after_cut(cut, &mut noise);
        lossy += u64::from(is_lossy);
        fs::write(&path, bytes).expect("it is written");
        check_file(&path, &[&migrated], &mut noise, &format!("try {trial}, cut {cut}"));
        assert!(fs::read(&copy).expect("the copy exists") == FORMAT_1, "the copy is complete before the first change");
        tries.add(1);
    }
    assert!(lossy > 0, "writes were lost");
    tries.finish(&format!("{lossy} lost writes"));
}
