//! The outbox of usage that is shared with a team.
//!
//! Every transaction that changes buckets, or properties of sessions that can be shared, also adds the affected days to
//! the outbox. The rows of these days are compared with those that were shared before. A row that differs gets the next
//! revision, in a transaction that is on disk before the row is returned, and counts as different until the receiver
//! has confirmed this revision. A day leaves the outbox when all its rows are confirmed.
//!
//! Nothing is written while no usage is shared.

mod changes;
mod comparison;
mod state;

use chrono::{DateTime, TimeDelta, Utc};
use redb::{ReadableDatabase, ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};
use token_monitor_core::team::{CollectedRow, RowGroup, SharingLevel, TeamRow, UsageCounts};
use token_monitor_core::time::{Slot, Timestamp};

pub(crate) use crate::team::changes::{mark_all_days, mark_changes};
pub use crate::team::state::{TeamDestination, TeamState};

use crate::alerts::open_if_exists;
use crate::db::Store;
use crate::error::{DbError, StoreError};
use crate::schema::{BUCKETS, TEAM_DAYS, TEAM_ROWS, TEAM_STATE};
use crate::team::comparison::{DayComparison, StoredRow};

/// The number of slots of a UTC day.
const SLOTS_PER_DAY: i32 = 24 * Slot::PER_HOUR;

/// A UTC day, numbered from 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcDay(pub i32);

impl UtcDay {
    /// Returns the day of a slot.
    pub fn of_slot(slot: Slot) -> Self {
        Self(slot.0.div_euclid(SLOTS_PER_DAY))
    }

    /// Returns the slots of the day.
    pub fn slots(self) -> std::ops::Range<Slot> {
        let start = self.0.saturating_mul(SLOTS_PER_DAY);
        Slot(start)..Slot(start.saturating_add(SLOTS_PER_DAY))
    }
}

/// The rows to send next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRows {
    /// The state after the preparation.
    pub state: TeamState,
    /// The highest revision before the preparation.
    pub previous_revision: u64,
    /// The rows.
    pub rows: Vec<TeamRow>,
}

/// The result of [`Store::prepare_team_rows`]: the durable one, or a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preparation {
    /// The revisions are stored, so the rows may be sent.
    Stored,
    /// Nothing is stored, so the rows may only be shown.
    Preview,
}

impl Store {
    /// Returns the state of sharing, or `None` if nothing is shared.
    pub fn team_state(&self) -> Result<Option<TeamState>, StoreError> {
        let get = || -> Result<Option<TeamState>, DbError> {
            let read = self.database()?.begin_read()?;
            match open_if_exists(read.open_table(TEAM_STATE))? {
                Some(table) => state::load(&table),
                None => Ok(None),
            }
        };
        self.guard(get)
    }

