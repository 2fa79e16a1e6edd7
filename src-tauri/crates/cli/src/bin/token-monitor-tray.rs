//! The tray process of Linux. Elsewhere the desktop app itself shows the icon.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    token_monitor_cli::run_tray()
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::print_stderr, reason = "there is nothing else to do")]
fn main() -> ExitCode {
    eprintln!("error: on this system token-monitor-app shows the icon");
    ExitCode::FAILURE
}
