//! File access on Unix.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use token_monitor_core::transcript::FileId;

/// Returns the id of a file.
pub(crate) fn file_id(metadata: &Metadata) -> FileId {
    FileId { device: metadata.dev(), inode: metadata.ino() }
}

/// Opens a log without blocking, in case it has been replaced by a named pipe.
pub(crate) fn open_for_reading(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Reads at an offset without moving the file position.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.read_at(buffer, offset)
}

/// Returns the path unchanged. Only Windows needs another form for long paths.
pub(crate) fn full_path(path: &Path) -> PathBuf {
    path.to_owned()
}

/// Returns nothing: WSL exists on Windows only.
pub(crate) fn list_running_distributions() -> Vec<u8> {
    Vec::new()
}
