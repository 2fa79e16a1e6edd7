//! Streams all lines of a log in bounded memory.
//!
//! It has no cursor and always starts at the first byte; `ingest::tail` reads only new lines.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use memchr::{memchr_iter, memrchr};
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::last_timestamp;

use crate::ingest::tail::MAX_LINE_BYTES;
use crate::platform;

/// The number of bytes read at once: few calls, and small enough for the processor's cache.
const CHUNK_BYTES: usize = 256 << 10;

/// A line without its newline.
pub(crate) struct LogLine<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) offset: u64,
    /// True if the line has a newline.
    pub(crate) finished: bool,
    /// The earlier lines that are in the buffer.
    before: &'a [u8],
    /// The last timestamp before the buffer.
    carried: Option<Timestamp>,
}

impl LogLine<'_> {
    /// Returns the last readable timestamp before this line.
    pub(crate) fn previous_timestamp(&self) -> Option<Timestamp> {
        last_timestamp_in(self.before).or(self.carried)
    }
}

fn last_timestamp_in(lines: &[u8]) -> Option<Timestamp> {
    lines.rsplit(|&byte| byte == b'\n').find_map(last_timestamp)
}

/// Visits each line of a log. Returns the number of lines that were too long to be visited.
pub(crate) fn for_each_line(path: &Path, visit: impl FnMut(&LogLine<'_>)) -> io::Result<u64> {
    let file = platform::open_for_reading(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
    }
    let stream = LineStream {
        file,
        visit,
        buffer: vec![0; CHUNK_BYTES],
        filled: 0,
        base: 0,
        skipping: false,
        too_long: 0,
        carried: None,
    };
    stream.run()
}

struct LineStream<V> {
    file: File,
    visit: V,
    /// Starts with the first byte of a line, or with the rest of a skipped one.
    buffer: Vec<u8>,
    filled: usize,
    /// The offset of the buffer in the file.
    base: u64,
    /// True while the rest of a line that is too long is skipped.
    skipping: bool,
    too_long: u64,
    carried: Option<Timestamp>,
}

impl<V: FnMut(&LogLine<'_>)> LineStream<V> {
    fn run(mut self) -> io::Result<u64> {
        while self.fill_buffer()? {
            self.visit_finished_lines();
        }
        if self.filled > 0 && !self.skipping {
            let bytes = &self.buffer[..self.filled];
            let (offset, carried) = (self.base, self.carried);
            (self.visit)(&LogLine { bytes, offset, finished: false, before: &[], carried });
        }
        Ok(self.too_long)
    }

    /// Reads more bytes. Returns false at the end of the file.
    fn fill_buffer(&mut self) -> io::Result<bool> {
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

    /// Visits the finished lines and keeps the rest in the buffer.
    fn visit_finished_lines(&mut self) {
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
                (self.visit)(&LogLine { bytes, offset, finished: true, before, carried });
            }
            at = newline + 1;
        }
        self.carried = last_timestamp_in(lines).or(self.carried);
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
        self.base += end as u64;
    }

    fn skip_if_too_long(&mut self) {
        if self.skipping || self.filled > MAX_LINE_BYTES {
            self.skipping = true;
            self.base += self.filled as u64;
            self.filled = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visited_lines(text: &[u8]) -> Vec<(String, u64, bool)> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("it is written");
        let mut lines = Vec::new();
        let visit = |line: &LogLine<'_>| {
            lines.push((String::from_utf8_lossy(line.bytes).into_owned(), line.offset, line.finished));
        };
        for_each_line(file.path(), visit).expect("it is read");
        lines
    }

    #[test]
    fn every_line_is_visited_once_with_its_offset() {
        let line = |text: &str, offset, finished| (text.to_owned(), offset, finished);
        assert_eq!(
            visited_lines(b"a\n\nbc\nd"),
            [line("a", 0, true), line("", 2, true), line("bc", 3, true), line("d", 6, false)]
        );
    }

    #[test]
    fn a_line_longer_than_the_chunk_size_is_complete() {
        let long = "x".repeat(3 * CHUNK_BYTES);
        let read = visited_lines(format!("a\n{long}\nb\n").as_bytes());
        assert_eq!(read.iter().map(|(text, ..)| text.len()).collect::<Vec<_>>(), [1, long.len(), 1]);
        assert_eq!(read[2].1, 3 + long.len() as u64);
    }

    #[test]
    fn the_previous_timestamp_is_found_in_earlier_chunks() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let stamped = r#"{"timestamp":"2026-05-01T10:00:00Z"}"#;
        std::fs::write(file.path(), format!("{stamped}\n{}\n{{}}\n{{}}", "x".repeat(3 * CHUNK_BYTES)))
            .expect("it is written");
        let mut previous_timestamp = Vec::new();
        for_each_line(file.path(), |line| previous_timestamp.push(line.previous_timestamp())).expect("it is read");
        let when = Timestamp::parse("2026-05-01T10:00:00Z");
        assert_eq!(previous_timestamp, [None, when, when, when]);
    }
}
