//! Receives the updates of devices.
//!
//! An update is one transaction, which locks the device: of two updates of a device, one waits for the other, in whichever hub
//! they arrive. A row replaces a stored one only if its revision is higher, so repeated and reordered updates change nothing.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use deadpool_postgres::Transaction;
use token_monitor_core::team::{TeamReceipt, TeamRow, TeamUpdate, UsageCounts};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::access::Credential;
use crate::database::{Database, RetryAttempts};
use crate::error::HubError;

/// The counts of a row, in the order of [`UsageCounts::to_array`].
pub(crate) const COUNT_COLUMNS: [&str; UsageCounts::FIELDS] = [
    "messages",
    "input_tokens",
    "output_tokens",
    "cache_creation_tokens",
    "cache_creation_1h_tokens",
    "cache_read_tokens",
    "web_searches",
    "web_fetches",
    "cost_nanos",
    "input_cost_nanos",
    "output_cost_nanos",
    "cache_creation_cost_nanos",
    "cache_read_cost_nanos",
    "unpriced_tokens",
    "under_logged_messages",
];

/// The texts of a row.
const TEXT_COLUMNS: [&str; 8] =
    ["model", "project", "repository", "branch", "session", "session_name", "tags", "session_description"];

/// Reads a device and locks it until the transaction ends.
pub(crate) const LOCK_DEVICE: &str = "SELECT secret_hash, revoked_at IS NOT NULL AS is_revoked, generation, highest_revision \
    FROM devices WHERE organization = $1 AND id = $2 FOR UPDATE";

const UPDATE_DEVICE: &str = "UPDATE devices SET generation = $3, highest_revision = $4, level = $5, last_seen = $6 \
    WHERE organization = $1 AND id = $2";

/// Stores an update and returns the receipt.
///
/// # Errors
///
/// If the credential or the update is not valid, the device has later figures, or the database cannot be used.
pub(crate) async fn receive(
    database: &Database,
    credential: &Credential,
    update: &TeamUpdate,
    now: DateTime<Utc>,
) -> Result<TeamReceipt, HubError> {
    update.check()?;
    database.create_partitions(update.rows.iter().map(|row| row.start.date_naive()), now).await?;
    let mut attempts = RetryAttempts::default();
    loop {
        match receive_once(database, credential, update, now).await {
            Err(error) => attempts.wait_after(error).await?,
            received => return received,
        }
    }
}

async fn receive_once(
    database: &Database,
    credential: &Credential,
    update: &TeamUpdate,
    now: DateTime<Utc>,
) -> Result<TeamReceipt, HubError> {
    let mut connection = database.connection().await?;
    let transaction = connection.transaction().await?;
    let (organization, device) = (credential.organization, credential.device);
    let lock = transaction.prepare_cached(LOCK_DEVICE).await?;
    let row = transaction.query_opt(&lock, &[&organization, &device]).await?;
    credential.check(row.as_ref())?;
    let row = row.ok_or(HubError::Unauthorized)?;
    let known = TeamReceipt {
        generation: to_unsigned(row.get("generation")),
        highest_revision: to_unsigned(row.get("highest_revision")),
    };
    let known = continue_from(known, update)?;
    let scope = DeviceScope { organization, device };
    if known.generation != update.generation {
        scope.delete_usage(&transaction, now).await?;
    }
    if !update.rows.is_empty() {
        scope.write_rows(&transaction, &update.rows).await?;
        let days: BTreeSet<NaiveDate> = update.rows.iter().map(|row| row.start.date_naive()).collect();
        scope.update_rollups(&transaction, &days.into_iter().collect::<Vec<_>>(), now).await?;
    }
    let highest = update.rows.iter().map(|row| row.revision).max().unwrap_or_default();
    let before = if known.generation == update.generation { known.highest_revision } else { 0 };
    let receipt = TeamReceipt { generation: update.generation, highest_revision: before.max(highest) };
    let level = i16::from(u8::from(update.level));
    let (generation, highest) = (to_signed(receipt.generation), to_signed(receipt.highest_revision));
    let values: [&(dyn ToSql + Sync); 6] = [&organization, &device, &generation, &highest, &level, &now];
    let finish = transaction.prepare_cached(UPDATE_DEVICE).await?;
    transaction.execute(&finish, &values).await?;
    transaction.commit().await?;
    Ok(receipt)
}

