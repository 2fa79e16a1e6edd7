//! Processes and files on Windows, where the user's folders are private by their inherited permissions.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use tokio::process::{Child, Command};

/// Does nothing: Windows has no process groups that end together.
pub(crate) fn set_own_group(command: &mut Command) -> &mut Command {
    command
}

/// Kills a command. Its children usually end when their pipes are closed.
pub(crate) fn end_group(child: &mut Child) {
    // This fails if the command has ended.
    let _ = child.start_kill();
}

/// Creates a folder, and its parents, unless it exists.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Creates a file. Fails if it exists.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
