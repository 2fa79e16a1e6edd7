//! Reads standard input, with limits on size and time.
//!
//! Claude Code writes a few kilobytes and closes the pipe. A terminal, or a pipe that is never closed, must not block
//! the status line.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// The largest accepted input.
const MAX_INPUT_BYTES: usize = 1 << 20;

/// The longest wait for the input. Claude Code writes it at once.
const INPUT_TIMEOUT: Duration = Duration::from_millis(200);

/// The size of one read, which is the capacity of a pipe on Linux.
const CHUNK_BYTES: usize = 64 << 10;

const USAGE: &str = "Claude Code runs this command and passes its figures on standard input; \
                     set it up with `token-monitor statusline install`";

/// The input, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct StdinInput {
    pub(crate) bytes: Vec<u8>,
    pub(crate) problem: Option<&'static str>,
}

/// Reads standard input until it is closed or a limit is reached.
pub(crate) fn read_stdin() -> StdinInput {
    if io::stdin().is_terminal() {
        return StdinInput { problem: Some(USAGE), ..StdinInput::default() };
    }
    let bytes = collect_chunks(&spawn_reader(), Instant::now() + INPUT_TIMEOUT);
    let problem = match bytes.len() {
        0 => Some(USAGE),
        1..=MAX_INPUT_BYTES => None,
        _ => Some("standard input is larger than 1 MiB"),
    };
    StdinInput { bytes, problem }
}

/// Returns the bytes that arrive before the deadline. They exceed the maximum by up to one chunk if the input does.
fn collect_chunks(chunks: &Receiver<Vec<u8>>, deadline: Instant) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() <= MAX_INPUT_BYTES {
        match chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(chunk) => bytes.extend(chunk),
            Err(_) => break,
        }
    }
    bytes
}

/// Returns standard input in chunks. They are read by a thread that ends with the process.
fn spawn_reader() -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let mut buffer = vec![0; CHUNK_BYTES];
        while let Ok(length @ 1..) = io::stdin().lock().read(&mut buffer) {
            if sender.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_that_stays_open_is_read_until_the_deadline() {
        let (sender, receiver) = mpsc::sync_channel(1);
        sender.send(b"{}".to_vec()).expect("there is room");
        assert_eq!(collect_chunks(&receiver, Instant::now()), b"{}", "a chunk that has arrived counts");
        drop(sender);
    }

    #[test]
    fn input_beyond_the_maximum_is_not_read() {
        let (sender, receiver) = mpsc::sync_channel(1);
        let endless = thread::spawn(move || while sender.send(vec![0; CHUNK_BYTES]).is_ok() {});
        let read = collect_chunks(&receiver, Instant::now() + Duration::from_secs(60));
        assert!((MAX_INPUT_BYTES + 1..=MAX_INPUT_BYTES + CHUNK_BYTES).contains(&read.len()), "{}", read.len());
        drop(receiver);
        endless.join().expect("it ends when the receiver is dropped");
    }
}
