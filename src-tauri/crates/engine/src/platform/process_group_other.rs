//! Processes without groups: only the process itself is killed, not its children.

use std::process::{Child, Command};

/// The process creation flag that prevents a console window.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// Prevents a console window.
pub(crate) fn configure_group(command: &mut Command) {
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NO_WINDOW);
    #[cfg(not(windows))]
    let _ = command;
}

/// Kills a process and waits for it.
pub(crate) fn kill_group(child: &mut Child) {
    // The process may have ended already.
    drop(child.kill());
    drop(child.wait());
}
