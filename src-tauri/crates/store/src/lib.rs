//! Where Token Monitor keeps what it counted.
//!
//! One redb file with one owner. It stores numbers, names and times, never a message's text. Nothing in it is ever
//! rebuilt from logs that may be gone: it is the only copy.

mod alerts;
mod codec;
mod error;
mod metadata;
#[cfg(not(unix))]
#[path = "private_elsewhere.rs"]
mod private;
#[cfg(unix)]
#[path = "private_unix.rs"]
mod private;
mod readings;
mod reprice;
mod rows;
mod shelf;
mod store;
mod tables;
mod upgrade;
mod writing;

pub use alerts::MOST_ALERTS;
pub use error::StoreError;
pub use metadata::{Changes, LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TAG, MOST_TAGS, SessionName};
pub use private::create_folder as create_private_folder;
pub use store::{Loaded, Safety, Store};
