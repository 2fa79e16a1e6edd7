//! Looking up what was counted before.

use std::ops::Range;

use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable};
use token_monitor_core::interner::{ModelId, RunId, SessionId};
use token_monitor_core::ledger::{Bucket, BucketKey, Key, Message, Run, RunKey};
use token_monitor_core::time::Slot;
use token_monitor_core::tokens::Sum;

use crate::encoding::{self, Found};
use crate::schema::{BUCKETS, MESSAGES, RUNS};

/// Messages and buckets as the last commit left them.
pub(crate) struct Committed {
    messages: ReadOnlyTable<u64, &'static [u8]>,
    buckets: ReadOnlyTable<(i32, u32, u32), &'static [u8]>,
    runs: ReadOnlyTable<(u32, u32), &'static [u8]>,
}

/// What can go wrong with a table.
pub(crate) enum Trouble {
    /// A row of it cannot be decoded.
    Row(&'static str),
    /// The file cannot be read or written.
    Read(redb::Error),
    /// The file was let go after a failure.
    Closed,
}

impl<E: Into<redb::Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Read(error.into())
    }
}

impl Committed {
    pub(crate) fn open(database: &Database) -> Result<Self, Trouble> {
        let read = database.begin_read()?;
        Ok(Self {
            messages: read.open_table(MESSAGES)?,
            buckets: read.open_table(BUCKETS)?,
            runs: read.open_table(RUNS)?,
        })
    }

    pub(crate) fn message(&self, key: Key) -> Result<Option<Message>, Trouble> {
        Ok(find(&self.messages, key)?.1)
    }

    pub(crate) fn bucket(&self, key: BucketKey) -> Result<Option<Bucket>, Trouble> {
        let Some(row) = self.buckets.get(bucket_place(key))? else { return Ok(None) };
        encoding::read_bucket(row.value()).map(Some).ok_or(Trouble::Row("buckets"))
    }

    pub(crate) fn run(&self, key: RunKey) -> Result<Option<Run>, Trouble> {
        let Some(row) = self.runs.get((key.session.0, key.run.0))? else { return Ok(None) };
        encoding::read_run(row.value()).map(Some).ok_or(Trouble::Row("runs"))
    }

    pub(crate) fn runs_of(&self, session: SessionId) -> Result<Vec<(RunId, Run)>, Trouble> {
        let rows = self.runs.range((session.0, 0)..=(session.0, u32::MAX))?;
        rows.map(|row| {
            let (key, value) = row?;
            Ok((RunId(key.value().1), encoding::read_run(value.value()).ok_or(Trouble::Row("runs"))?))
        })
        .collect()
    }

    /// Every message there is, in no order that means anything.
    pub(crate) fn messages(&self) -> Result<impl Iterator<Item = Result<Message, Trouble>> + use<>, Trouble> {
        let rows = self.messages.range::<u64>(..)?;
        Ok(rows.map(|row| encoding::read_any_message(row?.1.value()).ok_or(Trouble::Row("messages"))))
    }

    pub(crate) fn buckets(
        &self,
        slots: Range<Slot>,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, Bucket), Trouble>> + use<>, Trouble> {
        self.read(slots, |_| true, encoding::read_bucket)
    }

    /// The sums of a range's buckets that are wanted. The instants of their messages are not looked at.
    pub(crate) fn sums(
        &self,
        slots: Range<Slot>,
        wanted: impl Fn(&BucketKey) -> bool,
    ) -> Result<impl Iterator<Item = Result<(BucketKey, Sum), Trouble>>, Trouble> {
        self.read(slots, wanted, encoding::read_sum)
    }

    fn read<T, W: Fn(&BucketKey) -> bool>(
        &self,
        slots: Range<Slot>,
        wanted: W,
        read: fn(&[u8]) -> Option<T>,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, T), Trouble>> + use<T, W>, Trouble> {
        let rows = self.buckets.range((slots.start.0, 0, 0)..(slots.end.0, 0, 0))?;
        Ok(rows.filter_map(move |row| {
            let (place, value) = match row {
                Ok(row) => row,
                Err(error) => return Some(Err(error.into())),
            };
            let (slot, session, model) = place.value();
            let key = BucketKey { slot: Slot(slot), session: SessionId(session), model: ModelId(model) };
            let row = || read(value.value()).map(|row| (key, row)).ok_or(Trouble::Row("buckets"));
            wanted(&key).then(row)
        }))
    }
}

pub(crate) fn bucket_place(key: BucketKey) -> (i32, u32, u32) {
    (key.slot.0, key.session.0, key.model.0)
}

/// Where a message is, or would go: messages that share a place stand one after the other.
pub(crate) fn find(
    messages: &impl ReadableTable<u64, &'static [u8]>,
    key: Key,
) -> Result<(u64, Option<Message>), Trouble> {
    let mut place = encoding::place_of(key);
    loop {
        let Some(row) = messages.get(place)? else { return Ok((place, None)) };
        match encoding::read_message(key, row.value()).ok_or(Trouble::Row("messages"))? {
            Found::This(message) => return Ok((place, Some(message))),
            Found::Another => place = place.wrapping_add(1),
        }
    }
}
