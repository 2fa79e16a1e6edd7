//! The runtime of both programs.

use std::process::ExitCode;
use std::time::Duration;

use crate::error::CliError;

/// The longest wait at the end for output that is still being written. A reader that does not read would delay it
/// forever.
const OUTPUT_TIMEOUT: Duration = Duration::from_millis(200);

/// Runs a program to its end on this thread, and prints its error.
pub(crate) fn block_on(program: impl Future<Output = Result<ExitCode, CliError>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(CliError::from).and_then(|runtime| {
        let result = runtime.block_on(program);
        runtime.shutdown_timeout(OUTPUT_TIMEOUT);
        result
    });
    result.unwrap_or_else(CliError::print_and_exit)
}
