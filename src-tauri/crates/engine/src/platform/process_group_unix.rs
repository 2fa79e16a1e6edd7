//! A program and all it starts, ended together.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

/// Lets a program be ended with all it starts.
pub(crate) fn configure_group(command: &mut Command) {
    command.process_group(0);
}

/// Ends a program with all it started, and waits for it.
pub(crate) fn kill_group(child: &mut Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        #[expect(unsafe_code, reason = "a call that takes two numbers")]
        // SAFETY: the child was not waited for yet, so its number is still its own and its group's.
        unsafe {
            libc::kill(-group, libc::SIGKILL);
        }
    }
    // It is gone either way.
    drop(child.wait());
}
