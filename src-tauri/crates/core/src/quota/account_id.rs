//! The id of an account.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// An account or organization, as a hash of its id. The id itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(u64);

impl AccountId {
    /// Creates an id from the id that Anthropic assigned. Returns `None` for an empty text.
    pub fn from_uuid(uuid: &str) -> Option<Self> {
        let uuid = uuid.trim();
        (!uuid.is_empty()).then(|| Self(xxh3_64(uuid.as_bytes())))
    }
}
