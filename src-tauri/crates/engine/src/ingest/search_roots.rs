//! The folders in which logs are searched.

use std::path::PathBuf;

use crate::config::Settings;
use crate::ingest::claude_homes;
use crate::ingest::dirs::{self, UnreadableFolders, UserDirs};

/// Returns the folders to search. Homes beside the default one are included unless folders are configured.
pub(crate) fn search_roots(
    settings: &Settings,
    dirs: &UserDirs,
    wsl_dirs: &[PathBuf],
    unreadable: &mut UnreadableFolders,
) -> Vec<PathBuf> {
    let mut configured = settings.claude_config_dirs.clone();
    if settings.searches_sibling_homes(dirs) {
        configured.extend(claude_homes::find_sibling_homes(dirs, unreadable));
    }
    dirs::search_folders(&configured, dirs, wsl_dirs, unreadable)
}
