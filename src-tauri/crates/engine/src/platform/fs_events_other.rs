//! Support of change events by file systems: Windows does not report changes in shares and WSL folders.

use std::path::Path;

/// Returns true if the system reports all changes below a folder.
pub(crate) fn supports_events(folder: &Path) -> bool {
    let folder = folder.to_string_lossy();
    // A path in its long spelling starts like a share.
    folder.strip_prefix(r"\\?\").map_or(!folder.starts_with(r"\\"), |long| !long.starts_with(r"UNC\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_no_events_in_either_spelling_and_drives_have() {
        for share in [r"\\wsl.localhost\Ubuntu\home", r"\\?\UNC\wsl.localhost\Ubuntu\home"] {
            assert!(!supports_events(Path::new(share)), "{share}");
        }
        for drive in [r"C:\Users\me", r"\\?\C:\Users\me", "/Users/me"] {
            assert!(supports_events(Path::new(drive)), "{drive}");
        }
    }
}
