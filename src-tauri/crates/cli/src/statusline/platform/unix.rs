//! Process groups, background processes and private files on Unix.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process;

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

/// Makes a command start in a session of its own and as a child of the system's first process, so that it is not ended
/// together with this process. The child that this process then has ends at once, see [`reap_detached`].
#[expect(unsafe_code, reason = "the standard library starts no process outside of this session")]
pub(crate) fn detach(command: &mut process::Command) -> &mut process::Command {
    let leave_session = || {
        // SAFETY: these functions are async-signal-safe and touch no memory of this program. The process that ends here
        // has not run any other code.
        unsafe {
            if libc::setsid() == -1 {
                return Err(io::Error::last_os_error());
            }
            match libc::fork() {
                -1 => Err(io::Error::last_os_error()),
                0 => Ok(()),
                _ => libc::_exit(0),
            }
        }
    };
    // SAFETY: the function above allocates nothing and takes no locks.
    unsafe { command.pre_exec(leave_session) }
}

/// Releases the child that a command started with [`detach`] leaves behind.
pub(crate) fn reap_detached(child: &mut process::Child) {
    let _ = child.wait();
}

/// Returns a path that starts this program, also if its file was replaced in the meantime.
pub(crate) fn own_program() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    let link = Path::new("/proc/self/exe");
    Ok(if path.is_file() || !link.exists() { path } else { link.to_owned() })
}

/// Creates a folder with mode 0700, and its parents, unless it exists.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Creates a file with mode 0600. Fails if it exists.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
