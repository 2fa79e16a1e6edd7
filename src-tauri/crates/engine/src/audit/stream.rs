//! The lines of a log, one after the other, from its first to its last byte.
//!
//! Streams in bounded memory whatever the size of the file. It remembers nothing between two readings and keeps no
//! cursor: whoever wants to know what is new asks the tail.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use memchr::{memchr_iter, memrchr};
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::last_moment;

use crate::ingest::tail::LONGEST_LINE;
use crate::platform;

/// What is read at once: large enough for few calls, small enough to stay in the processor's cache.
const CHUNK: usize = 256 << 10;

/// One line, without its newline.
pub(crate) struct Line<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) offset: u64,
    /// Whether its newline has been written.
    pub(crate) finished: bool,
    /// What is at hand of the lines before it.
    before: &'a [u8],
    /// The last timestamp before those.
    carried: Option<Timestamp>,
}

impl Line<'_> {
    /// The last readable timestamp before this line.
    pub(crate) fn earlier(&self) -> Option<Timestamp> {
        last_in(self.before).or(self.carried)
    }
}

fn last_in(lines: &[u8]) -> Option<Timestamp> {
    lines.rsplit(|&byte| byte == b'\n').find_map(last_moment)
}

/// Visits each line of a log; says how many were too long to be visited.
pub(crate) fn each_line(path: &Path, visit: impl FnMut(&Line<'_>)) -> io::Result<u64> {
    let file = platform::open_for_reading(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
    }
    let stream =
        Stream { file, visit, buffer: vec![0; CHUNK], filled: 0, base: 0, skipping: false, too_long: 0, carried: None };
    stream.run()
}

struct Stream<V> {
    file: File,
    visit: V,
    /// Begins with a line's first byte, or with the rest of one that is skipped.
    buffer: Vec<u8>,
    filled: usize,
    /// Where in the file the buffer begins.
    base: u64,
    /// Whether the line at the front is too long and only its end is looked for.
    skipping: bool,
    too_long: u64,
    carried: Option<Timestamp>,
}

impl<V: FnMut(&Line<'_>)> Stream<V> {
    fn run(mut self) -> io::Result<u64> {
        while self.fill()? {
            self.finished_lines();
        }
        if self.filled > 0 && !self.skipping {
            let bytes = &self.buffer[..self.filled];
            let (offset, carried) = (self.base, self.carried);
            (self.visit)(&Line { bytes, offset, finished: false, before: &[], carried });
        }
        Ok(self.too_long)
    }

    /// Reads on; false at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        let read = loop {
            match self.file.read(&mut self.buffer[self.filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.filled += read;
        Ok(read > 0)
    }

    /// Visits what is finished and keeps the rest.
    fn finished_lines(&mut self) {
        let Some(end) = memrchr(b'\n', &self.buffer[..self.filled]).map(|at| at + 1) else {
            return self.skip_if_too_long();
        };
        let lines = &self.buffer[..end];
        let mut at = 0;
        for newline in memchr_iter(b'\n', lines) {
            if std::mem::take(&mut self.skipping) {
                self.too_long += 1;
            } else {
                let (offset, carried) = (self.base + at as u64, self.carried);
                let (before, bytes) = (&lines[..at], &lines[at..newline]);
                (self.visit)(&Line { bytes, offset, finished: true, before, carried });
            }
            at = newline + 1;
        }
        self.carried = last_in(lines).or(self.carried);
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
        self.base += end as u64;
    }

    fn skip_if_too_long(&mut self) {
        if self.skipping || self.filled > LONGEST_LINE {
            self.skipping = true;
            self.base += self.filled as u64;
            self.filled = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(String, u64, bool)> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("it is written");
        let mut lines = Vec::new();
        let visit = |line: &Line<'_>| {
            lines.push((String::from_utf8_lossy(line.bytes).into_owned(), line.offset, line.finished));
        };
        each_line(file.path(), visit).expect("it is read");
        lines
    }

    #[test]
    fn every_line_is_visited_once_with_its_place() {
        let line = |text: &str, offset, finished| (text.to_owned(), offset, finished);
        assert_eq!(
            lines(b"a\n\nbc\nd"),
            [line("a", 0, true), line("", 2, true), line("bc", 3, true), line("d", 6, false)]
        );
    }

    #[test]
    fn a_line_longer_than_what_is_read_at_once_is_whole() {
        let long = "x".repeat(3 * CHUNK);
        let read = lines(format!("a\n{long}\nb\n").as_bytes());
        assert_eq!(read.iter().map(|(text, ..)| text.len()).collect::<Vec<_>>(), [1, long.len(), 1]);
        assert_eq!(read[2].1, 3 + long.len() as u64);
    }

    #[test]
    fn the_last_timestamp_is_found_far_back() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let stamped = r#"{"timestamp":"2026-05-01T10:00:00Z"}"#;
        std::fs::write(file.path(), format!("{stamped}\n{}\n{{}}\n{{}}", "x".repeat(3 * CHUNK)))
            .expect("it is written");
        let mut earlier = Vec::new();
        each_line(file.path(), |line| earlier.push(line.earlier())).expect("it is read");
        let when = Timestamp::parse("2026-05-01T10:00:00Z");
        assert_eq!(earlier, [None, when, when, when]);
    }
}
