//! The store: one file, one owner, one transaction per batch.
//!
//! What was counted and how far the logs were read change together or not at all, so a process may be killed
//! anywhere. After any error from a write the caller must drop the store and open it again: a commit that failed
//! may have reached the disk all the same, and only the file knows.

use std::cell::OnceCell;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use redb::{Database, DatabaseError, Durability, ReadOnlyDatabase, ReadableDatabase, ReadableTable, StorageError};
use rustc_hash::FxHashMap;
use token_monitor_core::interner::{LogId, Names, RunId, SessionId};
use token_monitor_core::ledger::{
    Batch, Bucket, BucketKey, Key, Ledger, LedgerLookup, Message, Recent, Run, RunKey, Session,
};
use token_monitor_core::time::Slot;
use token_monitor_core::tokens::Sum;
use token_monitor_core::transcript::Cursor;

use crate::encoding;
use crate::error::StoreError;
use crate::fs_permissions;
use crate::migrate;
use crate::quota;
use crate::read::{Committed, Trouble};
use crate::reprice::Bills;
use crate::schema::{
    BRANCH_NAME, FORMAT, LOG_NAME, LOGS, MESSAGES, META, MODEL_NAME, NAMES, PROJECT_NAME, RUN_NAME, SESSION_NAME,
    SESSIONS,
};
use crate::write;

/// Enough for the pages a live batch touches; redb's default of 1 GiB really fills.
const CACHE_BYTES: usize = 4 << 20;

/// An open store.
pub struct Store {
    /// None once it was let go.
    database: Option<Database>,
    path: PathBuf,
    /// Opened on the first look-up after a commit, dropped before the next: an old reader keeps pages from being
    /// freed.
    committed: OnceCell<Committed>,
    /// How many names of each kind are in the file.
    saved: Saved,
}

#[derive(Clone, Copy, Default)]
struct Saved {
    sessions: usize,
    models: usize,
    projects: usize,
    branches: usize,
    runs: usize,
    logs: usize,
}

impl Saved {
    fn all(names: &Names) -> Self {
        let Names { sessions, models, projects, branches, runs, logs } = names;
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

/// What a store holds that is kept in memory.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All names.
    pub names: Names,
    /// All sessions.
    pub sessions: FxHashMap<SessionId, Session>,
    /// All logs met before.
    pub cursors: FxHashMap<LogId, Cursor>,
    /// By which prices all costs were worked out: [`token_monitor_core::pricing::Pricing::fingerprint`].
    pub priced_by: Option<u64>,
}

/// How safe a commit must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// On disk when the call returns.
    Durable,
    /// On disk with the next durable commit; a crash before that loses it whole, cursors included.
    Deferred,
}

