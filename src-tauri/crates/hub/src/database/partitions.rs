//! The monthly partitions of `usage_buckets`, where the table is partitioned.
//!
//! A partition is created before the first rows of its month are stored. Rows of other times than devices can have used, which only
//! a wrong clock explains, are in the default partition, so that a device cannot cause thousands of partitions.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use tokio_postgres::error::SqlState;

use crate::database::Database;
use crate::error::HubError;

/// The first month with a partition. Claude Code is younger.
const FIRST_MONTH: (i32, u32) = (2025, 1);

/// The months whose partitions are known to be there, or `None` if the table is not partitioned.
#[derive(Debug, Default)]
pub(super) struct KnownPartitions(Option<Mutex<BTreeSet<NaiveDate>>>);

impl KnownPartitions {
    /// Finds out from the catalog of the database if the table is partitioned.
    pub(super) async fn load(database: &Database) -> Result<Self, HubError> {
        const FIND: &str = "SELECT count(*) FROM pg_class WHERE relname = 'usage_buckets' AND relkind::text = 'p'";
        let count: i64 = database.connection().await?.query_one(FIND, &[]).await?.get(0);
        Ok(Self((count > 0).then(Mutex::default)))
    }
}

impl Database {
    /// Creates the partitions of days that have none.
    ///
    /// # Errors
    ///
    /// If the database cannot be used.
    pub(crate) async fn create_partitions(
        &self,
        days: impl Iterator<Item = NaiveDate>,
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let Some(known) = &self.partitions.0 else { return Ok(()) };
        let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
        let months: BTreeSet<NaiveDate> = days.filter_map(|day| partitioned_month(day, now)).collect();
        let missing: Vec<NaiveDate> = months.difference(&lock()).copied().collect();
        for month in missing {
            self.create_partition(month).await?;
            lock().insert(month);
        }
        Ok(())
    }

    async fn create_partition(&self, month: NaiveDate) -> Result<(), HubError> {
        let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
        let statement = format!(
            "CREATE TABLE IF NOT EXISTS usage_buckets_{name} PARTITION OF usage_buckets \
             FOR VALUES FROM ('{month} 00:00:00+00') TO ('{next} 00:00:00+00')",
            name = month.format("%Y_%m"),
        );
        match self.connection().await?.batch_execute(&statement).await {
            Ok(()) => Ok(()),
            // Another hub has created it at the same time, or rows of the month are in the default partition already.
            Err(error) if is_there_already(&error) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn is_there_already(error: &tokio_postgres::Error) -> bool {
    let known = [SqlState::DUPLICATE_TABLE, SqlState::UNIQUE_VIOLATION, SqlState::CHECK_VIOLATION];
    error.code().is_some_and(|code| known.contains(code))
}

/// Returns the first day of the month of a day, or `None` if it belongs to the default partition.
fn partitioned_month(day: NaiveDate, now: DateTime<Utc>) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(FIRST_MONTH.0, FIRST_MONTH.1, 1)?;
    let last = now.date_naive().checked_add_months(Months::new(1))?;
    let month = day.with_day(1)?;
    (first..=last).contains(&month).then_some(month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_months_that_can_have_usage_have_partitions() {
        let now = "2026-03-31T12:00:00Z".parse().expect("a time");
        let month = |text: &str| partitioned_month(text.parse().expect("a day"), now).map(|month| month.to_string());
        assert_eq!(month("2026-03-31").as_deref(), Some("2026-03-01"));
        assert_eq!(month("2026-04-30").as_deref(), Some("2026-04-01"), "a clock may be ahead");
        assert_eq!(month("2025-01-01").as_deref(), Some("2025-01-01"));
        for other in ["2024-12-31", "2026-05-01", "9999-12-31", "0001-01-01"] {
            assert_eq!(month(other), None, "{other}");
        }
    }
}
