//! Standard input, up to a size and for a time: Claude Code writes a few kilobytes and closes it, but a person at a
//! terminal, or a pipe nobody closes, must not hold anybody up.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// Claude Code tells a few kilobytes.
const LARGEST: usize = 1 << 20;
/// It writes them at once.
const PATIENCE: Duration = Duration::from_millis(200);
/// What a pipe holds.
const CHUNK: usize = 64 << 10;

const USAGE: &str = "Claude Code runs this and gives its figures on standard input; \
                     `token-monitor statusline install` sets that up";

/// What was told, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) bytes: Vec<u8>,
    pub(crate) trouble: Option<&'static str>,
}

/// Reads what there is.
pub(crate) fn read() -> Told {
    if io::stdin().is_terminal() {
        return Told { trouble: Some(USAGE), ..Told::default() };
    }
    let bytes = gather(&chunks(), Instant::now() + PATIENCE);
    let trouble = match bytes.len() {
        0 => Some(USAGE),
        1..=LARGEST => None,
        _ => Some("more came on standard input than Claude Code would say"),
    };
    Told { bytes, trouble }
}

/// What comes before the deadline; a little more than is allowed shows that it was too much.
fn gather(chunks: &Receiver<Vec<u8>>, deadline: Instant) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() <= LARGEST {
        match chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(chunk) => bytes.extend(chunk),
            Err(_) => break,
        }
    }
    bytes
}

/// Standard input in pieces, read by a thread that ends with the process.
fn chunks() -> Receiver<Vec<u8>> {
    let (send, receive) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        while let Ok(length @ 1..) = io::stdin().lock().read(&mut buffer) {
            if send.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_nobody_closes_is_read_until_the_deadline() {
        let (send, receive) = mpsc::sync_channel(1);
        send.send(b"{}".to_vec()).expect("it is heard");
        assert_eq!(gather(&receive, Instant::now()), b"{}", "what has come counts, even at the deadline");
        drop(send);
    }

    #[test]
    fn too_much_is_not_read_to_its_end() {
        let (send, receive) = mpsc::sync_channel(1);
        let endless = thread::spawn(move || while send.send(vec![0; CHUNK]).is_ok() {});
        let read = gather(&receive, Instant::now() + Duration::from_secs(60));
        assert!((LARGEST + 1..=LARGEST + CHUNK).contains(&read.len()), "{}", read.len());
        drop(receive);
        endless.join().expect("it ends when nobody listens");
    }
}
