//! Other systems do not let a file be replaced while it is open.

use std::fs::Metadata;

/// Returns true: the path of an open file leads to it.
pub(crate) fn is_same_file(_open: &Metadata, _found: &Metadata) -> bool {
    true
}
