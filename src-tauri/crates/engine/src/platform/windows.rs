//! Files on Windows. Opened so that Claude Code may still delete or move them.

use std::fs::{File, Metadata};
use std::io;
use std::os::windows::fs::FileExt;
use std::path::Path;

use token_monitor_core::FileId;

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
