//! Recognizes a file whose creation was interrupted, in which nothing was ever stored.
//!
//! The database first writes its header without the first bytes, which mark the file as a database, syncs it, and then
//! completes it. A process that ends in between leaves a file that the database takes for a damaged one.

use std::io;

use redb::StorageBackend;

use crate::deferred_writes::MAGIC;

/// The length of a new file before the first commit.
const CREATED_BYTES: u64 = 18 * 4096;

/// The length of the header that is written first.
const HEADER_BYTES: usize = 320;

/// Returns true if the creation of a file was interrupted: it is not marked, has nothing after its header, and has the length of
/// a new file. After a power cut it may have the length of the header. Other files without a mark are damaged.
pub(crate) fn is_unfinished(file: &impl StorageBackend) -> io::Result<bool> {
    let len = file.len()?;
    if len != CREATED_BYTES && len != HEADER_BYTES as u64 {
        return Ok(false);
    }
    let mut bytes = vec![0; usize::try_from(len).unwrap_or_default()];
    file.read(0, &mut bytes)?;
    let is_zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
    Ok(is_zero(&bytes[..MAGIC.len()]) && is_zero(&bytes[HEADER_BYTES..]))
}
