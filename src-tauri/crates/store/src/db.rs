//! The store: one file, one owner, one transaction per batch.
//!
//! Counts and log cursors are committed together, so the process can be killed at any time. After an error of a write
//! the caller must drop the store and open it again: a failed commit may still have reached the disk.

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::path::{Path, PathBuf};

use redb::{Database, Durability, ReadableDatabase, ReadableTable, WriteTransaction};
use rustc_hash::FxHashMap;
use token_monitor_core::interner::{InternTables, LogId, RunId, SessionId};
use token_monitor_core::ledger::{
    Batch, Bucket, BucketKey, Ledger, LedgerLookup, Message, MessageKey, RecentBuckets, Session, StoredOrphanTitle,
    SubagentRun, SubagentRunKey,
};
use token_monitor_core::time::{Slot, Timestamp};
use token_monitor_core::tokens::UsageSum;
use token_monitor_core::transcript::Cursor;

use crate::encoding;
use crate::error::{DbError, StoreError, map_redb_error};
use crate::guarded_rows::GuardedRows;
use crate::migrate;
use crate::open_file::OpenFile;
use crate::panic_guard::{Guarded, catch_panic};
use crate::read::{ReadTables, load_orphan_titles};
use crate::reprice::RepricedTotals;
use crate::schema::{
    BRANCH_NAME, LOG_NAME, LOGS, MESSAGES, META, MODEL_NAME, NAMES, PROJECT_NAME, RULES, RUN_NAME, SESSION_NAME,
    SESSIONS,
};
use crate::team;
use crate::write;

/// An open store.
pub struct Store {
    /// `None` once the store was released.
    pub(crate) database: Option<Guarded<Database>>,
    pub(crate) path: PathBuf,
    pub(crate) open_file: OpenFile,
    /// Opened by the first lookup after a commit and closed before the next commit: an open reader prevents pages from
    /// being freed.
    pub(crate) tables: OnceCell<Guarded<ReadTables>>,
    /// True once damage was found.
    is_damaged: Cell<bool>,
    /// The numbers of names in the file.
    interned: InternedCounts,
}

/// The number of names of each kind.
#[derive(Clone, Copy, Default)]
struct InternedCounts {
    sessions: usize,
    models: usize,
    projects: usize,
    branches: usize,
    runs: usize,
    logs: usize,
}

impl InternedCounts {
    fn from_tables(names: &InternTables) -> Self {
        let InternTables { sessions, models, projects, branches, runs, logs } = names;
        Self {
            sessions: sessions.len(),
            models: models.len(),
            projects: projects.len(),
            branches: branches.len(),
            runs: runs.len(),
            logs: logs.len(),
        }
    }
}

/// The part of the store that is kept in memory.
#[derive(Debug, Default)]
pub struct LoadedState {
    /// The names.
    pub names: InternTables,
    /// The sessions.
    pub sessions: FxHashMap<SessionId, Session>,
    /// The cursors of all known logs.
    pub cursors: FxHashMap<LogId, Cursor>,
    /// The titles of sessions that are named by a message.
    pub orphan_titles: Vec<StoredOrphanTitle>,
    /// The fingerprint of the prices that all costs were computed with:
    /// [`token_monitor_core::pricing::CostCalculator::fingerprint`].
    pub priced_by: Option<u64>,
    /// True if the store has the sessions of earlier rules until all logs were read again and
    /// [`Store::finish_reread`] was called.
    pub is_reread_pending: bool,
}

/// The durability of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// On disk when the call returns.
    Durable,
    /// On disk with the next durable commit. A crash before that loses the whole commit, including its cursors.
    Deferred,
}

