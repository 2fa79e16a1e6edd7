//! Persistent storage in one redb file with one owner.
//!
//! The store contains numbers, names and times, never the text of a message. It is the only copy of the data: the logs
//! it was read from may be deleted.

mod alerts;
mod codec;
mod db;
mod detachable_file;
mod encoding;
mod error;
mod file_identity;
pub mod fs_permissions;
mod metadata;
mod migrate;
mod open_file;
mod quota;
mod read;
mod recovery;
mod reprice;
mod schema;
mod write;

pub use crate::alerts::MAX_ALERTS;
pub use crate::db::{LoadedState, Safety, Store};
pub use crate::error::StoreError;
pub use crate::metadata::{MAX_DESCRIPTION_LEN, MAX_NAME_LEN, MAX_TAG_LEN, MAX_TAGS, MetadataPatch, SessionName};
pub use crate::open_file::FileState;
