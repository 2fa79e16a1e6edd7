//! The official limits that devices share.
//!
//! A device sends its limits with each push. The hub forgets those of a device that has sent none for an hour, so that a device that
//! no longer shares them is not shown.

use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use token_monitor_core::team::{SharedLimit, SharedLimits};
use tracing::warn;
use uuid::Uuid;

use crate::access::Credential;
use crate::database::{Database, RetryAttempts};
use crate::error::HubError;
use crate::intake::{DeviceScope, LOCK_DEVICE};

/// The time after which limits are forgotten.
const LIMITS_TTL: TimeDelta = TimeDelta::hours(1);

/// The interval at which limits are forgotten.
const FORGET_INTERVAL: Duration = Duration::from_secs(300);

/// A limit of a member.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberLimit {
    member: String,
    device: String,
    window: String,
    /// The family of models; null for all models.
    scope: Option<String>,
    used_percent: f64,
    resets_at: DateTime<Utc>,
    /// The time of the reading.
    read_at: DateTime<Utc>,
}

/// Replaces the limits of a device.
///
/// # Errors
///
/// If the credential or the limits are not valid, or the database cannot be used.
pub(crate) async fn receive_limits(
    database: &Database,
    credential: &Credential,
    limits: &SharedLimits,
    now: DateTime<Utc>,
) -> Result<(), HubError> {
    limits.check().map_err(|error| HubError::BadRequest(error.to_string()))?;
    let mut attempts = RetryAttempts::default();
    loop {
        match receive_once(database, credential, &limits.limits, now).await {
            Err(error) => attempts.wait_after(error).await?,
            received => return received,
        }
    }
}

async fn receive_once(
    database: &Database,
    credential: &Credential,
    limits: &[SharedLimit],
    now: DateTime<Utc>,
) -> Result<(), HubError> {
    const INSERT: &str = "INSERT INTO device_limits (organization, device, number, window_kind, scope, used_percent, \
        resets_at, read_at, received_at) SELECT $1, $2, number, window_kind, scope, used_percent, resets_at, read_at, $9 \
        FROM unnest($3::integer[], $4::text[], $5::text[], $6::double precision[], $7::timestamptz[], $8::timestamptz[]) \
        AS limits (number, window_kind, scope, used_percent, resets_at, read_at)";
    let mut connection = database.connection().await?;
    let transaction = connection.transaction().await?;
    let scope = DeviceScope { organization: credential.organization, device: credential.device };
    let device = transaction.query_opt(LOCK_DEVICE, &[&scope.organization, &scope.device]).await?;
    credential.check(device.as_ref())?;
    scope.delete_limits(&transaction).await?;
    let numbers: Vec<i32> = (0..).take(limits.len()).collect();
    let windows: Vec<String> = limits.iter().map(window_text).collect();
    let scopes: Vec<&str> = limits.iter().map(|limit| limit.scope.as_deref().unwrap_or_default()).collect();
    let percents: Vec<f64> = limits.iter().map(|limit| limit.used_percent).collect();
    let resets: Vec<DateTime<Utc>> = limits.iter().map(|limit| limit.resets_at).collect();
    let readings: Vec<DateTime<Utc>> = limits.iter().map(|limit| limit.read_at).collect();
    let (organization, device) = (scope.organization, scope.device);
    transaction
        .execute(INSERT, &[&organization, &device, &numbers, &windows, &scopes, &percents, &resets, &readings, &now])
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Returns the kind of window as in JSON.
fn window_text(limit: &SharedLimit) -> String {
    serde_json::to_value(limit.window).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Lists the limits of an organization that have not been reset and were received within the last hour, the fullest first.
///
/// # Errors
///
/// If the database cannot be used.
pub(crate) async fn list_limits(
    database: &Database,
    organization: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<MemberLimit>, HubError> {
    const LIST: &str = "SELECT members.name, devices.name, window_kind, scope, used_percent, resets_at, read_at \
        FROM device_limits \
        JOIN devices ON devices.organization = device_limits.organization AND devices.id = device_limits.device \
        JOIN members ON members.organization = devices.organization AND members.id = devices.member \
        WHERE device_limits.organization = $1 AND devices.revoked_at IS NULL AND resets_at > $2 AND received_at > $3 \
        ORDER BY used_percent DESC, resets_at, members.name, devices.name, number";
    let rows = database.connection().await?.query(LIST, &[&organization, &now, &(now - LIMITS_TTL)]).await?;
    let limit = |row: &tokio_postgres::Row| MemberLimit {
        member: row.get(0),
        device: row.get(1),
        window: row.get(2),
        scope: Some(row.get(3)).filter(|scope: &String| !scope.is_empty()),
        used_percent: row.get(4),
        resets_at: row.get(5),
        read_at: row.get(6),
    };
    Ok(rows.iter().map(limit).collect())
}

/// Deletes at intervals the limits of devices that have sent none for an hour, until the future is dropped.
pub(crate) async fn forget_repeatedly(database: &Database) {
    let mut interval = tokio::time::interval(FORGET_INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(error) = forget_limits(database, Utc::now()).await {
            warn!(error = &error as &dyn Error, "Limits could not be deleted.");
        }
    }
}

/// Deletes the limits of devices that have sent none for an hour.
///
/// # Errors
///
/// If the database cannot be used.
pub async fn forget_limits(database: &Database, now: DateTime<Utc>) -> Result<(), HubError> {
    const FORGET: &str = "DELETE FROM device_limits WHERE received_at <= $1";
    database.connection().await?.execute(FORGET, &[&(now - LIMITS_TTL)]).await?;
    Ok(())
}
