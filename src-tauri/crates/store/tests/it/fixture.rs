//! A store in a folder of its own, and a little to put into it.

use std::path::PathBuf;

use rustc_hash::FxHashMap;
use tempfile::TempDir;
use token_monitor_core::interner::{LogId, SessionId};
use token_monitor_core::ledger::{Batch, Key, Ledger, Scene, Seen, Session, Sighting, Told};
use token_monitor_core::pricing::Terms;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::Usage;
use token_monitor_core::transcript::{Cursor, Look, Reason, Title, TitleKind};
use token_monitor_store::{Safety, Store, StoreError};

/// 2026-05-01T10:00:00Z.
pub(crate) const START: i64 = 1_777_629_600_000_000;

/// A folder and the store's place in it.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("token-monitor").join("sessions.db")
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.path()).expect("the store opens")
    }

    /// A place with a store that holds a few messages.
    pub(crate) fn filled() -> (Self, Ledger) {
        let place = Self::new();
        let mut ledger = Ledger::default();
        let mut store = place.open();
        write(&mut store, &mut ledger, 0..20).expect("it is written");
        store.close().expect("it closes");
        (place, ledger)
    }
}

/// Counts made-up messages and writes them with their cursor.
pub(crate) fn write(store: &mut Store, ledger: &mut Ledger, numbers: std::ops::Range<u64>) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    for number in numbers.clone() {
        let sighting = sighting(ledger, number);
        let project = Some(ledger.names.projects.id(b"/home/x"));
        let branch = Some(ledger.names.branches.id(b"main"));
        ledger.see(&sighting, Scene { project, branch }, &mut batch, store)?;
        ledger.count(&sighting, &mut batch, store)?;
    }
    let title = Title { session: "s0", text: "a title", kind: TitleKind::Given, when: None, offset: numbers.end };
    ledger.title(&title, &mut batch);
    let cursors = FxHashMap::from_iter([(LogId(0), Some(cursor(numbers.end)))]);
    store.write(&batch, ledger, &cursors, Safety::Durable)
}

/// The cursor after so many messages.
pub(crate) fn cursor(offset: u64) -> Cursor {
    let look = Look { len: offset + 3, modified: 7, ..Look::default() };
    let mut cursor = Cursor { look, offset, ..Cursor::default() };
    cursor.tally.lines = offset;
    cursor.tally.skip(Reason::Damaged);
    cursor
}

fn sighting(ledger: &mut Ledger, number: u64) -> Sighting {
    let names = &mut ledger.names;
    let seen = Seen {
        when: Timestamp(START + number as i64 * 60_000_123),
        away: number.is_multiple_of(3),
        log: names.logs.id(b"/p/s0.jsonl"),
        session: names.sessions.id(format!("s{}", number % 4).as_bytes()),
        run: number.is_multiple_of(5).then(|| names.runs.id(b"agent")),
    };
    let usage = Usage { input: number, output: 1 << (number % 63), ..Usage::default() };
    let model = names.models.id(["claude-opus-5", "claude-haiku-4-5"][number as usize % 2].as_bytes());
    let told = Told { usage, model, terms: Terms::default(), reported: None, under_logged: false };
    // Two at a time share a place: the first half of their keys is the same.
    let key = Key(u128::from(number / 2) << 64 | u128::from(number));
    Sighting { key, told, side: number.is_multiple_of(5), seen }
}

/// All a store holds, comparable.
pub(crate) fn contents(store: &mut Store) -> Contents {
    let loaded = store.load().expect("it can be read");
    let mut sessions: Vec<_> = loaded.sessions.into_iter().collect();
    sessions.sort_by_key(|(id, _)| *id);
    Contents {
        sessions,
        buckets: store
            .all_buckets()
            .expect("they can be read")
            .map(|row| format!("{:?}", row.expect("a row")))
            .collect(),
        cursor: loaded.cursors.get(&LogId(0)).copied(),
        models: loaded.names.models.since(0).map(|(_, name)| String::from_utf8_lossy(name).into_owned()).collect(),
        messages: store.message_count().expect("it can be read"),
    }
}

/// All a store holds, comparable.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Contents {
    pub(crate) sessions: Vec<(SessionId, Session)>,
    pub(crate) buckets: Vec<String>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) models: Vec<String>,
    pub(crate) messages: u64,
}
