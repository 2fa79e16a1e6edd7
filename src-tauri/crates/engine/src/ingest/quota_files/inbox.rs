//! Removal of old files from the folder of the status line command.

use std::fs;
use std::path::Path;
use std::time::Duration;

use token_monitor_core::quota::QuotaNote;
use token_monitor_store::fs_permissions;

/// The time inbox files are kept. Their figures are in the store.
pub(super) const INBOX_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes old files of the status line command, which writes one file for each session. Files with other names are
/// kept, and nothing is removed from a folder that belongs to another user or is a link.
pub(crate) fn remove_old_inbox_files(inbox: &Path) {
    if fs_permissions::check_own_folder(inbox).is_err() {
        return;
    }
    for entry in fs::read_dir(inbox).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|modified| modified.elapsed().ok());
        let is_own = entry.file_name().to_str().is_some_and(QuotaNote::is_own_file_name);
        if is_own && metadata.is_file() && age.is_some_and(|age| age > INBOX_RETENTION) {
            // A failure is retried at the next sweep.
            let _ = fs::remove_file(entry.path());
        }
    }
}
