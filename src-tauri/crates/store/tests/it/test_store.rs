//! A store in a temporary folder with generated messages.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use tempfile::TempDir;
use token_monitor_core::interner::{LogId, SessionId};
use token_monitor_core::ledger::{
    Batch, Ledger, MessageKey, MessageObservation, Occurrence, Session, SessionContext, UsageReport,
};
use token_monitor_core::pricing::BillingTerms;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::Usage;
use token_monitor_core::transcript::{Cursor, FileStat, SkipReason, Title, TitleKind};
use token_monitor_store::{Safety, Store, StoreError};

/// 2026-05-01T10:00:00Z.
pub(crate) const START: i64 = 1_777_629_600_000_000;

/// A temporary folder for a store.
pub(crate) struct TestStore {
    pub(crate) folder: TempDir,
}

impl TestStore {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// Creates a folder in memory where the system has one, for tests that sync many times.
    pub(crate) fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Self { folder: folder.expect("a folder") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("token-monitor").join("sessions.db")
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.path()).expect("the store opens")
    }

    /// Creates a store with 20 messages.
    pub(crate) fn with_messages() -> (Self, Ledger) {
        let test_store = Self::new();
        let mut ledger = Ledger::default();
        let mut store = test_store.open();
        write_messages(&mut store, &mut ledger, 0..20).expect("the write succeeds");
        store.close().expect("the store closes");
        (test_store, ledger)
    }
}

/// Counts generated messages and writes them durably with their cursor.
pub(crate) fn write_messages(
    store: &mut Store,
    ledger: &mut Ledger,
    numbers: std::ops::Range<u64>,
) -> Result<(), StoreError> {
    write_messages_with(store, ledger, numbers, Safety::Durable)
}

/// Counts generated messages and writes them with their cursor.
pub(crate) fn write_messages_with(
    store: &mut Store,
    ledger: &mut Ledger,
    numbers: std::ops::Range<u64>,
    safety: Safety,
) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    for number in numbers.clone() {
        let observation = observation(ledger, number);
        let project = Some(ledger.names.projects.intern(b"/home/x"));
        let branch = Some(ledger.names.branches.intern(b"main"));
        ledger.record_activity(
            &observation,
            SessionContext { project, branch, copied_into: None, prompt: None },
            &mut batch,
            store,
        )?;
        ledger.count_message(&observation, &mut batch, store)?;
    }
    let title = Title { session: "s0", text: "a title", kind: TitleKind::Generated, when: None, offset: numbers.end };
    ledger.set_title(&title, &mut batch);
    let cursors = FxHashMap::from_iter([(LogId(0), Some(cursor_at(numbers.end)))]);
    store.write(&batch, ledger, &cursors, safety)
}

/// Returns the cursor after a number of messages.
pub(crate) fn cursor_at(offset: u64) -> Cursor {
    let stat = FileStat { len: offset + 3, modified: 7, ..FileStat::default() };
    let mut cursor = Cursor { stat, offset, ..Cursor::default() };
    cursor.stats.lines = offset;
    cursor.stats.count_skip(SkipReason::Damaged);
    cursor
}

fn observation(ledger: &mut Ledger, number: u64) -> MessageObservation {
    let names = &mut ledger.names;
    let occurrence = Occurrence {
        when: Timestamp(START + number as i64 * 60_000_123),
        has_old_session: false,
        foreign_session: number.is_multiple_of(3),
        log: names.logs.intern(b"/p/s0.jsonl"),
        session: names.sessions.intern(format!("s{}", number % 4).as_bytes()),
        run: number.is_multiple_of(5).then(|| names.runs.intern(b"agent")),
    };
    let usage = Usage { input: number, output: 1 << (number % 63), ..Usage::default() };
    let model = names.models.intern(["claude-opus-5", "claude-haiku-4-5"][number as usize % 2].as_bytes());
    let report = UsageReport { usage, model, terms: BillingTerms::default(), reported_cost: None, under_logged: false };
    // Pairs of messages share the first half of their keys, and so the row key.
    let key = MessageKey(u128::from(number / 2) << 64 | u128::from(number));
    MessageObservation { key, copy_key: None, report, side: number.is_multiple_of(5), occurrence }
}

/// Reads the whole content of a store.
pub(crate) fn read_contents(store: &mut Store) -> Contents {
    let loaded = store.load().expect("the read succeeds");
    let mut sessions: Vec<_> = loaded.sessions.into_iter().collect();
    sessions.sort_by_key(|(id, _)| *id);
    Contents {
        sessions,
        buckets: store
            .all_buckets()
            .expect("the read succeeds")
            .map(|row| format!("{:?}", row.expect("a row")))
            .collect(),
        cursor: loaded.cursors.get(&LogId(0)).copied(),
        models: loaded
            .names
            .models
            .added_since(0)
            .map(|(_, name)| String::from_utf8_lossy(name).into_owned())
            .collect(),
        messages: store.message_count().expect("the read succeeds"),
    }
}

/// The whole content of a store, for comparisons.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Contents {
    pub(crate) sessions: Vec<(SessionId, Session)>,
    pub(crate) buckets: Vec<String>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) models: Vec<String>,
    pub(crate) messages: u64,
}
