//! The user's folders are private by their inherited permissions.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder, and those above it.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

pub(crate) fn create_file(path: &Path) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path).map(|_| ())
}
