//! The `token-monitor-hub` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    token_monitor_hub::run_command()
}
