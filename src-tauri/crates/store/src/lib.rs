//! Where Token Monitor keeps what it counted.
//!
//! One redb file with one owner. It stores numbers, names and times, never a message's text. Nothing in it is ever
//! rebuilt from logs that may be gone: it is the only copy.

mod alerts;
mod codec;
mod db;
mod encoding;
mod error;
mod metadata;
mod migrate;
mod quota;
mod read;
mod reprice;
mod schema;
mod write;

mod fs_permissions;

pub use crate::alerts::MOST_ALERTS;
pub use crate::db::{Loaded, Safety, Store};
pub use crate::error::StoreError;
pub use crate::metadata::{Changes, LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TAG, MOST_TAGS, SessionName};
pub use fs_permissions::create_folder as create_private_folder;