impl Store {
    /// Opens a store, or makes a new one.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            make_private_folder(folder)?;
        }
        let is_new = fs::metadata(path).map_or(true, |file| file.len() == 0);
        if is_new {
            make_private_file(path).map_err(|source| failed(path, StorageError::Io(source)))?;
        } else {
            look_at_format(path)?;
        }
        let database = redb::Builder::new().set_cache_size(CACHE_BYTES).create(path).map_err(|e| unopened(path, e))?;
        let database = Some(database);
        let store = Self { database, path: path.to_owned(), committed: OnceCell::new(), saved: Saved::default() };
        store.prepare()?;
        Ok(store)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads what is kept in memory.
    pub fn load(&mut self) -> Result<Loaded, StoreError> {
        let loaded = self.tried(self.read_all())?;
        self.saved = Saved::all(&loaded.names);
        Ok(loaded)
    }

    /// Writes a batch: the names it needs, what was counted, and how far the logs were read. A log whose cursor is
    /// `None` is forgotten; what was counted from it stays.
    pub fn write(
        &mut self,
        batch: &Batch,
        ledger: &Ledger,
        cursors: &FxHashMap<LogId, Option<Cursor>>,
        safety: Safety,
    ) -> Result<(), StoreError> {
        self.committed.take();
        self.tried(self.write_all(batch, ledger, cursors, safety))?;
        self.saved = Saved::all(&ledger.names);
        Ok(())
    }

    /// Works out all costs anew by the ledger's prices, here and in the ledger. Nothing may wait to be written.
    pub fn reprice(&mut self, ledger: &mut Ledger) -> Result<(), StoreError> {
        self.committed.take();
        self.tried(self.reprice_all(ledger))
    }

    /// The runs of a session's subagents.
    pub fn runs_of(&self, session: SessionId) -> Result<Vec<(RunId, Run)>, StoreError> {
        self.tried(self.committed().and_then(|committed| committed.runs_of(session)))
    }

    /// The buckets of a range of slots, in order of time.
    pub fn buckets(
        &self,
        slots: Range<Slot>,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, Bucket), StoreError>>, StoreError> {
        let rows = self.tried(self.committed().and_then(|committed| committed.buckets(slots)))?;
        Ok(rows.map(|row| row.map_err(|trouble| self.error(trouble))))
    }

    /// All buckets, in order of time.
    pub fn all_buckets(
        &self,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, Bucket), StoreError>>, StoreError> {
        self.buckets(Slot(i32::MIN)..Slot(i32::MAX))
    }

    /// The sums of a range's buckets that are wanted, in order of time.
    pub fn sums(
        &self,
        slots: Range<Slot>,
        wanted: impl Fn(&BucketKey) -> bool,
    ) -> Result<impl Iterator<Item = Result<(BucketKey, Sum), StoreError>>, StoreError> {
        let rows = self.tried(self.committed().and_then(|committed| committed.sums(slots, wanted)))?;
        Ok(rows.map(|row| row.map_err(|trouble| self.error(trouble))))
    }

    /// The last days' buckets.
    pub fn recent(&self, now: token_monitor_core::time::Timestamp) -> Result<Recent, StoreError> {
        Recent::gather(now, self.all_buckets()?.rev())
    }

    /// How many messages were ever counted.
    pub fn message_count(&self) -> Result<u64, StoreError> {
        let count = || -> Result<u64, Trouble> {
            let read = self.database()?.begin_read()?;
            Ok(redb::ReadableTableMetadata::len(&read.open_table(MESSAGES)?)?)
        };
        self.tried(count())
    }

    /// Gives the space back that a large import left.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        self.committed.take();
        let Some(database) = &mut self.database else { return self.tried(Err(Trouble::Closed)) };
        let compacted = database.compact().map(|_| ()).map_err(|error| Trouble::Read(error.into()));
        self.tried(compacted)
    }

    /// Closes the file, so that the next open needs no repair.
    pub fn close(self) -> Result<(), StoreError> {
        let Self { database, path, committed, .. } = self;
        drop(committed);
        database.map_or(Ok(()), Database::close).map_err(|error| failed(&path, error))
    }

    /// Lets go of the file after a failure, so that it can be opened again. Nothing can be asked of it afterwards.
    pub fn let_go(&mut self) {
        self.committed.take();
        self.database = None;
    }

    pub(crate) fn database(&self) -> Result<&Database, Trouble> {
        self.database.as_ref().ok_or(Trouble::Closed)
    }

    fn prepare(&self) -> Result<(), StoreError> {
        let found = self.tried(self.format())?;
        // One in need of repair could not be looked at before.
        refuse_if_newer(&self.path, found)?;
        let prepare = || -> Result<(), Trouble> {
            let write = self.database()?.begin_write()?;
            match found {
                Some(FORMAT) => return Ok(write.abort()?),
                Some(_) => migrate::upgrade(&write)?,
                None => write::make_tables(&write)?,
            }
            Ok(write.commit()?)
        };
        self.tried(prepare())
    }

    fn format(&self) -> Result<Option<u32>, Trouble> {
        let write = self.database()?.begin_write()?;
        let found = migrate::format_of(&write.open_table(META)?)?;
        write.abort()?;
        Ok(found)
    }

    fn read_all(&self) -> Result<Loaded, Trouble> {
        let read = self.database()?.begin_read()?;
        let mut loaded = Loaded::default();
        for row in read.open_table(NAMES)?.iter()? {
            let (key, spelling) = row?;
            let ((kind, _), spelling) = (key.value(), spelling.value());
            // Ids are the order of the rows: they were handed out in this order.
            match kind {
                SESSION_NAME => drop(loaded.names.sessions.id(spelling)),
                MODEL_NAME => drop(loaded.names.models.id(spelling)),
                PROJECT_NAME => drop(loaded.names.projects.id(spelling)),
                BRANCH_NAME => drop(loaded.names.branches.id(spelling)),
                RUN_NAME => drop(loaded.names.runs.id(spelling)),
                LOG_NAME => drop(loaded.names.logs.id(spelling)),
                _ => return Err(Trouble::Row("names")),
            }
        }
        for row in read.open_table(SESSIONS)?.iter()? {
            let (id, session) = row?;
            let session = encoding::read_session(session.value()).ok_or(Trouble::Row("sessions"))?;
            loaded.sessions.insert(SessionId(id.value()), session);
        }
        for row in read.open_table(LOGS)?.iter()? {
            let (id, cursor) = row?;
            let cursor = encoding::read_cursor(cursor.value()).ok_or(Trouble::Row("logs"))?;
            loaded.cursors.insert(LogId(id.value()), cursor);
        }
        loaded.priced_by = read.open_table(META)?.get("pricing")?.map(|print| print.value());
        Ok(loaded)
    }

    fn reprice_all(&self, ledger: &mut Ledger) -> Result<(), Trouble> {
        let old = Committed::open(self.database()?)?;
        let bills = Bills::of(&old, ledger)?;
        bills.settle(ledger);
        let write = self.database()?.begin_write()?;
        bills.write(&write, &old, ledger)?;
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
    ) -> Result<(), Trouble> {
        let mut write = self.database()?.begin_write()?;
        write.set_durability(match safety {
            Safety::Durable => Durability::Immediate,
            Safety::Deferred => Durability::None,
        })?;
        self.write_names(&write, &ledger.names)?;
        if self.saved.models != ledger.names.models.len() {
            write.open_table(META)?.insert("pricing", ledger.pricing.fingerprint(&ledger.names))?;
        }
        write::messages(&write, batch)?;
        write::buckets(&write, batch)?;
        write::runs(&write, batch)?;
        write::sessions(&write, batch, ledger)?;
        write::cursors(&write, cursors)?;
        quota::write(&write, &batch.readings)?;
        Ok(write.commit()?)
    }

    fn write_names(&self, write: &redb::WriteTransaction, names: &Names) -> Result<(), Trouble> {
        let mut table = write.open_table(NAMES)?;
        let mut save = |kind: u8, fresh: &mut dyn Iterator<Item = (u32, &[u8])>| -> Result<(), Trouble> {
            for (id, spelling) in fresh {
                table.insert((kind, id), spelling)?;
            }
            Ok(())
        };
        save(SESSION_NAME, &mut write::fresh(&names.sessions, self.saved.sessions))?;
        save(MODEL_NAME, &mut write::fresh(&names.models, self.saved.models))?;
        save(PROJECT_NAME, &mut write::fresh(&names.projects, self.saved.projects))?;
        save(BRANCH_NAME, &mut write::fresh(&names.branches, self.saved.branches))?;
        save(RUN_NAME, &mut write::fresh(&names.runs, self.saved.runs))?;
        save(LOG_NAME, &mut write::fresh(&names.logs, self.saved.logs))
    }

    fn committed(&self) -> Result<&Committed, Trouble> {
        if let Some(committed) = self.committed.get() {
            return Ok(committed);
        }
        let committed = Committed::open(self.database()?)?;
        Ok(self.committed.get_or_init(|| committed))
    }

    pub(crate) fn tried<T>(&self, result: Result<T, Trouble>) -> Result<T, StoreError> {
        result.map_err(|trouble| self.error(trouble))
    }

    fn error(&self, trouble: Trouble) -> StoreError {
        match trouble {
            Trouble::Row(table) => StoreError::BadRow { table },
            Trouble::Closed => StoreError::Closed { path: self.path.clone() },
            Trouble::Read(error) => failed(&self.path, error),
        }
    }
}

