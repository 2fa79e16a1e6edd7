//! The errors of the hub.

use std::io;

use deadpool_postgres::PoolError;
use thiserror::Error;
use token_monitor_core::team::{RowError, TeamReceipt};
use tokio_postgres::error::SqlState;

/// The reason why the hub did not do what was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HubError {
    /// The credential is missing, wrong or revoked.
    #[error("the token is missing, wrong or revoked")]
    Unauthorized,
    /// The member may not do this.
    #[error("only an administrator may do this")]
    Forbidden,
    /// The device has a later generation or later rows at the hub.
    #[error("the hub has later figures of this device")]
    Conflict(TeamReceipt),
    /// The update has a row that no device sends.
    #[error(transparent)]
    InvalidUpdate(#[from] RowError),
    /// The request is not understood.
    #[error("{0}")]
    BadRequest(String),
    /// There is no member, device or organization with this name.
    #[error("there is no {kind} {name}")]
    NotFound {
        /// The kind of thing.
        kind: &'static str,
        /// The name that was given.
        name: String,
    },
    /// The database has returned text where a count was expected.
    #[error("the database returned {0:?} as a count")]
    InvalidCount(String),
    /// The database has returned shares of a rule that are not valid.
    #[error("the database returned {0:?} as the shares of a rule")]
    InvalidShares(String),
    /// The database has returned a day that has less usage than its parts.
    #[error("the database returned less usage of {0} than of its parts")]
    InconsistentSums(String),
    /// A newer version has migrated the database.
    #[error("the database was migrated by a newer version of the hub")]
    NewerSchema,
    /// The system has no random numbers.
    #[error("the system has no random numbers")]
    NoRandomNumbers,
    /// A file or a socket cannot be used.
    #[error("cannot use {what}")]
    Io {
        /// The file or address.
        what: String,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// There is no connection to the database.
    #[error("the database cannot be reached")]
    Unreachable(#[source] PoolError),
    /// The database has reported an error.
    #[error("the database reported an error")]
    Database(#[from] tokio_postgres::Error),
}

impl HubError {
    /// Returns true if the same transaction may succeed at once: the database has aborted it in favor of another one.
    pub(crate) fn is_serialization_failure(&self) -> bool {
        match self {
            Self::Database(error) => {
                let aborted = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
                error.code().is_some_and(|code| aborted.contains(code))
            }
            _ => false,
        }
    }

    /// Returns true if the same request may succeed later: the connection was lost, or the database is starting, stopping or
    /// busy.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Database(error) => {
                let classes = ["08", "40", "53", "57", "58"];
                error.code().is_none_or(|code| classes.iter().any(|class| code.code().starts_with(class)))
            }
            _ => false,
        }
    }
}
