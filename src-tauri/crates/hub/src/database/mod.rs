//! The connections to the database.

mod migrations;
mod partitions;
mod retry;
mod tls;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Status};
use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls};

use crate::database::partitions::KnownPartitions;
pub(crate) use crate::database::retry::RetryAttempts;
use crate::error::HubError;

/// The number of connections without another one in the options.
const DEFAULT_CONNECTIONS: usize = 16;

/// The longest wait for a connection.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);

/// The options of a database.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    /// The address, such as `postgres://user@host/name`. `sslmode` in it determines whether TLS is used.
    pub url: String,
    /// A file with the certificates to trust, as PEM; by default those of the web.
    pub ca_file: Option<PathBuf>,
    /// The largest number of connections.
    pub max_connections: usize,
}

impl DatabaseOptions {
    /// Returns the options with defaults for an address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ca_file: None, max_connections: DEFAULT_CONNECTIONS }
    }
}

/// A database with the tables of the hub.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Pool,
    partitions: Arc<KnownPartitions>,
}

impl Database {
    /// Connects, and creates or migrates the tables. Several hubs may do so at the same time.
    ///
    /// # Errors
    ///
    /// If the address or the certificates are not valid, the database cannot be reached, or a newer version has migrated it.
    pub async fn open(options: &DatabaseOptions) -> Result<Self, HubError> {
        let config: Config = options.url.parse().map_err(|error: tokio_postgres::Error| {
            // The message of the error does not contain the address, which may have a password.
            HubError::BadRequest(format!("the address of the database is not valid: {error}"))
        })?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_))) {
            true => Manager::from_config(config, tls::connector(options.ca_file.as_deref())?, recycling),
            // A Unix socket has no name that a certificate could contain.
            false => Manager::from_config(config, NoTls, recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(options.max_connections.max(1))
            .wait_timeout(Some(CONNECTION_TIMEOUT))
            .create_timeout(Some(CONNECTION_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| HubError::BadRequest(error.to_string()))?;
        let database = Self { pool, partitions: Arc::default() };
        migrations::migrate(&database).await?;
        let partitions = Arc::new(KnownPartitions::load(&database).await?);
        Ok(Self { partitions, ..database })
    }

    /// Returns the number of connections, and of those that are not in use.
    pub(crate) fn pool_status(&self) -> Status {
        self.pool.status()
    }

    /// Returns a connection.
    pub(crate) async fn connection(&self) -> Result<Client, HubError> {
        self.pool.get().await.map_err(HubError::Unreachable)
    }
}
