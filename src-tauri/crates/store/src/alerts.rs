//! Past alerts and the state of the alert evaluation.
//!
//! Both are written in one transaction, so that no alert is sent twice or missing from the list. The tables are created
//! with the first alert: a store without them has no earlier format.

use redb::{ReadTransaction, ReadableDatabase, ReadableTable, TableError, WriteTransaction};
use token_monitor_core::alerts::AlertState;
use token_monitor_core::report::model::AlertRow;

use crate::db::Store;
use crate::error::{DbError, StoreError};
use crate::schema::{ALERT_STATE, ALERTS};

/// The most past alerts that are kept.
pub const MAX_ALERTS: usize = 1_000;

/// The keys of the alert state.
const STATE_KEY: &str = "state";
const SEEN_KEY: &str = "seen";

impl Store {
    /// Loads the alert state. Returns `None` if there is none or it was written by an incompatible version.
    pub fn alert_state(&self) -> Result<Option<AlertState>, StoreError> {
        let text = self.guard(|| self.alert_value(STATE_KEY))?;
        Ok(text.and_then(|text| AlertState::from_json(&text)))
    }

    /// Returns the id of the last alert that the user has seen, or 0.
    pub fn last_seen_alert(&self) -> Result<u64, StoreError> {
        let text = self.guard(|| self.alert_value(SEEN_KEY))?;
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
    }

    /// Stores the id of the last alert that the user has seen.
    pub fn mark_alerts_seen(&mut self, last: u64) -> Result<(), StoreError> {
        let save = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            write.open_table(ALERT_STATE)?.insert(SEEN_KEY, last.to_string().as_str())?;
            Ok(write.commit()?)
        };
        self.guard(save)
    }

    /// Returns past alerts, the latest first. Alerts of an incompatible version are skipped.
    pub fn list_alerts(&self, limit: usize) -> Result<Vec<AlertRow>, StoreError> {
        let list = || -> Result<Vec<AlertRow>, DbError> {
            let read = self.database()?.begin_read()?;
            let Some(table) = open_if_exists(read.open_table(ALERTS))? else { return Ok(Vec::new()) };
            let rows = table.iter()?.rev().map(|row| Ok(serde_json::from_str(row?.1.value()).ok()));
            rows.filter_map(Result::transpose).take(limit).collect()
        };
        self.guard(list)
    }

    /// Returns the id of the next alert. Ids are not reused after old alerts were removed.
    pub fn next_alert_id(&self) -> Result<u64, StoreError> {
        let next = || -> Result<u64, DbError> {
            let read = self.database()?.begin_read()?;
            let Some(table) = open_if_exists(read.open_table(ALERTS))? else { return Ok(1) };
            Ok(table.last()?.map_or(1, |(id, _)| id.value() + 1))
        };
        self.guard(next)
    }

    /// Writes the alert state and new alerts. They are on disk when the call returns.
    pub fn write_alerts(&mut self, state: &AlertState, rows: &[AlertRow]) -> Result<(), StoreError> {
        let save = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            write.open_table(ALERT_STATE)?.insert(STATE_KEY, state.to_json().as_str())?;
            put_rows(&write, rows)?;
            Ok(write.commit()?)
        };
        self.guard(save)
    }

    /// Updates alerts, as with a new delivery status.
    pub fn update_alerts(&mut self, rows: &[AlertRow]) -> Result<(), StoreError> {
        let save = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            put_rows(&write, rows)?;
            Ok(write.commit()?)
        };
        self.guard(save)
    }

    /// Returns an alert by its id.
    pub fn find_alert(&self, id: u64) -> Result<Option<AlertRow>, StoreError> {
        let get = || -> Result<Option<AlertRow>, DbError> {
            let read = self.database()?.begin_read()?;
            let Some(table) = open_if_exists(read.open_table(ALERTS))? else { return Ok(None) };
            let row = table.get(id)?;
            Ok(row.and_then(|row| serde_json::from_str(row.value()).ok()))
        };
        self.guard(get)
    }

    fn alert_value(&self, name: &str) -> Result<Option<String>, DbError> {
        let read: ReadTransaction = self.database()?.begin_read()?;
        let Some(table) = open_if_exists(read.open_table(ALERT_STATE))? else { return Ok(None) };
        Ok(table.get(name)?.map(|text| text.value().to_owned()))
    }
}

/// Converts the error of a missing table to `None`.
pub(crate) fn open_if_exists<T>(opened: Result<T, TableError>) -> Result<Option<T>, DbError> {
    match opened {
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        other => Ok(Some(other?)),
    }
}

/// Writes rows and removes the oldest ones beyond [`MAX_ALERTS`].
fn put_rows(write: &WriteTransaction, rows: &[AlertRow]) -> Result<(), DbError> {
    let mut table = write.open_table(ALERTS)?;
    for row in rows {
        let text = serde_json::to_string(row).expect("plain strings and times are JSON");
        table.insert(row.id, text.as_str())?;
    }
    let first_kept = table.iter()?.rev().nth(MAX_ALERTS - 1).transpose()?.map(|(id, _)| id.value());
    if let Some(first) = first_kept {
        table.retain_in(..first, |_, _| false)?;
    }
    Ok(())
}
