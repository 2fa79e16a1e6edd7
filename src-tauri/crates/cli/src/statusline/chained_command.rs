//! The status-line command a person had before ours. It gets the same input, and its lines come first; when it
//! fails, hangs or is not there, nothing else changes.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::commands::watch;
use crate::statusline::platform;

/// The line below the prompt may lag by so much, and no more.
const PATIENCE: Duration = Duration::from_secs(1);
/// Nobody sees more of it.
const LARGEST: u64 = 256 << 10;

/// What a command prints, given this input. One that goes on for too long is ended with all its children.
pub(crate) async fn output_of(command: &[OsString], told: &[u8]) -> Vec<u8> {
    let mut printed = Vec::new();
    let Some(mut child) = start(command) else { return printed };
    let done = tokio::select! {
        done = timeout(PATIENCE, talk(&mut child, told, &mut printed)) => done.is_ok(),
        // Claude Code has asked again and no longer waits for this answer.
        () = watch::stopped() => false,
    };
    if !done {
        platform::end_group(&mut child);
    }
    ended_with_newline(printed)
}

fn start(command: &[OsString]) -> Option<Child> {
    let (program, args) = command.split_first()?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    platform::in_own_group(&mut command).spawn().ok()
}

/// Writes and reads at once: a pipe holds little, and some commands print before they have read all.
async fn talk(child: &mut Child, told: &[u8], printed: &mut Vec<u8>) {
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return };
    let write = async {
        // It may not care for its input.
        let _ = stdin.write_all(told).await;
        drop(stdin);
        std::future::pending::<()>().await;
    };
    let mut stdout = stdout.take(LARGEST);
    tokio::select! {
        _ = stdout.read_to_end(printed) => {}
        () = write => {}
    }
}

fn ended_with_newline(mut printed: Vec<u8>) -> Vec<u8> {
    if printed.last().is_some_and(|last| *last != b'\n') {
        printed.push(b'\n');
    }
    printed
}
