//! File access and WSL on Windows. Files are opened so that Claude Code can still delete or move them.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::windows::fs::FileExt;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use token_monitor_core::transcript::FileId;

/// The process creation flag that prevents a console window.
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// The timeout of `wsl.exe`, which responds within a second. Without WSL installed, it shows a prompt for a minute.
const WSL_TIMEOUT: Duration = Duration::from_secs(3);

/// The interval between two checks of the process.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Returns no id, because metadata has none on Windows. A log is recognized by its path and content.
pub(crate) fn file_id(_metadata: &Metadata) -> FileId {
    FileId::default()
}

/// Opens a log with full sharing, as the standard library does.
pub(crate) fn open_for_reading(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Reads at an offset.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.seek_read(buffer, offset)
}

/// Returns true if an error means that the process has too many open files.
pub(crate) fn is_out_of_files(error: &io::Error) -> bool {
    const ERROR_TOO_MANY_OPEN_FILES: i32 = 4;
    error.raw_os_error() == Some(ERROR_TOO_MANY_OPEN_FILES)
}

/// Returns true if an error comes from the disk.
pub(crate) fn is_disk_error(error: &io::Error) -> bool {
    const ERROR_CRC: i32 = 23;
    const ERROR_IO_DEVICE: i32 = 1117;
    matches!(error.raw_os_error(), Some(ERROR_CRC | ERROR_IO_DEVICE))
}

/// Returns the path in the form `\\?\…`, which may be longer than 260 characters; unchanged if it does not exist.
pub(crate) fn full_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns the output of `wsl.exe` about the running distributions. This starts no distribution.
pub(crate) fn list_running_distributions() -> Vec<u8> {
    let mut command = Command::new("wsl.exe");
    command.args(["--list", "--running", "--quiet"]).creation_flags(CREATE_NO_WINDOW);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().ok().and_then(wait_for_output).unwrap_or_default()
}

/// Returns the output of a process that succeeds in time. The output must fit into a pipe.
fn wait_for_output(mut child: Child) -> Option<Vec<u8>> {
    let deadline = Instant::now() + WSL_TIMEOUT;
    let ended = loop {
        match child.try_wait() {
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL_INTERVAL),
            Ok(ended) => break ended,
            Err(_) => break None,
        }
    };
    if !ended.is_some_and(|status| status.success()) {
        // The process may have ended already.
        drop(child.kill());
        drop(child.wait());
        return None;
    }
    let mut printed = Vec::new();
    child.stdout.take()?.read_to_end(&mut printed).ok()?;
    Some(printed)
}
