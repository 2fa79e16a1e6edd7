//! Processes and files on Windows, where the user's folders are private by their inherited permissions.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use tokio::process::{Child, Command};

/// There are no groups that end together without more ado.
pub(crate) fn in_own_group(command: &mut Command) -> &mut Command {
    command
}

/// Ends a command. What it started ends when its pipes do.
pub(crate) fn end_group(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.start_kill();
}

/// Makes a folder, if it is not there.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Makes a file that was not there.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
