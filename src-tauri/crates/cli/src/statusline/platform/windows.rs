//! Processes and files on Windows, where the user's folders are private by their inherited permissions.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process;

use tokio::process::{Child, Command};

/// The creation flags of a process without a console, outside of this process's group.
const DETACHED_FLAGS: u32 = 0x0800_0000 | 0x0000_0200;

/// Does nothing: Windows has no process groups that end together.
pub(crate) fn set_own_group(command: &mut Command) -> &mut Command {
    command
}

/// Kills a command. Its children usually end when their pipes are closed.
pub(crate) fn end_group(child: &mut Child) {
    // This fails if the command has ended.
    let _ = child.start_kill();
}

/// Makes a command start without this process's console, so that it is not ended together with this process.
pub(crate) fn detach(command: &mut process::Command) -> &mut process::Command {
    command.creation_flags(DETACHED_FLAGS)
}

/// Does nothing: the process started with [`detach`] runs on.
pub(crate) fn reap_detached(_: &mut process::Child) {}

/// Returns the path of this program.
pub(crate) fn own_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// Creates a folder, and its parents, unless it exists.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Creates a file. Fails if it exists.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
