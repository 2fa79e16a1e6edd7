//! Shows the output of the status line command that was configured before this program was installed.
//!
//! It gets the same input, and its output comes first. If it fails, hangs or does not exist, the rest of the status
//! line is unaffected. The command runs in a background process ([`crate::statusline::chained_worker`]) that outlives
//! this one, because Claude Code ends a status line at the next update. While a slow command runs, its last output is
//! shown.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::ChildStdout;
use tokio::time::{sleep, timeout};

use crate::signals::wait_for_shutdown;
use crate::statusline::chained_worker::{STARTED, worker_args};
use crate::statusline::platform;
use crate::statusline::state_folder::OutputSlot;

/// The longest wait for the output of a command that has no kept output, such as at the start of a session.
const FIRST_OUTPUT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest wait for new output if there is a kept one. A command whose last run took longer is not waited for.
const NEW_OUTPUT_TIMEOUT: Duration = Duration::from_millis(200);

/// The interval at which the output of a run that another call started is looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Starts the command with this input, unless a run is in progress. Returns its output if it ends soon, otherwise its
/// last output in this session. Without a slot, no output is kept.
pub(crate) async fn run_chained(command: &[OsString], input: &[u8], slot: Option<&OutputSlot>) -> Vec<u8> {
    if command.is_empty() {
        return Vec::new();
    }
    let kept = slot.and_then(OutputSlot::read);
    let wait = match &kept {
        None => FIRST_OUTPUT_TIMEOUT,
        Some(kept) if kept.run_time > NEW_OUTPUT_TIMEOUT => Duration::ZERO,
        Some(_) => NEW_OUTPUT_TIMEOUT,
    };
    let Some(stdout) = start_worker(command, input, slot) else {
        return with_final_newline(kept.map(|kept| kept.bytes).unwrap_or_default());
    };
    let mut output = Vec::new();
    let new_output = async {
        match follow_run(stdout, &mut output).await {
            true => None,
            // Another call has started the run in progress.
            false => Some(wait_for_output(slot).await),
        }
    };
    let result = tokio::select! {
        result = timeout(wait, new_output) => result.ok(),
        // Claude Code has started the next status line and no longer waits for this one.
        () = wait_for_shutdown() => None,
    };
    with_final_newline(match (result, kept) {
        (Some(None), _) => output,
        (Some(Some(other)), _) => other,
        (None, Some(kept)) => kept.bytes,
        // The output so far.
        (None, None) => output,
    })
}

/// Starts the background process and writes the input to it. Returns its output.
fn start_worker(command: &[OsString], input: &[u8], slot: Option<&OutputSlot>) -> Option<ChildStdout> {
    let mut worker = Command::new(platform::own_program().ok()?);
    worker.args(worker_args(command, slot)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = platform::detach(&mut worker).spawn().ok()?;
    // This fails if a run is in progress.
    let _ = child.stdin.take()?.write_all(input);
    let stdout = ChildStdout::from_std(child.stdout.take()?).ok();
    platform::reap_detached(&mut child);
    stdout
}

/// Reads the output of a run until its end. Returns false if there is no run, because another is in progress.
async fn follow_run(mut stdout: ChildStdout, output: &mut Vec<u8>) -> bool {
    if stdout.read_u8().await.ok() != Some(STARTED) {
        return false;
    }
    // An error ends the output.
    let _ = stdout.read_to_end(output).await;
    true
}

async fn wait_for_output(slot: Option<&OutputSlot>) -> Vec<u8> {
    loop {
        if let Some(kept) = slot.and_then(OutputSlot::read) {
            return kept.bytes;
        }
        sleep(POLL_INTERVAL).await;
    }
}

fn with_final_newline(mut output: Vec<u8>) -> Vec<u8> {
    if output.last().is_some_and(|last| *last != b'\n') {
        output.push(b'\n');
    }
    output
}
