//! Files on Unix.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use token_monitor_core::transcript::FileId;

/// Which file it is.
pub(crate) fn file_id(metadata: &Metadata) -> FileId {
    FileId { device: metadata.dev(), inode: metadata.ino() }
}

/// Opens a log. Not waiting for a writer matters if it became a named pipe since it was looked at.
pub(crate) fn open_for_reading(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Reads from a place without moving the file's own.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.read_at(buffer, offset)
}

/// The path itself: none is too long for the system but for what it says itself.
pub(crate) fn full_path(path: &Path) -> PathBuf {
    path.to_owned()
}

/// Nothing: only Windows runs Linux distributions beside itself.
pub(crate) fn list_running_distributions() -> Vec<u8> {
    Vec::new()
}
