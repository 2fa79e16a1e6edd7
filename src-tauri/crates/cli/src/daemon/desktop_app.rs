//! The desktop app, which is installed in the same folder as this program.

use std::io;
use std::path::PathBuf;

use token_monitor_engine::UserDirs;
use token_monitor_tray::AutostartEntry;

/// Returns the path of the desktop app's program.
pub(crate) fn program_path() -> io::Result<PathBuf> {
    std::env::current_exe().map(|path| path.with_file_name("token-monitor-app"))
}

/// Returns the entry that starts the desktop app at login, or none if the app is not installed.
pub(crate) fn autostart_entry() -> Option<AutostartEntry> {
    let program = program_path().ok().filter(|program| program.exists())?;
    Some(AutostartEntry::new(&UserDirs::from_env().autostart_dir()?, program))
}
