//! The engine: finds and watches logs, counts what is new in them, and answers requests.
//!
//! One actor owns the ledger and the store. Clients use an [`EngineHandle`], in the same process or through the
//! local socket of the `ipc` crate.

mod actor;
mod alert_command;
mod alert_outbox;
mod api;
mod audit;
mod backoff;
mod backup_schedule;
#[cfg(test)]
mod client_logs;
pub mod clock;
pub mod config;
mod damage;
pub mod demo;
mod engine_mode;
mod handle;
mod ingest;
mod ledger_store;
mod loaded_ledger;
mod outage;
mod platform;
mod prices;
mod refresh;
mod regular_file;
mod store_recovery;
#[cfg(test)]
mod test_server;
mod updates;
pub mod zone;

pub use crate::alert_outbox::OutgoingAlert;
pub use crate::api::{
    ApiError, BackupRow, ErrorCode, Health, IgnoredPath, Request, Response, RootHealth, SessionQuery, SkipCount,
    TeamBatch, TeamRequest,
};
pub use crate::audit::{ExplainScope, Explanation, explain_logs};
pub use crate::engine_mode::EngineMode;
pub use crate::handle::{Engine, EngineHandle};
pub use crate::ingest::dirs::UserDirs;
pub use crate::regular_file::read_regular_file;
pub use crate::updates::{UpdateError, UpdateStatus, check_for_update, last_update_check};
pub use token_monitor_store::{ConfirmedRow, StoreError, TeamDestination, fs_permissions};

/// Makes a write that exceeds the process's limit of file sizes fail, instead of ending the process. Called first by each
/// program. Does nothing on systems without such a signal.
pub fn ignore_file_size_signal() {
    platform::ignore_file_size_signal();
}
