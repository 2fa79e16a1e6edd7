//! Writes official quota figures to the inbox, a folder beside the store with one small file for each session.
//!
//! Only the owner of the store writes to the store, and it may not be running. A note stays in the inbox until it is
//! read.

use std::io::{self, Read};
use std::path::Path;

use token_monitor_core::quota::{QuotaNote, StatusLineInput};
use token_monitor_core::time::Timestamp;
use token_monitor_engine::fs_permissions;

/// The number of bytes read of a note. It has a few hundred.
const MAX_NOTE_BYTES: u64 = 64 << 10;

/// Writes a note with the official figures of the input. Does nothing if there are none, or if the session's note is
/// recent and has the same contents. Fails if the inbox belongs to another user or is a link.
pub(crate) fn write_quota_note(store: &Path, input: &StatusLineInput, now: Timestamp) -> io::Result<()> {
    let Some(note) = QuotaNote::from_input(input, now) else { return Ok(()) };
    let inbox = store.parent().unwrap_or(Path::new(".")).join(QuotaNote::INBOX_DIR);
    let path = inbox.join(note.file_name());
    match read_note(&path) {
        Some(present) if note.is_repeat_of(&present) => Ok(()),
        Some(_) | None => {
            fs_permissions::create_own_folder(&inbox)?;
            fs_permissions::replace_file(&path, &serde_json::to_vec(&note)?)
        }
    }
}

fn read_note(path: &Path) -> Option<QuotaNote> {
    let mut bytes = Vec::new();
    let file = fs_permissions::open_own_file(path).ok()?;
    file.take(MAX_NOTE_BYTES).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}
