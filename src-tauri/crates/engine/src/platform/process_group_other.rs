//! A program, ended by itself: what it started goes on.

use std::process::{Child, Command};

/// `CREATE_NO_WINDOW`: no console flashes up.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// Keeps a program from showing a console.
pub(crate) fn configure_group(command: &mut Command) {
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NO_WINDOW);
    #[cfg(not(windows))]
    let _ = command;
}

/// Ends a program, and waits for it.
pub(crate) fn kill_group(child: &mut Child) {
    // It may have ended by itself meanwhile.
    drop(child.kill());
    drop(child.wait());
}
