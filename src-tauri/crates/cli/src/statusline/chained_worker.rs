//! Runs a chained command in the background and keeps its output.
//!
//! Started by the status line, and independent of it: Claude Code ends a status line at the next update, and a slow
//! command would otherwise never finish. One command runs at a time in a session.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::signals::wait_for_shutdown;
use crate::statusline::platform;
use crate::statusline::state_folder::{KeptOutput, MAX_OUTPUT_BYTES, OutputSlot};

/// The longest time the command may run.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum size of the input in bytes. The status line does not accept a larger one.
const MAX_INPUT_BYTES: u64 = 2 << 20;

/// The byte written when the command starts. A worker that ends without it has found a run in progress.
pub(crate) const STARTED: u8 = b'>';

/// The hidden option that makes `statusline` a worker. The path of the output follows; it is empty for none.
const WORKER_OPTION: &str = "--chained-worker";

/// Returns the arguments that start a worker.
pub(crate) fn worker_args(command: &[OsString], slot: Option<&OutputSlot>) -> Vec<OsString> {
    let path = slot.map_or_else(OsString::new, |slot| slot.path().as_os_str().to_owned());
    let own = ["statusline".into(), WORKER_OPTION.into(), path, "--".into()];
    own.into_iter().chain(command.iter().cloned()).collect()
}

/// Returns the output path and the command if the arguments of this process start a worker.
pub(crate) fn parse_worker_args(args: &[OsString]) -> Option<(&OsStr, &[OsString])> {
    match args {
        [_, name, option, path, separator, command @ ..]
            if name == "statusline" && option == WORKER_OPTION && separator == "--" =>
        {
            Some((path, command))
        }
        _ => None,
    }
}

/// Runs the command with the input from standard input. Writes its output to standard output as it comes, and keeps it
/// when the command has ended.
pub(crate) fn run_worker(path: &OsStr, command: &[OsString]) {
    let slot = (!path.is_empty()).then(|| OutputSlot::from_path(PathBuf::from(path)));
    // Held until the end of the process. Without a folder for the output, the command runs as well.
    let lock = slot.as_ref().and_then(|slot| slot.lock().transpose());
    if slot.is_some() && lock.is_none() {
        return;
    }
    let started = Instant::now();
    forward(&[STARTED]);
    let mut input = Vec::new();
    // An error ends the input.
    let _ = io::stdin().lock().take(MAX_INPUT_BYTES).read_to_end(&mut input);
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let (bytes, is_finished) = runtime.block_on(run_command(command, &input));
    let run_time = started.elapsed();
    // An output that was cut off does not replace a whole one.
    if let Some(slot) = slot.filter(|slot| is_finished || slot.read().is_none()) {
        let _ = slot.write(&KeptOutput { run_time, bytes });
    }
    drop(lock);
}

/// Runs the command. Returns its output, and true if it has ended by itself. A command that exceeds the timeout is ended
/// together with its children.
async fn run_command(command: &[OsString], input: &[u8]) -> (Vec<u8>, bool) {
    let mut output = Vec::new();
    let Some(mut child) = spawn_command(command) else { return (output, true) };
    let is_finished = tokio::select! {
        result = timeout(COMMAND_TIMEOUT, exchange(&mut child, input, &mut output)) => result.is_ok(),
        () = wait_for_shutdown() => false,
    };
    if !is_finished {
        platform::end_group(&mut child);
    }
    (output, is_finished)
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
    let (Some(mut stdin), Some(mut stdout)) = (child.stdin.take(), child.stdout.take()) else { return };
    let write = async {
        // This fails if the command does not read its input.
        let _ = stdin.write_all(input).await;
        drop(stdin);
        std::future::pending::<()>().await;
    };
    let read = async {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(length @ 1..) = stdout.read(&mut buffer).await {
            let length = length.min(MAX_OUTPUT_BYTES - output.len());
            output.extend(&buffer[..length]);
            forward(&buffer[..length]);
            if output.len() == MAX_OUTPUT_BYTES {
                break;
            }
        }
    };
    tokio::select! {
        () = read => {}
        () = write => {}
    }
}

/// Writes to the status line that started this process. This fails if it has ended.
fn forward(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_of_a_worker_are_read_back() {
        let command = ["sh", "-c", "--", "x"].map(OsString::from);
        let args = [vec!["token-monitor".into()], worker_args(&command, None)].concat();
        assert_eq!(parse_worker_args(&args), Some((OsStr::new(""), &command[..])));
        assert_eq!(parse_worker_args(&["token-monitor", "statusline", "--", "x"].map(OsString::from)), None);
    }
}
