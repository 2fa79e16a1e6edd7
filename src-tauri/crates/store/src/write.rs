//! What a batch leaves in each table.

use redb::WriteTransaction;
use rustc_hash::FxHashMap;
use token_monitor_core::interner::{Interner, LogId};
use token_monitor_core::ledger::{Batch, Ledger};
use token_monitor_core::transcript::Cursor;

use crate::encoding;
use crate::read::{Trouble, bucket_place, find};
use crate::schema::{
    BUCKETS, FORMAT, LOGS, MESSAGES, META, METADATA, NAME_INDEX, NAMES, QUOTA, RUNS, SESSIONS, SETTINGS,
};

/// Makes the tables of a new store.
pub(crate) fn make_tables(write: &WriteTransaction) -> Result<(), Trouble> {
    write.open_table(META)?.insert("format", u64::from(FORMAT))?;
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

/// Sorted, because a tree takes keys in order several times faster.
pub(crate) fn messages(write: &WriteTransaction, batch: &Batch) -> Result<(), Trouble> {
    let mut table = write.open_table(MESSAGES)?;
    let mut messages: Vec<_> = batch.messages.iter().collect();
    messages.sort_unstable_by_key(|(key, _)| **key);
    for (&key, message) in messages {
        let (place, _) = find(&table, key)?;
        table.insert(place, encoding::message(key, message).as_slice())?;
    }
    Ok(())
}

pub(crate) fn buckets(write: &WriteTransaction, batch: &Batch) -> Result<(), Trouble> {
    let mut table = write.open_table(BUCKETS)?;
    let mut buckets: Vec<_> = batch.buckets.iter().collect();
    buckets.sort_unstable_by_key(|(key, _)| **key);
    for (&key, bucket) in buckets {
        let place = bucket_place(key);
        match bucket.marks.is_empty() {
            true => drop(table.remove(place)?),
            false => drop(table.insert(place, encoding::bucket(bucket).as_slice())?),
        }
    }
    Ok(())
}

pub(crate) fn runs(write: &WriteTransaction, batch: &Batch) -> Result<(), Trouble> {
    let mut table = write.open_table(RUNS)?;
    for (key, run) in &batch.runs {
        table.insert((key.session.0, key.run.0), encoding::run(run).as_slice())?;
    }
    Ok(())
}

pub(crate) fn sessions(write: &WriteTransaction, batch: &Batch, ledger: &Ledger) -> Result<(), Trouble> {
    let mut table = write.open_table(SESSIONS)?;
    for id in &batch.sessions {
        table.insert(id.0, encoding::session(&ledger.sessions[id]).as_slice())?;
    }
    Ok(())
}

pub(crate) fn cursors(write: &WriteTransaction, cursors: &FxHashMap<LogId, Option<Cursor>>) -> Result<(), Trouble> {
    let mut table = write.open_table(LOGS)?;
    for (id, cursor) in cursors {
        match cursor {
            Some(cursor) => drop(table.insert(id.0, encoding::cursor(cursor).as_slice())?),
            None => drop(table.remove(id.0)?),
        }
    }
    Ok(())
}

pub(crate) fn fresh<Id: From<u32> + Into<u32>>(
    names: &Interner<Id>,
    saved: usize,
) -> impl Iterator<Item = (u32, &[u8])> {
    names.since(saved)
}