impl LedgerLookup for Store {
    type Error = StoreError;

    fn message(&self, key: Key) -> Result<Option<Message>, StoreError> {
        self.tried(self.committed().and_then(|committed| committed.message(key)))
    }

    fn bucket(&self, key: BucketKey) -> Result<Option<Bucket>, StoreError> {
        self.tried(self.committed().and_then(|committed| committed.bucket(key)))
    }

    fn run(&self, key: RunKey) -> Result<Option<Run>, StoreError> {
        self.tried(self.committed().and_then(|committed| committed.run(key)))
    }
}

/// Looks at the format before anything can write to the file, and keeps a copy of one of an earlier format.
fn look_at_format(path: &Path) -> Result<(), StoreError> {
    let Ok(database) = ReadOnlyDatabase::open(path) else {
        // In need of repair, in use, or no store at all: opening it for writing tells which.
        return Ok(());
    };
    let format = || -> Result<Option<u32>, Trouble> { migrate::format_of(&database.begin_read()?.open_table(META)?) };
    let found = format().ok().flatten();
    drop(database);
    refuse_if_newer(path, found)?;
    match found {
        Some(earlier) if earlier < FORMAT => {
            migrate::back_up(path, earlier).map_err(|error| failed(path, StorageError::Io(error)))
        }
        _ => Ok(()),
    }
}

fn refuse_if_newer(path: &Path, format: Option<u32>) -> Result<(), StoreError> {
    match format {
        Some(found) if found > FORMAT => Err(StoreError::NewerFormat { path: path.to_owned(), found, known: FORMAT }),
        _ => Ok(()),
    }
}

fn unopened(path: &Path, error: DatabaseError) -> StoreError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::Busy { path },
        DatabaseError::Storage(StorageError::Io(error)) if !is_damage(&error) => failed(&path, StorageError::Io(error)),
        other => StoreError::Corrupt { path, source: Box::new(other.into()) },
    }
}

fn failed(path: &Path, error: impl Into<redb::Error>) -> StoreError {
    let (path, error) = (path.to_owned(), error.into());
    match error {
        redb::Error::Corrupted(_) => StoreError::Corrupt { path, source: Box::new(error) },
        redb::Error::Io(ref cause) if is_damage(cause) => StoreError::Corrupt { path, source: Box::new(error) },
        _ => StoreError::Disk { path, source: Box::new(error) },
    }
}

/// Whether it is the file that is wrong, not the disk: no store at all, or one cut short.
fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

fn make_private_folder(folder: &Path) -> Result<(), StoreError> {
    fs_permissions::create_folder(folder).map_err(|source| StoreError::Folder { path: folder.to_owned(), source })
}

fn make_private_file(path: &Path) -> io::Result<()> {
    fs_permissions::create_file(path)
}
