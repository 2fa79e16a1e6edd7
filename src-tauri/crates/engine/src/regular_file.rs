//! Reads files of other programs. What has the name of a file may be a named pipe, a device or a file of any size.

use std::io::{self, Read};
use std::path::Path;

use token_monitor_core::transcript::FileStat;

use crate::ingest::discover;
use crate::platform;

/// Reads a regular file with at most this many bytes. Never waits for the other end of a pipe.
///
/// # Errors
///
/// If the file cannot be read, is not a regular file, or is larger.
pub fn read_regular_file(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let (_, bytes) = read_file_contents(path, max_bytes)?;
    bytes.ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {max_bytes} bytes")))
}

/// Reads a regular file and its metadata from before the read. The bytes are None if the file is too large.
pub(crate) fn read_file_contents(path: &Path, max_bytes: u64) -> io::Result<(FileStat, Option<Vec<u8>>)> {
    let file = platform::open_for_reading(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    if metadata.len() <= max_bytes {
        file.take(max_bytes + 1).read_to_end(&mut bytes)?;
    }
    let fits = metadata.len() <= max_bytes && bytes.len() as u64 <= max_bytes;
    Ok((discover::file_stat(&metadata), fits.then_some(bytes)))
}
