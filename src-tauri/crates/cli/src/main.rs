//! The `token-monitor` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    token_monitor_cli::run_command()
}
