//! The runtime of both programs.

use std::process::ExitCode;

use crate::error::CliError;

/// Runs a program to its end on this thread, and prints its error.
pub(crate) fn block_on(program: impl Future<Output = Result<ExitCode, CliError>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(CliError::from).and_then(|runtime| runtime.block_on(program));
    result.unwrap_or_else(CliError::print_and_exit)
}
