//! Checks that the stored figures agree with each other, and that no page was changed by anything but the database.
//!
//! - Every load compares the sums of the buckets with those of the sessions, and the ids in rows with the names.
//! - The full check verifies the checksum of every page and decodes every row. Its memory is bounded by the page cache. Small
//!   files are checked whenever they are opened, and so are files that were not closed. Others are checked once a week.

use std::fs::File;

use redb::ReadableDatabase;
use rustc_hash::{FxBuildHasher, FxHashMap};
use token_monitor_core::interner::{LogId, ModelId, SessionId};
use token_monitor_core::ledger::{Ledger, Session};
use token_monitor_core::money::{Cost, CostSum};
use token_monitor_core::time::{Slot, Timestamp};
use token_monitor_core::tokens::{PricedUsage, UsageSum};

use crate::db::{LoadedState, Store};
use crate::error::{DbError, StoreError};
use crate::open_file::MAX_VERIFIED_BYTES;
use crate::read::ReadTables;
use crate::schema::META;

/// The key of the time of the last full check, in seconds since 1970.
const CHECKED: &str = "checked";

/// The days after which a large file is checked again.
const MAX_CHECK_AGE_DAYS: i64 = 7;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The result of a check that found no damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// The file is as it was written.
    Sound,
    /// The database repaired the file, which may have lost the last commits. State in memory must be loaded again.
    Repaired,
}

/// The number of messages and the tokens in a store, for comparisons of two stores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredTotals {
    /// The sum of all messages, without costs.
    pub usage: UsageSum,
    /// The number of sessions to which the user added something.
    pub described_sessions: u64,
}

impl Store {
    /// Verifies the checksum of every page and every row, and records the time of the check.
    pub fn check_integrity(&mut self, now: Timestamp) -> Result<Integrity, StoreError> {
        self.clear_tables();
        self.open_file.note_write();
        let Some(mut database) = self.database.take() else { return self.guard(|| Err(DbError::Closed)) };
        let checked = self.guard(|| Ok(database.check_integrity()?));
        self.database = Some(database);
        let integrity = if checked? { Integrity::Sound } else { Integrity::Repaired };
        self.stored_totals()?;
        self.guard(|| self.record_check(now))?;
        Ok(integrity)
    }

    /// Returns the time of the last full check; `None` if there was none.
    pub fn last_check(&self) -> Result<Option<Timestamp>, StoreError> {
        let read = || -> Result<Option<u64>, DbError> {
            Ok(self.database()?.begin_read()?.open_table(META)?.get(CHECKED)?.map(|seconds| seconds.value()))
        };
        let seconds = self.guard(read)?;
        Ok(seconds.map(|seconds| Timestamp(i64::try_from(seconds).unwrap_or_default().saturating_mul(1_000_000))))
    }

    /// Returns true if the last full check was a week ago. Small files are checked whenever they are opened.
    pub fn is_check_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        let len = self.open_file.file().and_then(File::metadata).map_or(0, |metadata| metadata.len());
        let oldest = now.0 - MAX_CHECK_AGE_DAYS * MICROS_PER_DAY;
        Ok(len > MAX_VERIFIED_BYTES && self.last_check()?.is_none_or(|last| last.0 < oldest))
    }

    /// Reads every message and bucket and returns their sums, which must be the same.
    pub fn stored_totals(&self) -> Result<StoredTotals, StoreError> {
        let described_sessions = self.all_metadata()?.len() as u64;
        let usage = self.guard(|| {
            let tables = ReadTables::open(self.database()?)?;
            let messages = sum_messages(&tables)?;
            let buckets = sum_buckets(&tables)?;
            if messages == buckets { Ok(buckets) } else { Err(DbError::Contradiction("messages and days disagree")) }
        })?;
        Ok(StoredTotals { usage, described_sessions })
    }

    fn record_check(&self, now: Timestamp) -> Result<(), DbError> {
        let write = self.begin_write()?;
        write.open_table(META)?.insert(CHECKED, u64::try_from(now.0 / 1_000_000).unwrap_or_default())?;
        Ok(write.commit()?)
    }

    /// Compares the sums of the buckets with those of the sessions, and the ids in sessions with the names.
    pub(crate) fn check_loaded(&self, loaded: &LoadedState) -> Result<(), DbError> {
        if !loaded.sessions.iter().all(|(id, session)| has_known_names(*id, session, loaded)) {
            return Err(DbError::BadRow("sessions"));
        }
        let is_known = |log: &LogId| (log.0 as usize) < loaded.names.logs.len();
        if !loaded.cursors.keys().all(is_known) {
            return Err(DbError::BadRow("logs"));
        }
        let count = loaded.sessions.values().map(|session| session.models.len()).sum();
        let mut sums: FxHashMap<(SessionId, ModelId), UsageSum> =
            FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
        for row in ReadTables::open(self.database()?)?.bucket_sums(Slot(i32::MIN)..Slot(i32::MAX), |_| true)? {
            let (key, sum) = row?;
            // An overflow is either a panic, which is caught, or a wrong sum.
            sums.entry((key.session, key.model)).or_default().merge(&sum);
        }
        for (id, session) in &loaded.sessions {
            for (model, sum) in session.models.iter() {
                if sums.remove(&(*id, model)).unwrap_or_default() != *sum {
                    return Err(DbError::Contradiction("sessions and days disagree"));
                }
            }
        }
        if sums.is_empty() { Ok(()) } else { Err(DbError::Contradiction("days have sessions that do not exist")) }
    }
}

impl StoredTotals {
    /// Returns the totals of a ledger. Its changes must be written.
    pub fn of_ledger(ledger: &Ledger, described_sessions: usize) -> Self {
        Self { usage: without_cost(&ledger.total), described_sessions: described_sessions as u64 }
    }
}

fn without_cost(sum: &UsageSum) -> UsageSum {
    UsageSum { cost: CostSum::default(), ..*sum }
}

fn sum_messages(tables: &ReadTables) -> Result<UsageSum, DbError> {
    let mut total = UsageSum::default();
    for message in tables.all_messages()? {
        let report = message?.effective_report();
        total.add(&PricedUsage { usage: report.usage, cost: Cost::Unpriced, under_logged: report.under_logged });
    }
    Ok(without_cost(&total))
}

fn sum_buckets(tables: &ReadTables) -> Result<UsageSum, DbError> {
    let mut total = UsageSum::default();
    for row in tables.bucket_range(Slot(i32::MIN)..Slot(i32::MAX))? {
        total.merge(&row?.1.sum);
    }
    Ok(without_cost(&total))
}

/// Returns true if the names that a session refers to exist.
fn has_known_names(id: SessionId, session: &Session, loaded: &LoadedState) -> bool {
    let names = &loaded.names;
    let is_session = |id: SessionId| (id.0 as usize) < names.sessions.len();
    let Session { project, last_folder, branch, last_copy, models, .. } = session;
    is_session(id)
        && models.keys().all(|model| (model.0 as usize) < names.models.len())
        && project.iter().chain(last_folder).all(|(_, project)| (project.0 as usize) < names.projects.len())
        && branch.iter().all(|(_, branch)| (branch.0 as usize) < names.branches.len())
        && last_copy.iter().all(|(_, session)| is_session(*session))
}