    /// Forgets the shared rows and shares all of them again in a new generation.
    pub fn restart_team_sharing(&mut self, destination: &TeamDestination, generation: u64) -> Result<(), StoreError> {
        self.clear_tables();
        let restart = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            restart(&write, destination, generation)?;
            Ok(write.commit()?)
        };
        self.guard(restart)
    }

    /// Deletes everything about sharing.
    pub fn stop_team_sharing(&mut self) -> Result<(), StoreError> {
        self.clear_tables();
        let stop = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            write.delete_table(TEAM_STATE)?;
            write.delete_table(TEAM_DAYS)?;
            write.delete_table(TEAM_ROWS)?;
            Ok(write.commit()?)
        };
        self.guard(stop)
    }

    /// Returns the days whose rows a destination may lack, the earliest first: those in the outbox, or all days with
    /// buckets if nothing was shared with it at its level.
    pub fn team_days(&self, destination: &TeamDestination) -> Result<Vec<UtcDay>, StoreError> {
        let is_known = self.team_state()?.is_some_and(|state| state.destination == *destination);
        let list = || -> Result<Vec<UtcDay>, DbError> {
            let read = self.database()?.begin_read()?;
            if !is_known {
                return changes::days_with_buckets(&read.open_table(BUCKETS)?);
            }
            let Some(table) = open_if_exists(read.open_table(TEAM_DAYS))? else { return Ok(Vec::new()) };
            table.iter()?.map(|row| Ok(UtcDay(row?.0.value()))).collect()
        };
        self.guard(list)
    }

    /// Adds the days of a range of slots to the outbox if usage is shared at the level of sessions or above.
    pub fn mark_session_days(&mut self, slots: std::ops::RangeInclusive<Slot>) -> Result<(), StoreError> {
        if self.team_state()?.is_none_or(|state| state.destination.level < SharingLevel::Sessions) {
            return Ok(());
        }
        self.clear_tables();
        let mark = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            changes::mark_days_between(&write, UtcDay::of_slot(*slots.start()), UtcDay::of_slot(*slots.end()))?;
            Ok(write.commit()?)
        };
        self.guard(mark)
    }

    /// Compares days with the rows shared with a destination and returns at most `limit` rows to send. Each day comes with
    /// all its rows. A day without a difference leaves the outbox. If nothing was shared with the destination at its level,
    /// all days get into the outbox first, and the generation is raised.
    pub fn prepare_team_rows(
        &mut self,
        destination: &TeamDestination,
        days: &[(UtcDay, Vec<CollectedRow>)],
        limit: usize,
        preparation: Preparation,
    ) -> Result<OutboxRows, StoreError> {
        self.clear_tables();
        self.guard(|| self.prepare_rows(destination, days, limit, preparation))
    }

    fn prepare_rows(
        &self,
        destination: &TeamDestination,
        days: &[(UtcDay, Vec<CollectedRow>)],
        limit: usize,
        preparation: Preparation,
    ) -> Result<OutboxRows, DbError> {
        let write = self.begin_write()?;
        let known = state::load(&write.open_table(TEAM_STATE)?)?;
        let mut state = match known {
            Some(state) if state.destination == *destination => state,
            known => restart(&write, destination, known.map_or(1, |known| known.generation + 1))?,
        };
        let previous_revision = state.last_revision;
        let mut rows = Vec::new();
        for (day, collected) in days {
            let comparison = DayComparison::load(&write.open_table(TEAM_ROWS)?, *day)?;
            let is_equal = comparison.compare(&write, collected, &mut state, &mut rows, limit)?;
            if is_equal {
                write.open_table(TEAM_DAYS)?.remove(day.0)?;
            }
        }
        state::save(&write, &state)?;
        match preparation {
            Preparation::Stored => write.commit()?,
            Preparation::Preview => write.abort()?,
        }
        Ok(OutboxRows { state, previous_revision, rows })
    }

    /// Records that rows were received. A row that has changed meanwhile stays different.
    pub fn confirm_team_rows(&mut self, generation: u64, rows: &[ConfirmedRow]) -> Result<(), StoreError> {
        self.clear_tables();
        let confirm = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            let state = state::load(&write.open_table(TEAM_STATE)?)?;
            let Some(state) = state.filter(|state| state.generation == generation) else { return Ok(write.abort()?) };
            let mut table = write.open_table(TEAM_ROWS)?;
            for row in rows {
                let key = (row.slot.0, row.row);
                let stored = table.get(key)?.and_then(|stored| StoredRow::decode(stored.value()));
                if let Some(stored) = stored.filter(|stored| stored.revision == row.revision) {
                    let confirmed = StoredRow { is_confirmed: true, ..stored };
                    table.insert(key, confirmed.encode().as_slice())?;
                }
            }
            drop(table);
            state::save(&write, &TeamState { is_confirmed: true, ..state })?;
            Ok(write.commit()?)
        };
        self.guard(confirm)
    }
}

/// Forgets the shared rows, adds all days to the outbox and returns the state of a new generation.
fn restart(write: &WriteTransaction, destination: &TeamDestination, generation: u64) -> Result<TeamState, DbError> {
    write.delete_table(TEAM_ROWS)?;
    write.open_table(TEAM_ROWS)?;
    let state = TeamState::new(destination.clone(), generation);
    state::save(write, &state)?;
    mark_all_days(write)?;
    Ok(state)
}

/// A row that the receiver has stored. As JSON, a list of the three numbers: a thousand of them fit into one request of the
/// local socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(i32, u64, u64)", from = "(i32, u64, u64)")]
pub struct ConfirmedRow {
    /// The slot at which the row starts.
    pub slot: Slot,
    /// The number of the row.
    pub row: u64,
    /// The revision that was received.
    pub revision: u64,
}

impl From<&TeamRow> for ConfirmedRow {
    fn from(row: &TeamRow) -> Self {
        Self { slot: Timestamp::from(row.start).slot(), row: row.row, revision: row.revision }
    }
}

impl From<ConfirmedRow> for (i32, u64, u64) {
    fn from(row: ConfirmedRow) -> Self {
        (row.slot.0, row.row, row.revision)
    }
}

impl From<(i32, u64, u64)> for ConfirmedRow {
    fn from((slot, row, revision): (i32, u64, u64)) -> Self {
        Self { slot: Slot(slot), row, revision }
    }
}

/// Returns a row to send.
fn to_team_row(slot: Slot, row: u64, revision: u64, group: RowGroup, usage: UsageCounts) -> TeamRow {
    TeamRow { row, revision, start: start_of(slot), group, usage }
}

fn start_of(slot: Slot) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(slot.start().0)
}