impl Store {
    pub(crate) fn new(path: &Path, open_file: OpenFile, database: Database) -> Self {
        Self {
            database: Some(Guarded::new(database)),
            path: path.to_owned(),
            open_file,
            tables: OnceCell::new(),
            is_damaged: Cell::new(false),
            interned: InternedCounts::default(),
        }
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Loads the part that is kept in memory.
    pub fn load(&mut self) -> Result<LoadedState, StoreError> {
        let loaded = self.guard(|| self.load_all())?;
        self.interned = InternedCounts::from_tables(&loaded.names);
        Ok(loaded)
    }

    /// Writes a batch with its new names and the cursors of the logs. A log whose cursor is `None` is removed, and its
    /// counts stay.
    pub fn write(
        &mut self,
        batch: &Batch,
        ledger: &Ledger,
        cursors: &FxHashMap<LogId, Option<Cursor>>,
        safety: Safety,
    ) -> Result<(), StoreError> {
        self.tables.take();
        self.guard(|| self.write_all(batch, ledger, cursors, safety))?;
        self.interned = InternedCounts::from_tables(&ledger.names);
        Ok(())
    }

    /// Computes all costs with the ledger's prices, in the store and in the ledger. There must be no unwritten batch.
    pub fn reprice(&mut self, ledger: &mut Ledger) -> Result<(), StoreError> {
        self.tables.take();
        self.guard(|| self.reprice_all(ledger))
    }

    /// Loads the runs of a session's subagents.
    pub fn load_runs(&self, session: SessionId) -> Result<Vec<(RunId, SubagentRun)>, StoreError> {
        self.guard(|| self.read_tables().and_then(|tables| tables.load_runs(session)))
    }

    /// Reads the buckets of a range of slots, ordered by time.
    pub fn bucket_range(
        &self,
        slots: Range<Slot>,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, Bucket), StoreError>>, StoreError> {
        let rows = self.guard(|| self.read_tables().and_then(|tables| tables.bucket_range(slots)))?;
        Ok(GuardedRows { store: self, rows: Some(rows) })
    }

    /// Reads all buckets, ordered by time.
    pub fn all_buckets(
        &self,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, Bucket), StoreError>>, StoreError> {
        self.bucket_range(Slot(i32::MIN)..Slot(i32::MAX))
    }

    /// Reads the sums of the buckets in a range that pass a filter, ordered by time.
    pub fn bucket_sums(
        &self,
        slots: Range<Slot>,
        filter: impl Fn(&BucketKey) -> bool,
    ) -> Result<impl Iterator<Item = Result<(BucketKey, UsageSum), StoreError>>, StoreError> {
        let rows = self.guard(|| self.read_tables().and_then(|tables| tables.bucket_sums(slots, filter)))?;
        Ok(GuardedRows { store: self, rows: Some(rows) })
    }

    /// Reads all messages, in an unspecified order.
    pub fn all_messages(&self) -> Result<impl Iterator<Item = Result<Message, StoreError>>, StoreError> {
        let rows = self.guard(|| self.read_tables().and_then(ReadTables::all_messages))?;
        Ok(GuardedRows { store: self, rows: Some(rows) })
    }

    /// Returns the types of all subagent runs whose type is known.
    pub fn agent_types(&self) -> Result<FxHashMap<SubagentRunKey, String>, StoreError> {
        self.guard(|| self.read_tables().and_then(ReadTables::agent_types))
    }

    /// Returns the time of the first message of each session.
    pub fn session_starts(&self) -> Result<FxHashMap<SessionId, Timestamp>, StoreError> {
        let read = || -> Result<FxHashMap<SessionId, Timestamp>, DbError> {
            let mut starts = FxHashMap::default();
            for message in self.read_tables()?.all_messages()? {
                let first = message?.first;
                let start = starts.entry(first.session).or_insert(first.when);
                *start = first.when.min(*start);
            }
            Ok(starts)
        };
        self.guard(read)
    }

    /// Records that all logs were read again by the current rules.
    pub fn finish_reread(&mut self) -> Result<(), StoreError> {
        let save = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            write.open_table(META)?.insert("rules", RULES)?;
            Ok(write.commit()?)
        };
        self.guard(save)
    }

    /// Loads the buckets of the last days.
    pub fn load_recent(&self, now: Timestamp) -> Result<RecentBuckets, StoreError> {
        RecentBuckets::load(now, self.all_buckets()?.rev())
    }

    /// Returns the number of stored messages.
    pub fn message_count(&self) -> Result<u64, StoreError> {
        let count = || -> Result<u64, DbError> {
            let read = self.database()?.begin_read()?;
            Ok(redb::ReadableTableMetadata::len(&read.open_table(MESSAGES)?)?)
        };
        self.guard(count)
    }

