//! The desktop app and the command, which are installed in the same folder as this program.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use token_monitor_engine::UserDirs;
use token_monitor_tray::AutostartEntry;

/// Returns the path of the desktop app's program.
pub(crate) fn program_path() -> io::Result<PathBuf> {
    std::env::current_exe().map(|path| path.with_file_name("token-monitor-app"))
}

/// Returns the path of the command's program.
pub(crate) fn command_path() -> io::Result<PathBuf> {
    std::env::current_exe().map(|path| path.with_file_name("token-monitor"))
}

/// Returns the entry that starts the desktop app at login, or none if the app is not installed.
pub(crate) fn autostart_entry() -> Option<AutostartEntry> {
    let program = program_path().ok().filter(|program| program.exists())?;
    Some(AutostartEntry::new(&UserDirs::from_env().autostart_dir()?, program))
}

/// Copies a text to the clipboard, by a process of the desktop app that serves it until something else is copied. A thread
/// waits for that process.
pub(crate) fn copy_text(text: &str) -> io::Result<()> {
    let mut child = Command::new(program_path()?).arg("--copy").stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes())?;
    }
    std::thread::spawn(move || child.wait());
    Ok(())
}
