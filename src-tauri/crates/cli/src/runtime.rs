//! The runtime of both programs.

use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::error::CliError;

/// The longest wait at the end for output that is still being written. A reader that does not read would delay it
/// forever.
const OUTPUT_TIMEOUT: Duration = Duration::from_millis(200);

/// Runs a program to its end on this thread, with further threads for the tasks it spawns, and prints its error.
pub(crate) fn block_on(program: impl Future<Output = Result<ExitCode, CliError>>, threads: usize) -> ExitCode {
    let runtime = match threads {
        0 => Builder::new_current_thread().enable_all().build(),
        threads => Builder::new_multi_thread().worker_threads(threads).enable_all().build(),
    };
    let result = runtime.map_err(CliError::from).and_then(|runtime| {
        let result = runtime.block_on(program);
        runtime.shutdown_timeout(OUTPUT_TIMEOUT);
        result
    });
    result.unwrap_or_else(CliError::print_and_exit)
}