    /// Frees unused space in the file, as after a large import.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        self.tables.take();
        self.open_file.note_write();
        let Some(mut database) = self.database.take() else { return self.guard(|| Err(DbError::Closed)) };
        let compacted = self.guard(|| database.compact().map(drop).map_err(|error| DbError::Database(error.into())));
        self.database = Some(database);
        compacted
    }

    /// Closes the file after a failure, so that it can be opened again. All later calls fail with
    /// [`StoreError::Closed`].
    pub fn release(&mut self) {
        self.tables.take();
        self.database = None;
    }

    /// Closes the file like [`Store::release`], with every handle to it, so that another file can take its path. Windows
    /// does not replace an open file on every file system.
    pub fn close_file(&mut self) {
        self.release();
        self.open_file.detach();
    }

    pub(crate) fn database(&self) -> Result<&Database, DbError> {
        self.database.as_deref().ok_or(DbError::Closed)
    }

    /// Begins a write transaction. All writes of the store use it.
    pub(crate) fn begin_write(&self) -> Result<WriteTransaction, DbError> {
        self.open_file.note_write();
        Ok(self.database()?.begin_write()?)
    }

    /// Closes the tables that lookups use.
    pub(crate) fn clear_tables(&mut self) {
        self.tables.take();
    }

    fn load_all(&self) -> Result<LoadedState, DbError> {
        let read = self.database()?.begin_read()?;
        let mut loaded = LoadedState::default();
        for row in read.open_table(NAMES)?.iter()? {
            let (key, bytes) = row?;
            let ((kind, id), bytes) = (key.value(), bytes.value());
            // Ids are assigned in the order of the rows.
            let assigned = match kind {
                SESSION_NAME => loaded.names.sessions.intern(bytes).0,
                MODEL_NAME => loaded.names.models.intern(bytes).0,
                PROJECT_NAME => loaded.names.projects.intern(bytes).0,
                BRANCH_NAME => loaded.names.branches.intern(bytes).0,
                RUN_NAME => loaded.names.runs.intern(bytes).0,
                LOG_NAME => loaded.names.logs.intern(bytes).0,
                _ => return Err(DbError::BadRow("names")),
            };
            if assigned != id {
                return Err(DbError::BadRow("names"));
            }
        }
        for row in read.open_table(SESSIONS)?.iter()? {
            let (id, session) = row?;
            let session = encoding::decode_session(session.value()).ok_or(DbError::BadRow("sessions"))?;
            loaded.sessions.insert(SessionId(id.value()), session);
        }
        for row in read.open_table(LOGS)?.iter()? {
            let (id, cursor) = row?;
            let cursor = encoding::decode_cursor(cursor.value()).ok_or(DbError::BadRow("logs"))?;
            loaded.cursors.insert(LogId(id.value()), cursor);
        }
        loaded.orphan_titles = load_orphan_titles(&read)?;
        let meta = read.open_table(META)?;
        loaded.priced_by = meta.get("pricing")?.map(|print| print.value());
        loaded.is_reread_pending = migrate::read_rules(&meta)? < RULES;
        self.check_loaded(&loaded)?;
        Ok(loaded)
    }

    fn reprice_all(&self, ledger: &mut Ledger) -> Result<(), DbError> {
        let old = ReadTables::open(self.database()?)?;
        let totals = RepricedTotals::compute(&old, ledger)?;
        totals.apply_to(ledger);
        let write = self.begin_write()?;
        totals.write(&write, &old, ledger)?;
        team::mark_all_days(&write)?;
        write.open_table(META)?.insert("pricing", ledger.pricing.fingerprint(&ledger.names))?;
        drop(old);
        Ok(write.commit()?)
    }

    fn write_all(
        &self,
        batch: &Batch,
        ledger: &Ledger,
        cursors: &FxHashMap<LogId, Option<Cursor>>,
        safety: Safety,
    ) -> Result<(), DbError> {
        let mut write = self.begin_write()?;
        write.set_durability(match safety {
            Safety::Durable => Durability::Immediate,
            Safety::Deferred => Durability::None,
        })?;
        self.write_names(&write, &ledger.names)?;
        if self.interned.models != ledger.names.models.len() {
            write.open_table(META)?.insert("pricing", ledger.pricing.fingerprint(&ledger.names))?;
        }
        write::write_messages(&write, batch)?;
        write::write_buckets(&write, batch)?;
        write::write_runs(&write, batch)?;
        team::mark_changes(&write, batch, ledger)?;
        write::write_sessions(&write, batch, ledger)?;
        write::write_cursors(&write, cursors)?;
        write::write_readings(&write, &batch.readings)?;
        write::write_orphan_titles(&write, &batch.orphan_titles)?;
        Ok(write.commit()?)
    }

    fn write_names(&self, write: &redb::WriteTransaction, names: &InternTables) -> Result<(), DbError> {
        let mut table = write.open_table(NAMES)?;
        let mut save = |kind: u8, names: &mut dyn Iterator<Item = (u32, &[u8])>| -> Result<(), DbError> {
            for (id, bytes) in names {
                table.insert((kind, id), bytes)?;
            }
            Ok(())
        };
        save(SESSION_NAME, &mut write::new_names(&names.sessions, self.interned.sessions))?;
        save(MODEL_NAME, &mut write::new_names(&names.models, self.interned.models))?;
        save(PROJECT_NAME, &mut write::new_names(&names.projects, self.interned.projects))?;
        save(BRANCH_NAME, &mut write::new_names(&names.branches, self.interned.branches))?;
        save(RUN_NAME, &mut write::new_names(&names.runs, self.interned.runs))?;
        save(LOG_NAME, &mut write::new_names(&names.logs, self.interned.logs))
    }

    fn read_tables(&self) -> Result<&ReadTables, DbError> {
        if let Some(tables) = self.tables.get() {
            return Ok(tables);
        }
        let tables = Guarded::new(ReadTables::open(self.database()?)?);
        Ok(self.tables.get_or_init(|| tables))
    }

    /// Runs an operation on the database. All operations go through here: a panic becomes [`StoreError::Corrupt`], and
    /// damage is remembered.
    pub(crate) fn guard<T>(&self, work: impl FnOnce() -> Result<T, DbError>) -> Result<T, StoreError> {
        let result = catch_panic(work);
        let result = result.map_or_else(
            |panic| Err(StoreError::corrupt(&self.path, panic)),
            |result| result.map_err(|error| self.to_store_error(error)),
        );
        if let Err(error) = &result
            && error.is_damage()
        {
            self.is_damaged.set(true);
        }
        result
    }

    /// Returns true if an operation has found damage in the file.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged.get()
    }

    /// Records damage that the caller has found, such as a panic over impossible figures.
    pub fn mark_damaged(&self) {
        self.is_damaged.set(true);
    }

    fn to_store_error(&self, error: DbError) -> StoreError {
        match error {
            DbError::BadRow(table) => StoreError::BadRow { table },
            DbError::Closed => StoreError::Closed { path: self.path.clone() },
            DbError::Contradiction(message) => StoreError::corrupt(&self.path, message.to_owned()),
            DbError::Database(error) => map_redb_error(&self.path, error),
        }
    }
}

impl LedgerLookup for Store {
    type Error = StoreError;

    fn find_message(&self, key: MessageKey) -> Result<Option<Message>, StoreError> {
        self.guard(|| self.read_tables().and_then(|tables| tables.load_message(key)))
    }

    fn find_alias(&self, key: MessageKey) -> Result<Option<MessageKey>, StoreError> {
        self.guard(|| self.read_tables().and_then(|tables| tables.load_alias(key)))
    }

    fn find_bucket(&self, key: BucketKey) -> Result<Option<Bucket>, StoreError> {
        self.guard(|| self.read_tables().and_then(|tables| tables.load_bucket(key)))
    }

    fn find_run(&self, key: SubagentRunKey) -> Result<Option<SubagentRun>, StoreError> {
        self.guard(|| self.read_tables().and_then(|tables| tables.load_run(key)))
    }
}
