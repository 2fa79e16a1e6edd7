//! Adds the days of changes to the outbox, in the transaction of the changes.

use std::collections::BTreeSet;

use redb::{ReadableTable, TableHandle, WriteTransaction};
use token_monitor_core::ledger::{Batch, Ledger, Session};
use token_monitor_core::time::{Slot, Timestamp};

use crate::encoding;
use crate::error::DbError;
use crate::schema::{BUCKETS, SESSIONS, TEAM_DAYS, TEAM_STATE};
use crate::team::{SLOTS_PER_DAY, UtcDay};

/// The first and last days of slots.
const FIRST_DAY: UtcDay = UtcDay(i32::MIN / SLOTS_PER_DAY);
const LAST_DAY: UtcDay = UtcDay(i32::MAX / SLOTS_PER_DAY - 1);

/// Adds the days of a batch, whose sessions are not written yet.
pub(crate) fn mark_changes(write: &WriteTransaction, batch: &Batch, ledger: &Ledger) -> Result<(), DbError> {
    if !is_sharing(write)? {
        return Ok(());
    }
    let days: BTreeSet<UtcDay> = batch.buckets.keys().map(|key| UtcDay::of_slot(key.slot)).collect();
    {
        let mut table = write.open_table(TEAM_DAYS)?;
        for day in days {
            table.insert(day.0, ())?;
        }
    }
    for (first, last) in redefined_spans(write, batch, ledger)? {
        mark_days_between(write, UtcDay::of_slot(first.slot()), UtcDay::of_slot(last.slot()))?;
    }
    Ok(())
}

/// Adds all days with buckets.
pub(crate) fn mark_all_days(write: &WriteTransaction) -> Result<(), DbError> {
    if is_sharing(write)? { mark_days_between(write, FIRST_DAY, LAST_DAY) } else { Ok(()) }
}

/// Adds the days from `first` to `last` that have buckets.
pub(super) fn mark_days_between(write: &WriteTransaction, first: UtcDay, last: UtcDay) -> Result<(), DbError> {
    let found = days_between(&write.open_table(BUCKETS)?, first, last)?;
    let mut days = write.open_table(TEAM_DAYS)?;
    for day in found {
        days.insert(day.0, ())?;
    }
    Ok(())
}

/// Returns all days with buckets, the earliest first.
pub(super) fn days_with_buckets(
    buckets: &impl ReadableTable<(i32, u32, u32), &'static [u8]>,
) -> Result<Vec<UtcDay>, DbError> {
    days_between(buckets, FIRST_DAY, LAST_DAY)
}

/// Returns the days from `first` to `last` that have buckets. Takes one look-up a day.
fn days_between(
    buckets: &impl ReadableTable<(i32, u32, u32), &'static [u8]>,
    first: UtcDay,
    last: UtcDay,
) -> Result<Vec<UtcDay>, DbError> {
    let mut days = Vec::new();
    let mut from = first.slots().start;
    while let Some(next) = buckets.range((from.0, 0, 0)..)?.next() {
        let day = UtcDay::of_slot(Slot(next?.0.value().0));
        if day > last {
            break;
        }
        days.push(day);
        from = day.slots().end;
    }
    Ok(days)
}

/// Returns true if usage is shared. Opening a table creates it, so this looks at the list of tables first.
fn is_sharing(write: &WriteTransaction) -> Result<bool, DbError> {
    let exists = write.list_tables()?.any(|table| table.name() == TEAM_STATE.name());
    Ok(exists && write.open_table(TEAM_STATE)?.first()?.is_some())
}

/// Returns the times of the sessions in a batch whose shared properties have changed.
fn redefined_spans(
    write: &WriteTransaction,
    batch: &Batch,
    ledger: &Ledger,
) -> Result<Vec<(Timestamp, Timestamp)>, DbError> {
    let table = write.open_table(SESSIONS)?;
    let mut spans = Vec::new();
    for id in &batch.sessions {
        let Some(row) = table.get(id.0)? else { continue };
        let before = encoding::decode_session(row.value()).ok_or(DbError::BadRow("sessions"))?;
        let after = &ledger.sessions[id];
        if shared_properties(&before) != shared_properties(after) {
            spans.extend(joined_span(before.span, after.span));
        }
    }
    Ok(spans)
}

/// Returns what a row of a session contains of its properties.
fn shared_properties(session: &Session) -> impl PartialEq + '_ {
    let repository = session.pull_requests.iter().rev().find_map(|link| link.repository.as_deref());
    (session.project.map(|(_, project)| project), session.branch.map(|(_, branch)| branch), repository)
}

fn joined_span(
    before: Option<(Timestamp, Timestamp)>,
    after: Option<(Timestamp, Timestamp)>,
) -> Option<(Timestamp, Timestamp)> {
    match (before, after) {
        (Some(before), Some(after)) => Some((before.0.min(after.0), before.1.max(after.1))),
        (before, after) => before.or(after),
    }
}
