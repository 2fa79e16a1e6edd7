//! Writes the parts of a batch to their tables.

use redb::{ReadableTable, WriteTransaction};
use rustc_hash::FxHashMap;
use token_monitor_core::interner::{Interner, LogId};
use token_monitor_core::ledger::{Batch, Ledger, Message, MessageKey, StoredOrphanTitle};
use token_monitor_core::quota::Reading;
use token_monitor_core::transcript::Cursor;

use crate::encoding;
use crate::error::DbError;
use crate::read::{bucket_row_key, find_message};
use crate::schema::{
    ALIASES, BUCKETS, FORMAT, LOGS, MESSAGES, META, METADATA, NAME_INDEX, NAMES, ORPHAN_TITLES, QUOTA, RULES, RUNS,
    SESSIONS, SETTINGS,
};

/// Creates the tables of a new store.
pub(crate) fn create_tables(write: &WriteTransaction) -> Result<(), DbError> {
    write.open_table(META)?.insert("format", u64::from(FORMAT))?;
    write.open_table(META)?.insert("rules", RULES)?;
    write.open_table(NAMES)?;
    write.open_table(LOGS)?;
    write.open_table(MESSAGES)?;
    write.open_table(BUCKETS)?;
    write.open_table(RUNS)?;
    write.open_table(QUOTA)?;
    write.open_table(SESSIONS)?;
    write.open_table(METADATA)?;
    write.open_table(NAME_INDEX)?;
    write.open_table(SETTINGS)?;
    Ok(())
}

/// Writes messages in the order of their keys, which is several times faster than in random order.
pub(crate) fn write_messages(write: &WriteTransaction, batch: &Batch) -> Result<(), DbError> {
    write_aliases(write, batch)?;
    let mut table = write.open_table(MESSAGES)?;
    for &key in &batch.removed_messages {
        remove_message(&mut table, key)?;
    }
    let mut messages: Vec<_> = batch.messages.iter().collect();
    messages.sort_unstable_by_key(|(key, _)| **key);
    for (&key, message) in messages {
        let (row_key, _) = find_message(&table, key)?;
        table.insert(row_key, encoding::encode_message(key, message).as_slice())?;
    }
    Ok(())
}

fn write_aliases(write: &WriteTransaction, batch: &Batch) -> Result<(), DbError> {
    if batch.aliases.is_empty() {
        return Ok(());
    }
    let mut table = write.open_table(ALIASES)?;
    for (key, next) in &batch.aliases {
        table.insert(key.0, next.0)?;
    }
    Ok(())
}

/// Removes a message that was merged into another one. If the next row exists, other messages with the same first half of
/// a key may follow, so the row is kept without usage.
fn remove_message(table: &mut redb::Table<'_, u64, &'static [u8]>, key: MessageKey) -> Result<(), DbError> {
    let (row_key, Some(message)) = find_message(table, key)? else { return Ok(()) };
    if table.get(row_key.wrapping_add(1))?.is_none() {
        table.remove(row_key)?;
    } else {
        let without_usage = Message { main: None, side: None, ..message };
        table.insert(row_key, encoding::encode_message(key, &without_usage).as_slice())?;
    }
    Ok(())
}

pub(crate) fn write_buckets(write: &WriteTransaction, batch: &Batch) -> Result<(), DbError> {
    let mut table = write.open_table(BUCKETS)?;
    let mut buckets: Vec<_> = batch.buckets.iter().collect();
    buckets.sort_unstable_by_key(|(key, _)| **key);
    for (&key, bucket) in buckets {
        let row_key = bucket_row_key(key);
        match bucket.offsets.is_empty() {
            true => drop(table.remove(row_key)?),
            false => drop(table.insert(row_key, encoding::encode_bucket(bucket).as_slice())?),
        }
    }
    Ok(())
}

pub(crate) fn write_runs(write: &WriteTransaction, batch: &Batch) -> Result<(), DbError> {
    let mut table = write.open_table(RUNS)?;
    for (key, run) in &batch.runs {
        table.insert((key.session.0, key.run.0), encoding::encode_run(run).as_slice())?;
    }
    Ok(())
}

pub(crate) fn write_sessions(write: &WriteTransaction, batch: &Batch, ledger: &Ledger) -> Result<(), DbError> {
    let mut table = write.open_table(SESSIONS)?;
    for id in &batch.sessions {
        table.insert(id.0, encoding::encode_session(&ledger.sessions[id]).as_slice())?;
    }
    Ok(())
}

pub(crate) fn write_cursors(
    write: &WriteTransaction,
    cursors: &FxHashMap<LogId, Option<Cursor>>,
) -> Result<(), DbError> {
    let mut table = write.open_table(LOGS)?;
    for (id, cursor) in cursors {
        match cursor {
            Some(cursor) => drop(table.insert(id.0, encoding::encode_cursor(cursor).as_slice())?),
            None => drop(table.remove(id.0)?),
        }
    }
    Ok(())
}

/// Returns the names that were added after the first `stored` ones.
pub(crate) fn new_names<Id: From<u32> + Into<u32>>(
    names: &Interner<Id>,
    stored: usize,
) -> impl Iterator<Item = (u32, &[u8])> {
    names.added_since(stored)
}

pub(crate) fn write_readings(write: &WriteTransaction, readings: &[Reading]) -> Result<(), DbError> {
    let mut table = write.open_table(QUOTA)?;
    for reading in readings {
        table.insert((reading.at.0, reading_to_json(reading).as_str()), ())?;
    }
    Ok(())
}

pub(crate) fn write_orphan_titles(write: &WriteTransaction, titles: &[StoredOrphanTitle]) -> Result<(), DbError> {
    if titles.is_empty() {
        return Ok(());
    }
    let mut table = write.open_table(ORPHAN_TITLES)?;
    for title in titles {
        table.insert(
            (title.message_uuid.as_str(), title.log.0),
            (title.offset, title.text.as_str(), title.is_searched),
        )?;
    }
    Ok(())
}

/// Returns a reading as JSON, which is part of its row key.
pub(crate) fn reading_to_json(reading: &Reading) -> String {
    serde_json::to_string(reading).expect("plain numbers and names are JSON")
}
