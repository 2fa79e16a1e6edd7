//! Lookups in the committed tables.

use std::ops::Range;

use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable, TableError};
use rustc_hash::FxHashMap;
use token_monitor_core::interner::{LogId, ModelId, RunId, SessionId};
use token_monitor_core::ledger::{
    Bucket, BucketKey, Message, MessageKey, StoredOrphanTitle, SubagentRun, SubagentRunKey,
};
use token_monitor_core::time::Slot;
use token_monitor_core::tokens::UsageSum;

use crate::encoding::{self, DecodedMessage};
use crate::error::DbError;
use crate::schema::{ALIASES, BUCKETS, MESSAGES, ORPHAN_TITLES, RUNS};

/// The tables of messages, buckets and runs in one read transaction.
pub(crate) struct ReadTables {
    messages: ReadOnlyTable<u64, &'static [u8]>,
    buckets: ReadOnlyTable<(i32, u32, u32), &'static [u8]>,
    runs: ReadOnlyTable<(u32, u32), &'static [u8]>,
    /// Missing until a message has a further key.
    aliases: Option<ReadOnlyTable<u128, u128>>,
}

impl ReadTables {
    pub(crate) fn open(database: &Database) -> Result<Self, DbError> {
        let read = database.begin_read()?;
        Ok(Self {
            messages: read.open_table(MESSAGES)?,
            buckets: read.open_table(BUCKETS)?,
            runs: read.open_table(RUNS)?,
            aliases: match read.open_table(ALIASES) {
                Ok(table) => Some(table),
                Err(TableError::TableDoesNotExist(_)) => None,
                Err(error) => return Err(error.into()),
            },
        })
    }

    pub(crate) fn load_message(&self, key: MessageKey) -> Result<Option<Message>, DbError> {
        Ok(find_message(&self.messages, key)?.1)
    }

    pub(crate) fn load_alias(&self, key: MessageKey) -> Result<Option<MessageKey>, DbError> {
        let Some(table) = &self.aliases else { return Ok(None) };
        Ok(table.get(key.0)?.map(|next| MessageKey(next.value())))
    }

    pub(crate) fn load_bucket(&self, key: BucketKey) -> Result<Option<Bucket>, DbError> {
        let Some(row) = self.buckets.get(bucket_row_key(key))? else { return Ok(None) };
        encoding::decode_bucket(row.value()).map(Some).ok_or(DbError::BadRow("buckets"))
    }

    pub(crate) fn load_run(&self, key: SubagentRunKey) -> Result<Option<SubagentRun>, DbError> {
        let Some(row) = self.runs.get((key.session.0, key.run.0))? else { return Ok(None) };
        encoding::decode_run(row.value()).map(Some).ok_or(DbError::BadRow("runs"))
    }

    pub(crate) fn load_runs(&self, session: SessionId) -> Result<Vec<(RunId, SubagentRun)>, DbError> {
        let rows = self.runs.range((session.0, 0)..=(session.0, u32::MAX))?;
        rows.map(|row| {
            let (key, value) = row?;
            Ok((RunId(key.value().1), encoding::decode_run(value.value()).ok_or(DbError::BadRow("runs"))?))
        })
        .collect()
    }

    /// Returns the types of all runs whose type is known.
    pub(crate) fn agent_types(&self) -> Result<FxHashMap<SubagentRunKey, String>, DbError> {
        let mut types = FxHashMap::default();
        for row in self.runs.range::<(u32, u32)>(..)? {
            let (key, value) = row?;
            let run = encoding::decode_run(value.value()).ok_or(DbError::BadRow("runs"))?;
            let (session, id) = key.value();
            let key = SubagentRunKey { session: SessionId(session), run: RunId(id) };
            types.extend(run.agent_type.map(|agent_type| (key, agent_type)));
        }
        Ok(types)
    }

    /// Reads all messages in an unspecified order.
    pub(crate) fn all_messages(&self) -> Result<impl Iterator<Item = Result<Message, DbError>> + use<>, DbError> {
        let rows = self.messages.range::<u64>(..)?;
        let messages = rows.map(|row| encoding::decode_any_message(row?.1.value()).ok_or(DbError::BadRow("messages")));
        Ok(messages.filter(|message| message.as_ref().map_or(true, has_usage)))
    }

    pub(crate) fn bucket_range(
        &self,
        slots: Range<Slot>,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, Bucket), DbError>> + use<>, DbError> {
        self.read_buckets(slots, |_| true, encoding::decode_bucket)
    }

    /// Reads the sums of the buckets in a range that pass a filter, without their offsets.
    pub(crate) fn bucket_sums(
        &self,
        slots: Range<Slot>,
        filter: impl Fn(&BucketKey) -> bool,
    ) -> Result<impl Iterator<Item = Result<(BucketKey, UsageSum), DbError>>, DbError> {
        self.read_buckets(slots, filter, encoding::decode_sum)
    }

    fn read_buckets<T, W: Fn(&BucketKey) -> bool>(
        &self,
        slots: Range<Slot>,
        filter: W,
        read: fn(&[u8]) -> Option<T>,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(BucketKey, T), DbError>> + use<T, W>, DbError> {
        let rows = self.buckets.range((slots.start.0, 0, 0)..(slots.end.0, 0, 0))?;
        Ok(rows.filter_map(move |row| {
            let (row_key, value) = match row {
                Ok(row) => row,
                Err(error) => return Some(Err(error.into())),
            };
            let (slot, session, model) = row_key.value();
            let key = BucketKey { slot: Slot(slot), session: SessionId(session), model: ModelId(model) };
            let row = || read(value.value()).map(|row| (key, row)).ok_or(DbError::BadRow("buckets"));
            filter(&key).then(row)
        }))
    }
}

/// Returns false for the row of a message that was merged into another one.
fn has_usage(message: &Message) -> bool {
    message.main.is_some() || message.side.is_some()
}

pub(crate) fn bucket_row_key(key: BucketKey) -> (i32, u32, u32) {
    (key.slot.0, key.session.0, key.model.0)
}

/// Returns the row key of a message and the message if it exists. Messages whose keys share the first half are stored
/// in consecutive rows.
pub(crate) fn find_message(
    messages: &impl ReadableTable<u64, &'static [u8]>,
    key: MessageKey,
) -> Result<(u64, Option<Message>), DbError> {
    let mut row_key = encoding::message_row_key(key);
    loop {
        let Some(row) = messages.get(row_key)? else { return Ok((row_key, None)) };
        match encoding::decode_message(key, row.value()).ok_or(DbError::BadRow("messages"))? {
            DecodedMessage::Match(message) => return Ok((row_key, Some(message).filter(has_usage))),
            DecodedMessage::OtherKey => row_key = row_key.wrapping_add(1),
        }
    }
}

/// Loads the titles of sessions that are named by a message.
pub(crate) fn load_orphan_titles(read: &redb::ReadTransaction) -> Result<Vec<StoredOrphanTitle>, DbError> {
    let table = match read.open_table(ORPHAN_TITLES) {
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        table => table?,
    };
    let mut titles = Vec::new();
    for row in table.iter()? {
        let (key, value) = row?;
        let ((message_uuid, log), (offset, text, is_searched)) = (key.value(), value.value());
        let (message_uuid, text) = (message_uuid.to_owned(), text.to_owned());
        titles.push(StoredOrphanTitle { message_uuid, log: LogId(log), offset, text, is_searched });
    }
    Ok(titles)
}
