//! Folders of a user are private by inherited permissions.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a folder and its parents.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

pub(crate) fn create_file(path: &Path) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path).map(|_| ())
}
