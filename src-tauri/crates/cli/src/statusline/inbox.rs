//! Writes official quota figures to the inbox, a folder beside the store with one small file for each session.
//!
//! Only the owner of the store writes to the store, and it may not be running. A note stays in the inbox until it is
//! read.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use token_monitor_core::quota::{QuotaNote, StatusLineInput};
use token_monitor_core::time::Timestamp;

use crate::statusline::platform;

/// Writes a note with the official figures of the input. Does nothing if there are none, or if the session's note is
/// recent and has the same contents.
pub(crate) fn write_quota_note(store: &Path, input: &StatusLineInput, now: Timestamp) -> io::Result<()> {
    let Some(note) = QuotaNote::from_input(input, now) else { return Ok(()) };
    let inbox = store.parent().unwrap_or(Path::new(".")).join(QuotaNote::INBOX_DIR);
    let path = inbox.join(note.file_name());
    match read_note(&path) {
        Some(present) if note.is_repeat_of(&present) => Ok(()),
        Some(_) | None => {
            platform::create_folder(&inbox)?;
            write_atomically(&path, &serde_json::to_vec(&note)?)
        }
    }
}

fn read_note(path: &Path) -> Option<QuotaNote> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Writes to a temporary file and renames it, so that a reader sees the old note or the new one.
fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    // A file left behind by an earlier process with the same id.
    let _ = fs::remove_file(&temporary);
    let result = platform::create_file(&temporary)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&temporary, path));
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}
