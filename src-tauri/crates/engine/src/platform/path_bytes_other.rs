//! Paths as the bytes that the store keeps. A path that is not valid Unicode cannot be restored from them.

use std::path::{Path, PathBuf};

/// Returns the bytes of a path.
pub(crate) fn path_to_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Returns the path with these bytes.
pub(crate) fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
