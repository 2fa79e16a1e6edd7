//! Persistent storage in one redb file with one owner.
//!
//! The store contains numbers, names and times, never the text of a message. It is the only copy of the data: the logs
//! it was read from may be deleted.

mod alerts;
mod backup;
mod codec;
mod database_file;
mod db;
mod deferred_writes;
mod encoding;
mod error;
#[cfg(feature = "fault-injection")]
pub mod fault_injection;
mod file_identity;
mod format_check;
pub mod fs_permissions;
mod guarded_rows;
mod in_memory;
mod integrity;
mod memory_overlay;
mod metadata;
mod migrate;
mod open_file;
mod opening;
mod panic_guard;
mod quota;
mod read;
mod recovery;
mod reprice;
mod schema;
mod set_aside;
mod team;
mod unfinished_creation;
mod write;

pub use crate::alerts::MAX_ALERTS;
pub use crate::backup::{Backup, Salvage, backup_folder, copy_backup, list_backups, verify_file};
pub use crate::db::{LoadedState, Safety, Store};
pub use crate::error::StoreError;
pub use crate::integrity::{Integrity, StoredTotals};
pub use crate::metadata::{MAX_DESCRIPTION_LEN, MAX_NAME_LEN, MAX_TAG_LEN, MAX_TAGS, MetadataPatch, SessionName};
pub use crate::open_file::FileState;
pub use crate::panic_guard::catch_panic;
pub use crate::set_aside::{list_set_aside, reserve_aside_path, set_aside};
pub use crate::team::{ConfirmedRow, OutboxRows, Preparation, TeamDestination, TeamState, UtcDay};
