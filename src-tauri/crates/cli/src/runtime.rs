//! The runtime of both programs.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::error::CliError;

/// The longest wait at the end for output that is still being written. A reader that does not read would delay it
/// forever.
const OUTPUT_TIMEOUT: Duration = Duration::from_millis(200);

/// Runs a program to its end, everything on this thread, and prints its error.
pub(crate) fn block_on(program: impl Future<Output = Result<ExitCode, CliError>>) -> ExitCode {
    run_to_end(&mut Builder::new_current_thread(), program)
}

/// Runs a program to its end, the tasks it spawns on threads of their own, and prints its error.
pub(crate) fn block_on_threads(threads: usize, program: impl Future<Output = Result<ExitCode, CliError>>) -> ExitCode {
    run_to_end(Builder::new_multi_thread().worker_threads(threads), program)
}

fn run_to_end(builder: &mut Builder, program: impl Future<Output = Result<ExitCode, CliError>>) -> ExitCode {
    let built = check_descriptors().and_then(|()| builder.enable_all().build());
    let result = built.map_err(CliError::from).and_then(|runtime| {
        let result = runtime.block_on(program);
        runtime.shutdown_timeout(OUTPUT_TIMEOUT);
        result
    });
    result.unwrap_or_else(CliError::print_and_exit)
}

/// Checks that the runtime can open its descriptors. It panics if it cannot open those for signals.
fn check_descriptors() -> io::Result<()> {
    /// Two descriptors each, which is more than the runtime needs.
    const PIPES: usize = 4;
    let pipes: io::Result<Vec<_>> = (0..PIPES).map(|_| io::pipe()).collect();
    pipes.map(drop)
}
