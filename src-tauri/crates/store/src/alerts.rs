//! Past alerts, and what is known of alerts from one step to the next.
//!
//! Both change in one transaction: an alert that is in the list is never decided anew, and one that is decided is
//! always in the list. The tables are made with the first alert, so a store without them is none of an earlier format.

use redb::{ReadTransaction, ReadableDatabase, ReadableTable, TableError, WriteTransaction};
use token_monitor_core::alerts::AlertState;
use token_monitor_core::report::model::AlertRow;

use crate::db::Store;
use crate::error::StoreError;
use crate::read::Trouble;
use crate::schema::{ALERT_STATE, ALERTS};

/// As many past alerts are kept.
pub const MOST_ALERTS: usize = 1_000;

/// The names of what is known.
const STATE: &str = "state";
const SEEN: &str = "seen";

impl Store {
    /// What is known of alerts; none where nothing is, or where another version wrote it.
    pub fn alert_state(&self) -> Result<Option<AlertState>, StoreError> {
        let text = self.tried(self.fact(STATE))?;
        Ok(text.and_then(|text| AlertState::read(&text)))
    }

    /// The number of the last alert that somebody has seen in the list.
    pub fn alerts_seen(&self) -> Result<u64, StoreError> {
        let text = self.tried(self.fact(SEEN))?;
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
    }

    /// Notes the number of the last alert that somebody has seen in the list.
    pub fn see_alerts(&mut self, last: u64) -> Result<(), StoreError> {
        let save = || -> Result<(), Trouble> {
            let write = self.database()?.begin_write()?;
            write.open_table(ALERT_STATE)?.insert(SEEN, last.to_string().as_str())?;
            Ok(write.commit()?)
        };
        self.tried(save())
    }

    /// Past alerts, the latest first. One that this version cannot read is passed over.
    pub fn alerts(&self, limit: usize) -> Result<Vec<AlertRow>, StoreError> {
        let list = || -> Result<Vec<AlertRow>, Trouble> {
            let read = self.database()?.begin_read()?;
            let Some(table) = there(read.open_table(ALERTS))? else { return Ok(Vec::new()) };
            let rows = table.iter()?.rev().map(|row| Ok(serde_json::from_str(row?.1.value()).ok()));
            rows.filter_map(Result::transpose).take(limit).collect()
        };
        self.tried(list())
    }

    /// The number the next alert gets. Numbers are not given twice, also where old alerts were dropped.
    pub fn next_alert(&self) -> Result<u64, StoreError> {
        let next = || -> Result<u64, Trouble> {
            let read = self.database()?.begin_read()?;
            let Some(table) = there(read.open_table(ALERTS))? else { return Ok(1) };
            Ok(table.last()?.map_or(1, |(id, _)| id.value() + 1))
        };
        self.tried(next())
    }

    /// Writes what is known and the alerts that came of it, on disk when the call returns.
    pub fn write_alerts(&mut self, state: &AlertState, rows: &[AlertRow]) -> Result<(), StoreError> {
        let save = || -> Result<(), Trouble> {
            let write = self.database()?.begin_write()?;
            write.open_table(ALERT_STATE)?.insert(STATE, state.written().as_str())?;
            put(&write, rows)?;
            Ok(write.commit()?)
        };
        self.tried(save())
    }

    /// Writes what became of alerts.
    pub fn put_alerts(&mut self, rows: &[AlertRow]) -> Result<(), StoreError> {
        let save = || -> Result<(), Trouble> {
            let write = self.database()?.begin_write()?;
            put(&write, rows)?;
            Ok(write.commit()?)
        };
        self.tried(save())
    }

    /// One alert.
    pub fn alert(&self, id: u64) -> Result<Option<AlertRow>, StoreError> {
        let get = || -> Result<Option<AlertRow>, Trouble> {
            let read = self.database()?.begin_read()?;
            let Some(table) = there(read.open_table(ALERTS))? else { return Ok(None) };
            let row = table.get(id)?;
            Ok(row.and_then(|row| serde_json::from_str(row.value()).ok()))
        };
        self.tried(get())
    }

    fn fact(&self, name: &str) -> Result<Option<String>, Trouble> {
        let read: ReadTransaction = self.database()?.begin_read()?;
        let Some(table) = there(read.open_table(ALERT_STATE))? else { return Ok(None) };
        Ok(table.get(name)?.map(|text| text.value().to_owned()))
    }
}

/// A table, where it was made.
fn there<T>(opened: Result<T, TableError>) -> Result<Option<T>, Trouble> {
    match opened {
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        other => Ok(Some(other?)),
    }
}

/// Writes rows and drops the oldest beyond what is kept.
fn put(write: &WriteTransaction, rows: &[AlertRow]) -> Result<(), Trouble> {
    let mut table = write.open_table(ALERTS)?;
    for row in rows {
        let text = serde_json::to_string(row).expect("plain strings and times are JSON");
        table.insert(row.id, text.as_str())?;
    }
    let first_kept = table.iter()?.rev().nth(MOST_ALERTS - 1).transpose()?.map(|(id, _)| id.value());
    if let Some(first) = first_kept {
        table.retain_in(..first, |_, _| false)?;
    }
    Ok(())
}
