//! Groups of processes and files for the user alone, on Unix.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use tokio::process::{Child, Command};

/// Has a command start in a group of its own, so that its children can be ended with it.
pub(crate) fn in_own_group(command: &mut Command) -> &mut Command {
    command.process_group(0)
}

/// Ends a command started in its own group, and all it started.
#[expect(unsafe_code, reason = "the standard library ends single processes only")]
pub(crate) fn end_group(child: &mut Child) {
    if let Some(group) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // SAFETY: `kill` touches no memory. The child has not been waited for, so its number is still its own.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
}

/// Makes a folder, if it is not there, for the user alone.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a file that was not there, for the user alone from the start.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
