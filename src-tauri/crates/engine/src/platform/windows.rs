//! Files on Windows. Opened so that Claude Code may still delete or move them.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::windows::fs::FileExt;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use token_monitor_core::transcript::FileId;

/// `CREATE_NO_WINDOW`: no console flashes up.
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// WSL answers within a second even where it is busy. Where it is not installed it asks whether it should be, and
/// waits for a minute.
const WSL_TIMEOUT: Duration = Duration::from_secs(3);

/// Between two looks at whether it has answered.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Not known from a stat there; a log is recognised by its path and its bytes.
pub(crate) fn file_id(_metadata: &Metadata) -> FileId {
    FileId::default()
}

/// Opens a log, sharing everything as the standard library does.
pub(crate) fn open_for_reading(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Reads from a place.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.seek_read(buffer, offset)
}

/// The path in the spelling that may be longer than 260 characters, `\\?\…`; as it is where it leads nowhere.
pub(crate) fn full_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// What `wsl.exe` prints of the distributions that run. Asking starts none, and neither does reading those that run.
pub(crate) fn list_running_distributions() -> Vec<u8> {
    let mut asked = Command::new("wsl.exe");
    asked.args(["--list", "--running", "--quiet"]).creation_flags(CREATE_NO_WINDOW);
    asked.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    asked.spawn().ok().and_then(wait_for_output).unwrap_or_default()
}

/// What a program printed, if it ends well and in time. It prints less than a pipe holds.
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
        // It may have ended by itself meanwhile.
        drop(child.kill());
        drop(child.wait());
        return None;
    }
    let mut printed = Vec::new();
    child.stdout.take()?.read_to_end(&mut printed).ok()?;
    Some(printed)
}
