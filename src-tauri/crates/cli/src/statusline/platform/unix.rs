//! Process groups and private files on Unix.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use tokio::process::{Child, Command};

/// Makes a command start in a process group of its own, so that [`end_group`] also ends its children.
pub(crate) fn set_own_group(command: &mut Command) -> &mut Command {
    command.process_group(0)
}

/// Kills a command started with [`set_own_group`], and all processes in its group.
#[expect(unsafe_code, reason = "the standard library ends single processes only")]
pub(crate) fn end_group(child: &mut Child) {
    if let Some(group) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // SAFETY: `kill` touches no memory. The child has not been waited for, so its id is not reused.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
}

/// Creates a folder with mode 0700, and its parents, unless it exists.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Creates a file with mode 0600. Fails if it exists.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
