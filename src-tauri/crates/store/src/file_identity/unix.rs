//! On Unix, a file has a number on its device.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// Returns true if both are the metadata of the same file.
pub(crate) fn is_same_file(open: &Metadata, found: &Metadata) -> bool {
    (open.dev(), open.ino()) == (found.dev(), found.ino())
}
