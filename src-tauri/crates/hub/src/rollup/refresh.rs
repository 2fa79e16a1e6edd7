//! Computes the sums of changed days over all devices of an organization.
//!
//! A transaction locks the marks of some days, replaces their sums, and deletes the marks that it has locked. An update that is
//! not committed meanwhile either holds one of these locks, and is waited for, or adds a mark that stays. Two hubs that refresh
//! the same day lock the same marks, so one waits for the other.

use std::error::Error;
use std::time::Duration;

use chrono::{NaiveDate, Utc};
use deadpool_postgres::Transaction;
use tracing::{debug, warn};
use uuid::Uuid;

use crate::database::{Database, RetryAttempts};
use crate::error::HubError;
use crate::intake::COUNT_COLUMNS;
use crate::rollup::summed_counts;

/// The interval at which changed days are looked for.
const REFRESH_INTERVAL: Duration = Duration::from_secs(60);

/// The largest number of days of a transaction. Devices wait if they change a day meanwhile.
const MAX_DAYS: i64 = 31;

/// Refreshes the rollups of all organizations at intervals, until the future is dropped.
pub(crate) async fn refresh_repeatedly(database: &Database) {
    let mut interval = tokio::time::interval(REFRESH_INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        match refresh_rollups(database, Utc::now().date_naive()).await {
            Ok(0) => {}
            Ok(days) => debug!(days, "The sums of changed days were computed."),
            Err(error) => warn!(error = &error as &dyn Error, "The sums of changed days could not be computed."),
        }
    }
}

/// Computes the sums of all changed days before `today`, which still changes. Returns the number of days.
///
/// # Errors
///
/// If the database cannot be used.
pub async fn refresh_rollups(database: &Database, today: NaiveDate) -> Result<usize, HubError> {
    const LIST: &str = "SELECT DISTINCT organization FROM changed_days WHERE day < $1";
    let organizations = database.connection().await?.query(LIST, &[&today]).await?;
    let mut count = 0;
    for row in organizations {
        let rollup = ProjectRollup { organization: row.get(0), today };
        loop {
            match rollup.refresh(database).await? {
                0 => break,
                days => count += days,
            }
        }
    }
    Ok(count)
}

/// The sums of an organization in `usage_project_days`.
#[derive(Clone, Copy, Debug)]
struct ProjectRollup {
    organization: Uuid,
    /// The first day that is not refreshed.
    today: NaiveDate,
}

impl ProjectRollup {
    /// Refreshes the first changed days. Returns their number.
    async fn refresh(&self, database: &Database) -> Result<usize, HubError> {
        let mut attempts = RetryAttempts::default();
        loop {
            match self.refresh_once(database).await {
                Err(error) => attempts.wait_after(error).await?,
                refreshed => return refreshed,
            }
        }
    }

    async fn refresh_once(&self, database: &Database) -> Result<usize, HubError> {
        let mut connection = database.connection().await?;
        let transaction = connection.transaction().await?;
        let (days, devices) = self.lock_marks(&transaction).await?;
        let mut changed = days.clone();
        changed.dedup();
        if changed.is_empty() {
            return Ok(0);
        }
        let delete = "DELETE FROM usage_project_days WHERE organization = $1 AND day = ANY($2)";
        transaction.execute(delete, &[&self.organization, &changed]).await?;
        transaction.execute(&insert_project_days(), &[&self.organization, &changed]).await?;
        let unmark = "DELETE FROM changed_days WHERE organization = $1 \
            AND (day, device) IN (SELECT day, device FROM unnest($2::date[], $3::uuid[]) AS locked (day, device))";
        transaction.execute(unmark, &[&self.organization, &days, &devices]).await?;
        transaction.commit().await?;
        Ok(changed.len())
    }

    /// Locks the marks of the first changed days. Returns their days and devices, in order of the days.
    async fn lock_marks(&self, transaction: &Transaction<'_>) -> Result<(Vec<NaiveDate>, Vec<Uuid>), HubError> {
        const LIST: &str = "SELECT DISTINCT day FROM changed_days WHERE organization = $1 AND day < $2 \
            ORDER BY day LIMIT $3";
        const LOCK: &str = "SELECT day, device FROM changed_days WHERE organization = $1 AND day = ANY($2) \
            ORDER BY day, device FOR UPDATE";
        let days = transaction.query(LIST, &[&self.organization, &self.today, &MAX_DAYS]).await?;
        let days: Vec<NaiveDate> = days.iter().map(|row| row.get(0)).collect();
        let marks = transaction.query(LOCK, &[&self.organization, &days]).await?;
        Ok(marks.iter().map(|row| (row.get::<_, NaiveDate>(0), row.get::<_, Uuid>(1))).unzip())
    }
}

/// Returns the statement that inserts the sums of days.
fn insert_project_days() -> String {
    let grouped = "model, project, repository";
    format!(
        "INSERT INTO usage_project_days (organization, day, number, {grouped}, {counts}) \
         SELECT organization, day, row_number() OVER (PARTITION BY day ORDER BY {grouped}), {grouped}, {sums} \
         FROM usage_days WHERE organization = $1 AND day = ANY($2) GROUP BY organization, day, {grouped}",
        counts = COUNT_COLUMNS.join(", "),
        sums = summed_counts("numeric"),
    )
}
