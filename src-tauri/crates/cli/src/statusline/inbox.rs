//! The inbox of the running app: a folder beside the store, with one small file for each session.
//!
//! Only the owner of the store writes into the store, and it need not run now: a note waits here until it does.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use token_monitor_core::quota::{LimitNote, StatusInput};
use token_monitor_core::time::Timestamp;

use crate::statusline::platform;

/// Leaves a note of the official windows, unless there is nothing to note or the note that lies there still stands.
pub(crate) fn note(store: &Path, told: &StatusInput, now: Timestamp) -> io::Result<()> {
    let Some(note) = LimitNote::of(told, now) else { return Ok(()) };
    let inbox = store.parent().unwrap_or(Path::new(".")).join(LimitNote::INBOX);
    let path = inbox.join(note.file_name());
    match read(&path) {
        Some(lying) if note.is_told_by(&lying) => Ok(()),
        Some(_) | None => {
            platform::create_folder(&inbox)?;
            put(&path, &serde_json::to_vec(&note)?)
        }
    }
}

fn read(path: &Path) -> Option<LimitNote> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Writes beside and renames: a reader sees the old note or the new one, never half of one.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    // What lies there is from a process of the same number that was cut off.
    let _ = fs::remove_file(&beside);
    let put = platform::create_file(&beside)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&beside, path));
    if put.is_err() {
        let _ = fs::remove_file(&beside);
    }
    put
}
