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
use token_monitor_core::{
    Batch, Bucket, BucketKey, Cursor, Interner, Key, LogId, Message, Names, Recent, Session, SessionId, Shelf, Slot,
};

use crate::error::StoreError;
use crate::rows;
use crate::shelf::{Committed, Trouble, bucket_place, find};
use crate::tables::{
    BUCKETS, FORMAT, LOG_NAME, LOGS, MESSAGES, META, METADATA, MODEL_NAME, NAME_INDEX, NAMES, PROJECT_NAME,
    SESSION_NAME, SESSIONS, SETTINGS,
};

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
    logs: usize,
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
            refuse_newer(path)?;
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
        let Names { sessions, models, projects, logs } = &loaded.names;
        self.saved =
            Saved { sessions: sessions.len(), models: models.len(), projects: projects.len(), logs: logs.len() };
        Ok(loaded)
    }

    /// Writes a batch: the names it needs, what was counted, and how far the logs were read. A log whose cursor is
    /// `None` is forgotten; what was counted from it stays.
    pub fn write(
        &mut self,
        batch: &Batch,
        names: &Names,
        sessions: &FxHashMap<SessionId, Session>,
        cursors: &FxHashMap<LogId, Option<Cursor>>,
        safety: Safety,
    ) -> Result<(), StoreError> {
        self.committed.take();
        self.tried(self.write_all(batch, names, sessions, cursors, safety))?;
        let Names { sessions, models, projects, logs } = names;
        self.saved =
            Saved { sessions: sessions.len(), models: models.len(), projects: projects.len(), logs: logs.len() };
        Ok(())
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

    /// The last days' buckets.
    pub fn recent(&self, now: token_monitor_core::Moment) -> Result<Recent, StoreError> {
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
        let prepare = || -> Result<Option<u64>, Trouble> {
            let write = self.database()?.begin_write()?;
            let found = write.open_table(META)?.get("format")?.map(|format| format.value());
            if found.is_some() {
                write.abort()?;
                return Ok(found);
            }
            write.open_table(META)?.insert("format", u64::from(FORMAT))?;
            write.open_table(NAMES)?;
            write.open_table(LOGS)?;
            write.open_table(MESSAGES)?;
            write.open_table(BUCKETS)?;
            write.open_table(SESSIONS)?;
            write.open_table(METADATA)?;
            write.open_table(NAME_INDEX)?;
            write.open_table(SETTINGS)?;
            write.commit()?;
            Ok(None)
        };
        // One in need of repair could not be looked at before.
        self.tried(prepare()).and_then(|found| refuse_if_newer(&self.path, found))
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
                LOG_NAME => drop(loaded.names.logs.id(spelling)),
                _ => return Err(Trouble::Row("names")),
            }
        }
        for row in read.open_table(SESSIONS)?.iter()? {
            let (id, session) = row?;
            let session = rows::read_session(session.value()).ok_or(Trouble::Row("sessions"))?;
            loaded.sessions.insert(SessionId(id.value()), session);
        }
        for row in read.open_table(LOGS)?.iter()? {
            let (id, cursor) = row?;
            let cursor = rows::read_cursor(cursor.value()).ok_or(Trouble::Row("logs"))?;
            loaded.cursors.insert(LogId(id.value()), cursor);
        }
        Ok(loaded)
    }

    fn write_all(
        &self,
        batch: &Batch,
        names: &Names,
        sessions: &FxHashMap<SessionId, Session>,
        cursors: &FxHashMap<LogId, Option<Cursor>>,
        safety: Safety,
    ) -> Result<(), Trouble> {
        let mut write = self.database()?.begin_write()?;
        write.set_durability(match safety {
            Safety::Durable => Durability::Immediate,
            Safety::Deferred => Durability::None,
        })?;
        self.write_names(&write, names)?;
        write_messages(&write, batch)?;
        write_buckets(&write, batch)?;
        {
            let mut table = write.open_table(SESSIONS)?;
            for id in &batch.sessions {
                table.insert(id.0, rows::session(&sessions[id]).as_slice())?;
            }
            let mut table = write.open_table(LOGS)?;
            for (id, cursor) in cursors {
                match cursor {
                    Some(cursor) => drop(table.insert(id.0, rows::cursor(cursor).as_slice())?),
                    None => drop(table.remove(id.0)?),
                }
            }
        }
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
        save(SESSION_NAME, &mut fresh(&names.sessions, self.saved.sessions))?;
        save(MODEL_NAME, &mut fresh(&names.models, self.saved.models))?;
        save(PROJECT_NAME, &mut fresh(&names.projects, self.saved.projects))?;
        save(LOG_NAME, &mut fresh(&names.logs, self.saved.logs))
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

impl Shelf for Store {
    type Error = StoreError;

    fn message(&self, key: Key) -> Result<Option<Message>, StoreError> {
        self.tried(self.committed().and_then(|committed| committed.message(key)))
    }

    fn bucket(&self, key: BucketKey) -> Result<Option<Bucket>, StoreError> {
        self.tried(self.committed().and_then(|committed| committed.bucket(key)))
    }
}

/// Sorted, because a tree takes keys in order several times faster.
fn write_messages(write: &redb::WriteTransaction, batch: &Batch) -> Result<(), Trouble> {
    let mut table = write.open_table(MESSAGES)?;
    let mut messages: Vec<_> = batch.messages.iter().collect();
    messages.sort_unstable_by_key(|(key, _)| **key);
    for (&key, message) in messages {
        let (place, _) = find(&table, key)?;
        table.insert(place, rows::message(key, message).as_slice())?;
    }
    Ok(())
}

fn write_buckets(write: &redb::WriteTransaction, batch: &Batch) -> Result<(), Trouble> {
    let mut table = write.open_table(BUCKETS)?;
    let mut buckets: Vec<_> = batch.buckets.iter().collect();
    buckets.sort_unstable_by_key(|(key, _)| **key);
    for (&key, bucket) in buckets {
        let place = bucket_place(key);
        match bucket.marks.is_empty() {
            true => drop(table.remove(place)?),
            false => drop(table.insert(place, rows::bucket(bucket).as_slice())?),
        }
    }
    Ok(())
}

fn fresh<Id: From<u32> + Into<u32>>(names: &Interner<Id>, saved: usize) -> impl Iterator<Item = (u32, &[u8])> {
    names.since(saved)
}

/// Looks at the format before anything can write to the file.
fn refuse_newer(path: &Path) -> Result<(), StoreError> {
    let Ok(database) = ReadOnlyDatabase::open(path) else {
        // In need of repair, in use, or no store at all: opening it for writing tells which.
        return Ok(());
    };
    let format = || -> Option<u64> {
        let read = database.begin_read().ok()?;
        Some(read.open_table(META).ok()?.get("format").ok()??.value())
    };
    refuse_if_newer(path, format())
}

fn refuse_if_newer(path: &Path, format: Option<u64>) -> Result<(), StoreError> {
    let found = format.map_or(FORMAT, |format| u32::try_from(format).unwrap_or(u32::MAX));
    match found > FORMAT {
        true => Err(StoreError::NewerFormat { path: path.to_owned(), found, known: FORMAT }),
        false => Ok(()),
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
    private::create_folder(folder).map_err(|source| StoreError::Folder { path: folder.to_owned(), source })
}

fn make_private_file(path: &Path) -> io::Result<()> {
    private::create_file(path)
}

/// Nobody else may read what is counted: private from the first instant, not made so afterwards.
#[cfg(unix)]
mod private {
    use std::fs::{DirBuilder, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    use std::path::Path;

    pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    pub(super) fn create_file(path: &Path) -> io::Result<()> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(path).map(|_| ())
    }
}

/// The user's folders are private by their inherited permissions.
#[cfg(not(unix))]
mod private {
    use std::fs::{self, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    pub(super) fn create_file(path: &Path) -> io::Result<()> {
        OpenOptions::new().create(true).append(true).open(path).map(|_| ())
    }
}
