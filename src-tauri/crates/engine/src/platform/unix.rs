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

/// Returns true if an error means that the process or the system has too many open files.
pub(crate) fn is_out_of_files(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE))
}

/// Returns true if an error comes from the disk.
pub(crate) fn is_disk_error(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EIO)
}

/// Returns the path unchanged. Only Windows needs another form for long paths.
pub(crate) fn full_path(path: &Path) -> PathBuf {
    path.to_owned()
}

/// Returns nothing: WSL exists on Windows only.
pub(crate) fn list_running_distributions() -> Vec<u8> {
    Vec::new()
}
