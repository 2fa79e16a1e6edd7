//! The rollups of one device, which are part of the transaction of an update.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use deadpool_postgres::Transaction;

use crate::error::HubError;
use crate::intake::{COUNT_COLUMNS, DeviceScope};
use crate::rollup::summed_counts;

/// Marks days as changed. The rows are locked until the transaction ends, so that a hub that computes the sums of such a day waits
/// for it.
const MARK_DAYS: &str = "INSERT INTO changed_days (organization, day, device, changed_at) \
    SELECT $1, day, $2, $4 FROM unnest($3::date[]) AS days (day) \
    ON CONFLICT (organization, day, device) DO UPDATE SET changed_at = excluded.changed_at";

impl DeviceScope {
    /// Computes the sums of days of the device again. The days are in ascending order.
    pub(crate) async fn update_rollups(
        &self,
        transaction: &Transaction<'_>,
        days: &[NaiveDate],
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
        let from = first.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
        let until = last.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc() + TimeDelta::days(1);
        self.mark_days(transaction, days, now).await?;
        for table in ["usage_days", "usage_device_days"] {
            let delete = format!("DELETE FROM {table} WHERE organization = $1 AND device = $2 AND day = ANY($3)");
            let delete = transaction.prepare_cached(&delete).await?;
            transaction.execute(&delete, &[&self.organization, &self.device, &days]).await?;
        }
        let insert = transaction.prepare_cached(&insert_days()).await?;
        transaction.execute(&insert, &[&self.organization, &self.device, &days, &from, &until]).await?;
        let insert = transaction.prepare_cached(&insert_device_days()).await?;
        transaction.execute(&insert, &[&self.organization, &self.device, &days]).await?;
        Ok(())
    }

    /// Deletes everything that the device has shared, also from the sums over all devices, which have names of it.
    pub(crate) async fn delete_usage(&self, transaction: &Transaction<'_>, now: DateTime<Utc>) -> Result<(), HubError> {
        const LIST: &str = "SELECT day FROM usage_device_days WHERE organization = $1 AND device = $2 ORDER BY day";
        let days = transaction.query(LIST, &[&self.organization, &self.device]).await?;
        let days: Vec<NaiveDate> = days.iter().map(|row| row.get(0)).collect();
        self.mark_days(transaction, &days, now).await?;
        let sums = "DELETE FROM usage_project_days WHERE organization = $1 AND day = ANY($2)";
        transaction.execute(sums, &[&self.organization, &days]).await?;
        for table in ["usage_buckets", "usage_days", "usage_device_days"] {
            let delete = format!("DELETE FROM {table} WHERE organization = $1 AND device = $2");
            transaction.execute(&delete, &[&self.organization, &self.device]).await?;
        }
        self.delete_limits(transaction).await
    }

    /// Deletes the limits that the device has shared.
    pub(crate) async fn delete_limits(&self, transaction: &Transaction<'_>) -> Result<(), HubError> {
        let delete = "DELETE FROM device_limits WHERE organization = $1 AND device = $2";
        transaction.execute(delete, &[&self.organization, &self.device]).await?;
        Ok(())
    }

    async fn mark_days(
        &self,
        transaction: &Transaction<'_>,
        days: &[NaiveDate],
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let mark = transaction.prepare_cached(MARK_DAYS).await?;
        transaction.execute(&mark, &[&self.organization, &self.device, &days, &now]).await?;
        Ok(())
    }
}

/// Returns the statement that inserts the sums of days from the rows.
fn insert_days() -> String {
    let grouped = "model, project, repository, branch, session";
    format!(
        "INSERT INTO usage_days (organization, day, device, number, {grouped}, session_name, tags, session_description, \
         last_start, {counts}) \
         SELECT organization, day, device, row_number() OVER (PARTITION BY day ORDER BY {grouped}), {grouped}, \
         max(session_name), max(tags), max(session_description), max(starts_at), {sums} FROM usage_buckets \
         WHERE organization = $1 AND device = $2 AND day = ANY($3) AND starts_at >= $4 AND starts_at < $5 \
         AND messages > 0 GROUP BY organization, day, device, {grouped}",
        counts = COUNT_COLUMNS.join(", "),
        sums = summed_counts("bigint"),
    )
}

/// Returns the statement that inserts the sums of days of the device.
fn insert_device_days() -> String {
    format!(
        "INSERT INTO usage_device_days (organization, day, device, {counts}) \
         SELECT organization, day, device, {sums} FROM usage_days \
         WHERE organization = $1 AND device = $2 AND day = ANY($3) GROUP BY organization, day, device",
        counts = COUNT_COLUMNS.join(", "),
        sums = summed_counts("bigint"),
    )
}
