//! Process groups: a process and its children are killed together.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

/// Starts the process in its own group.
pub(crate) fn configure_group(command: &mut Command) {
    command.process_group(0);
}

/// Kills a process and its children, and waits for it.
pub(crate) fn kill_group(child: &mut Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        #[expect(unsafe_code, reason = "kill is a C function")]
        // SAFETY: the child was not waited for yet, so its id still identifies it and its group.
        unsafe {
            libc::kill(-group, libc::SIGKILL);
        }
    }
    // The process has ended in any case.
    drop(child.wait());
}
