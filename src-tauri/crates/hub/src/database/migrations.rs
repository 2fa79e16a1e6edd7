//! Creates and migrates the tables, once, whichever hub starts first.
//!
//! Each migration is one transaction that first inserts its version. Of several hubs that start together, all but one wait
//! at that row and then find it.

use tracing::info;

use crate::database::{Database, RetryAttempts};
use crate::error::HubError;

/// The migrations, in order. A released one is never changed.
const MIGRATIONS: [&str; 7] = [
    include_str!("migrations/0001_usage.sql"),
    include_str!("migrations/0002_allocation.sql"),
    include_str!("migrations/0003_sessions.sql"),
    include_str!("migrations/0004_budgets.sql"),
    include_str!("migrations/0005_rollups.sql"),
    include_str!("migrations/0006_session_descriptions.sql"),
    include_str!("migrations/0007_limits.sql"),
];

/// The places where a partitioned table differs from one that is not.
const PARTITIONS_MARK: &str = "/* partitions */";
const DEFAULT_PARTITION_MARK: &str = "/* default partition */";

/// Partitions by month, with one for all times without a partition of their own.
const PARTITIONS: &str = "PARTITION BY RANGE (starts_at)";
const DEFAULT_PARTITION: &str = "CREATE TABLE usage_buckets_default PARTITION OF usage_buckets DEFAULT;";

const CREATE_VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, applied_at timestamptz NOT NULL)";

const INSERT_VERSION: &str =
    "INSERT INTO schema_migrations (version, applied_at) VALUES ($1, now()) ON CONFLICT (version) DO NOTHING";

/// Brings the tables to the current version.
pub(super) async fn migrate(database: &Database) -> Result<(), HubError> {
    create_versions(database).await?;
    let newest = database.connection().await?.query_one("SELECT max(version) FROM schema_migrations", &[]).await?;
    let newest: Option<i32> = newest.get(0);
    if newest.is_some_and(|newest| usize::try_from(newest).is_ok_and(|newest| newest > MIGRATIONS.len())) {
        return Err(HubError::NewerSchema);
    }
    let has_partitions = has_partitions(database).await?;
    for (version, statements) in (1..).zip(MIGRATIONS) {
        let statements = match has_partitions {
            true => statements.replace(PARTITIONS_MARK, PARTITIONS).replace(DEFAULT_PARTITION_MARK, DEFAULT_PARTITION),
            false => statements.to_owned(),
        };
        let mut attempts = RetryAttempts::default();
        while let Err(error) = apply(database, version, &statements).await {
            attempts.wait_after(error).await?;
        }
    }
    Ok(())
}

/// Returns true if the database is PostgreSQL itself, with or without Citus. Others that speak its protocol do not have the same
/// partitions.
async fn has_partitions(database: &Database) -> Result<bool, HubError> {
    let version = database.connection().await?.query_one("SELECT version()", &[]).await?;
    let version: String = version.get(0);
    Ok(version.starts_with("PostgreSQL ") && !version.contains("-YB-"))
}

/// Creates the table of versions. Of two that create it at the same time, one gets an error, and finds the table then.
async fn create_versions(database: &Database) -> Result<(), HubError> {
    let connection = database.connection().await?;
    if connection.batch_execute(CREATE_VERSIONS).await.is_err() {
        connection.batch_execute(CREATE_VERSIONS).await?;
    }
    Ok(())
}

async fn apply(database: &Database, version: i32, statements: &str) -> Result<(), HubError> {
    let mut connection = database.connection().await?;
    let transaction = connection.transaction().await?;
    if transaction.execute(INSERT_VERSION, &[&version]).await? == 0 {
        return Ok(());
    }
    transaction.batch_execute(statements).await?;
    transaction.commit().await?;
    info!(version, "The database was migrated.");
    Ok(())
}