/// Returns what is known of a device if an update continues it.
///
/// # Errors
///
/// If the update is of an earlier generation, or was made without knowing rows that the hub has.
fn continue_from(known: TeamReceipt, update: &TeamUpdate) -> Result<TeamReceipt, HubError> {
    let is_earlier = update.generation < known.generation;
    let is_same = update.generation == known.generation;
    match is_earlier || (is_same && update.previous_revision < known.highest_revision) {
        true => Err(HubError::Conflict(known)),
        false => Ok(known),
    }
}

/// A device, to which all statements are limited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeviceScope {
    pub(crate) organization: Uuid,
    pub(crate) device: Uuid,
}

impl DeviceScope {
    async fn write_rows(&self, transaction: &Transaction<'_>, rows: &[TeamRow]) -> Result<(), HubError> {
        let starts: Vec<DateTime<Utc>> = rows.iter().map(|row| row.start).collect();
        let numbers: Vec<i64> = rows.iter().map(|row| to_signed(row.row)).collect();
        let revisions: Vec<i64> = rows.iter().map(|row| to_signed(row.revision)).collect();
        let days: Vec<NaiveDate> = rows.iter().map(|row| row.start.date_naive()).collect();
        let texts: Vec<[String; 8]> = rows.iter().map(texts_of).collect();
        let texts: [Vec<&str>; 8] =
            std::array::from_fn(|column| texts.iter().map(|row| row[column].as_str()).collect());
        let counts: [Vec<i64>; UsageCounts::FIELDS] =
            std::array::from_fn(|column| rows.iter().map(|row| to_signed(row.usage.to_array()[column])).collect());
        let mut values: Vec<&(dyn ToSql + Sync)> =
            vec![&self.organization, &self.device, &starts, &numbers, &revisions, &days];
        values.extend(texts.iter().map(|column| column as &(dyn ToSql + Sync)));
        values.extend(counts.iter().map(|column| column as &(dyn ToSql + Sync)));
        let upsert = transaction.prepare_cached(&upsert_statement()).await?;
        transaction.execute(&upsert, &values).await?;
        Ok(())
    }
}

/// Returns the statement that inserts rows, and replaces those with lower revisions.
fn upsert_statement() -> String {
    let keys = ["starts_at", "number", "revision", "day"];
    let columns: Vec<&str> = keys.into_iter().chain(TEXT_COLUMNS).chain(COUNT_COLUMNS).collect();
    let types = ["timestamptz", "bigint", "bigint", "date"];
    let types = types.into_iter().chain([("text"); TEXT_COLUMNS.len()]).chain(["bigint"; UsageCounts::FIELDS]);
    let arrays: Vec<String> = types.enumerate().map(|(at, kind)| format!("${}::{kind}[]", at + 3)).collect();
    let updates: Vec<String> = columns[2..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
    format!(
        "INSERT INTO usage_buckets (organization, device, {names}) \
         SELECT $1, $2, {names} FROM unnest({arrays}) AS row_values ({names}) \
         ON CONFLICT (organization, device, starts_at, number) DO UPDATE SET {updates} \
         WHERE excluded.revision > usage_buckets.revision",
        names = columns.join(", "),
        arrays = arrays.join(", "),
        updates = updates.join(", "),
    )
}

/// Returns the texts of a row in the order of [`TEXT_COLUMNS`]. An empty text stands for a missing one.
fn texts_of(row: &TeamRow) -> [String; 8] {
    let group = &row.group;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let tags = if group.tags.is_empty() { String::new() } else { serde_json::json!(group.tags).to_string() };
    [
        group.model.clone(),
        text(&group.project),
        text(&group.repository),
        text(&group.branch),
        text(&group.session),
        text(&group.session_name),
        tags,
        text(&group.session_description),
    ]
}

/// Converts a number of the database, which is never negative.
pub(crate) fn to_unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// Converts a number that was checked to be below 2^63.
fn to_signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
