//! Which file systems tell of changes: on Windows, shares and the folders of WSL do not.

use std::path::Path;

/// Whether changes below a folder are told of.
pub(crate) fn tells_of_changes(folder: &Path) -> bool {
    !folder.to_string_lossy().starts_with("\\\\")
}
