//! Runs the status line command that was configured before this program was installed.
//!
//! It gets the same input, and its output comes first. If it fails, hangs or does not exist, the rest of the status
//! line is unaffected.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::signals::wait_for_shutdown;
use crate::statusline::platform;

/// The longest time the command may run.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(1);

/// The maximum length of its output. The rest is dropped.
const MAX_OUTPUT_BYTES: u64 = 256 << 10;

/// Runs the command with this input and returns its output. A command that exceeds the timeout is ended together with
/// its children.
pub(crate) async fn run_chained(command: &[OsString], input: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    let Some(mut child) = spawn_command(command) else { return output };
    let is_finished = tokio::select! {
        result = timeout(COMMAND_TIMEOUT, exchange(&mut child, input, &mut output)) => result.is_ok(),
        // Claude Code has started the next status line and no longer waits for this one.
        () = wait_for_shutdown() => false,
    };
    if !is_finished {
        platform::end_group(&mut child);
    }
    with_final_newline(output)
}

fn spawn_command(command: &[OsString]) -> Option<Child> {
    let (program, args) = command.split_first()?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    platform::set_own_group(&mut command).spawn().ok()
}

/// Writes the input and reads the output at the same time, because a pipe holds little and a command may print before
/// it has read everything.
async fn exchange(child: &mut Child, input: &[u8], output: &mut Vec<u8>) {
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return };
    let write = async {
        // This fails if the command does not read its input.
        let _ = stdin.write_all(input).await;
        drop(stdin);
        std::future::pending::<()>().await;
    };
    let mut stdout = stdout.take(MAX_OUTPUT_BYTES);
    tokio::select! {
        _ = stdout.read_to_end(output) => {}
        () = write => {}
    }
}

fn with_final_newline(mut output: Vec<u8>) -> Vec<u8> {
    if output.last().is_some_and(|last| *last != b'\n') {
        output.push(b'\n');
    }
    output
}
