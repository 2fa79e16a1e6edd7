//! Reads the new lines of a log.
//!
//! It streams in bounded memory, stops at the last newline, and returns parsed chunks with the cursor after each. It
//! never writes and does not deduplicate.

use std::fs::File;
use std::io;
use std::path::Path;

use memchr::{memchr, memchr_iter, memrchr};
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{
    ContentHashes, Cursor, FileStat, LineContext, LineParser, Resume, SkipReason, TimestampCarry, last_timestamp,
};

use crate::ingest::agent_meta;
use crate::ingest::discover::{self, FoundLog};
use crate::ingest::log_place::LogPlace;
use crate::ingest::parsed_chunk::ParsedChunk;
use crate::platform;

/// The number of bytes read at once: few calls, and small enough for the processor's cache.
const CHUNK_BYTES: usize = 256 << 10;

/// The length of the longest line that is parsed. The longest known line with usage had 2 MB.
pub(crate) const MAX_LINE_BYTES: usize = 64 << 20;

/// The number of bytes after which a chunk is returned.
const HANDOVER_BYTES: u64 = 8 << 20;

/// A reader of log after log with one buffer.
#[derive(Debug)]
pub(crate) struct Tail {
    parser: LineParser,
    buffer: Vec<u8>,
    limits: ReadLimits,
}

/// The limits of reading, which tests lower.
#[derive(Clone, Copy, Debug)]
struct ReadLimits {
    /// The number of bytes read at once.
    chunk_bytes: usize,
    /// The length of the longest line that is parsed.
    max_line_bytes: usize,
    /// The number of bytes after which a chunk is returned.
    handover_bytes: u64,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { chunk_bytes: CHUNK_BYTES, max_line_bytes: MAX_LINE_BYTES, handover_bytes: HANDOVER_BYTES }
    }
}

impl Default for Tail {
    fn default() -> Self {
        Self::with_limits(ReadLimits::default())
    }
}

impl Tail {
    /// Creates a reader with these limits.
    fn with_limits(limits: ReadLimits) -> Self {
        Self { parser: LineParser::default(), buffer: Vec::new(), limits }
    }

    /// Reads the lines after `cursor` and emits them in one or several chunks. A cursor of a replaced or truncated file
    /// is ignored and the file is read from its start.
    pub(crate) fn read(
        &mut self,
        log: &FoundLog,
        cursor: Option<&Cursor>,
        emit: impl FnMut(ParsedChunk),
    ) -> io::Result<()> {
        let file = platform::open_for_reading(&log.path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
        }
        let stat = discover::file_stat(&metadata);
        let start = match cursor {
            None => Cursor { stat, ..Cursor::default() },
            Some(cursor) => match cursor.decide_resume(&stat, content_hashes(&file, cursor.offset)?) {
                Resume::From(_) | Resume::UpToDate => Cursor { stat, ..*cursor },
                Resume::Restart => Cursor { stat, ..Cursor::default() },
            },
        };
        let place = log.place();
        let mut chunk = ParsedChunk::new(&log.path, &place.session, start);
        if place.run.is_some() && start.offset == 0 {
            chunk.agent_type = agent_meta::agent_type(&log.path);
        }
        let reader = LogReader {
            parser: &self.parser,
            buffer: &mut self.buffer,
            limits: self.limits,
            file: &file,
            path: &log.path,
            place: &place,
            base: start.offset,
            filled: 0,
            skipping: false,
            emitted: start.offset,
            chunk,
        };
        let result = reader.run(emit);
        if self.buffer.len() > self.limits.chunk_bytes {
            self.buffer = Vec::new();
        }
        result
    }
}

/// Returns the hashes that identify the file at an offset.
fn content_hashes(file: &File, offset: u64) -> io::Result<ContentHashes> {
    let (head, tail) = ContentHashes::hashed_range_bounds(offset);
    let mut bytes = [0; (ContentHashes::HEAD_BYTES + ContentHashes::TAIL_BYTES) as usize];
    let (head_bytes, tail_bytes) = bytes.split_at_mut(ContentHashes::HEAD_BYTES as usize);
    let head = read_full(file, &mut head_bytes[..head as usize], 0)?;
    let tail_len = (offset - tail) as usize;
    let tail = read_full(file, &mut tail_bytes[..tail_len], tail)?;
    Ok(ContentHashes::from_bytes(&head_bytes[..head], &tail_bytes[..tail]))
}

fn read_full(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match platform::read_at(file, &mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The state of reading one log.
struct LogReader<'a> {
    parser: &'a LineParser,
    buffer: &'a mut Vec<u8>,
    limits: ReadLimits,
    file: &'a File,
    path: &'a Path,
    place: &'a LogPlace,
    /// The offset of the buffer in the file.
    base: u64,
    /// The number of filled bytes of the buffer, which starts with the first byte of a line.
    filled: usize,
    /// True while the rest of a line that is too long is skipped.
    skipping: bool,
    /// The end of the last emitted chunk.
    emitted: u64,
    chunk: ParsedChunk,
}

impl LogReader<'_> {
    fn run(mut self, mut emit: impl FnMut(ParsedChunk)) -> io::Result<()> {
        loop {
            let read = self.fill_buffer()?;
            if read == 0 {
                break;
            }
            self.parse_finished_lines(self.filled - read);
            if self.chunk.cursor.offset - self.emitted >= self.limits.handover_bytes {
                self.emit_part(&mut emit)?;
            }
        }
        self.parse_unfinished_line();
        self.emit_chunk(&mut emit)
    }

    fn fill_buffer(&mut self) -> io::Result<usize> {
        let ReadLimits { chunk_bytes, max_line_bytes, .. } = self.limits;
        if self.buffer.len() - self.filled < chunk_bytes.div_ceil(2) {
            let grown = (self.buffer.len() * 2).min(max_line_bytes + chunk_bytes);
            let len = grown.max(self.filled + chunk_bytes);
            // Without it, the memory of a long line would be doubled once more.
            self.buffer.reserve_exact(len.saturating_sub(self.buffer.len()));
            self.buffer.resize(len, 0);
        }
        let room = &mut self.buffer[self.filled..];
        let read = loop {
            match platform::read_at(self.file, room, self.base + self.filled as u64) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.filled += read;
        Ok(read)
    }

    /// Parses the finished lines in the buffer. The first `known` bytes have no newline.
    fn parse_finished_lines(&mut self, known: usize) {
        let Some(end) = memrchr(b'\n', &self.buffer[known..self.filled]).map(|at| known + at + 1) else {
            return self.skip_if_too_long();
        };
        let mut start = 0;
        if self.skipping {
            start = memchr(b'\n', &self.buffer[..end]).map_or(end, |at| at + 1);
            self.chunk.cursor.stats.lines += 1;
            self.chunk.cursor.stats.count_skip(SkipReason::TooLong);
            self.skipping = false;
        }
        self.parse_lines(start, end);
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
        self.base += end as u64;
        self.chunk.cursor.offset = self.base;
    }

    fn parse_lines(&mut self, start: usize, end: usize) {
        let (parser, base, file) = (self.parser, self.base, self.file);
        let (buffer, chunk, place) = (&self.buffer[..end], &mut self.chunk, self.place);
        let mut stats = chunk.cursor.stats;
        let mut lookback = Lookback { file, buffer, base, carry: chunk.cursor.carry };
        let mut at = start;
        for newline in memchr_iter(b'\n', &buffer[start..]).map(|newline| start + newline) {
            let context = LineContext {
                file_session: &place.session,
                run: place.run.as_deref(),
                file: &place.name,
                offset: base + at as u64,
                needs_first_prompt: place.run.is_none() && !chunk.cursor.prompt_found,
            };
            let find_earlier = || lookback.find_before(at);
            parser.parse_line(&buffer[at..newline], context, &mut stats, find_earlier, |event| chunk.push(&event));
            at = newline + 1;
        }
        (chunk.cursor.stats, chunk.cursor.carry) = (stats, lookback.carry);
    }

    /// Drops the line in the buffer if it is too long.
    fn skip_if_too_long(&mut self) {
        if self.skipping || self.filled > self.limits.max_line_bytes {
            self.skipping = true;
            self.base += self.filled as u64;
            self.filled = 0;
        }
    }

    /// Parses the last line if it is complete but for its newline, which may never be written. The cursor stays before
    /// it.
    fn parse_unfinished_line(&mut self) {
        if self.skipping || self.filled == 0 {
            return;
        }
        let context = LineContext {
            file_session: &self.place.session,
            run: self.place.run.as_deref(),
            file: &self.place.name,
            offset: self.base,
            needs_first_prompt: false,
        };
        let line = &self.buffer[..self.filled];
        let mut lookback = Lookback { file: self.file, buffer: &[], base: self.base, carry: self.chunk.cursor.carry };
        let chunk = &mut self.chunk;
        self.parser.parse_unfinished(line, context, || lookback.find_before(0), |event| chunk.push(&event));
    }

    /// Emits a chunk that is not the last one. For its cursor the file ends with it: the rest is not read if reading fails or the
    /// process ends, and then the file must not look unchanged.
    fn emit_part(&mut self, emit: &mut impl FnMut(ParsedChunk)) -> io::Result<()> {
        let stat = self.chunk.cursor.stat;
        self.chunk.cursor.stat.len = self.chunk.cursor.offset;
        self.emit_chunk(emit)?;
        self.chunk.cursor.stat = stat;
        Ok(())
    }

    fn emit_chunk(&mut self, emit: &mut impl FnMut(ParsedChunk)) -> io::Result<()> {
        self.chunk.bytes_read = self.chunk.cursor.offset - self.emitted;
        self.emitted = self.chunk.cursor.offset;
        self.chunk.cursor.hashes = content_hashes(self.file, self.chunk.cursor.offset)?;
        let next = ParsedChunk::new(self.path, &self.place.session, self.chunk.cursor);
        emit(std::mem::replace(&mut self.chunk, next));
        Ok(())
    }
}

/// The search for the last timestamp before a line without one. It never searches the same bytes twice.
struct Lookback<'a> {
    file: &'a File,
    buffer: &'a [u8],
    base: u64,
    carry: TimestampCarry,
}

impl Lookback<'_> {
    /// Returns the last readable timestamp before the line at `at` in the buffer.
    fn find_before(&mut self, at: usize) -> Option<Timestamp> {
        let known = self.carry.searched_to.saturating_sub(self.base) as usize;
        let in_buffer =
            self.buffer.get(known..at).unwrap_or_default().rsplit(|&byte| byte == b'\n').find_map(last_timestamp);
        let when = in_buffer.or_else(|| match self.carry.searched_to < self.base {
            true => self.find_in_file().or(self.carry.when),
            false => self.carry.when,
        });
        self.carry = TimestampCarry { searched_to: self.base + at as u64, when };
        when
    }

    /// Returns the last timestamp in the unsearched part of the file before the buffer.
    fn find_in_file(&self) -> Option<Timestamp> {
        let (mut from, mut when, mut line) = (self.carry.searched_to, None, Vec::new());
        let mut chunk = vec![0; CHUNK_BYTES];
        while from < self.base {
            let room = CHUNK_BYTES.min((self.base - from) as usize);
            let read = read_full(self.file, &mut chunk[..room], from).ok().filter(|&read| read > 0)?;
            for part in chunk[..read].split_inclusive(|&byte| byte == b'\n') {
                if line.len() + part.len() <= MAX_LINE_BYTES {
                    line.extend_from_slice(part);
                }
                if part.ends_with(b"\n") {
                    when = last_timestamp(&line).or(when);
                    line.clear();
                }
            }
            from += read as u64;
        }
        when
    }
}

/// Returns the stat of a regular file; None otherwise.
pub(crate) fn stat_log(path: &Path) -> Option<FileStat> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|metadata| discover::file_stat(&metadata))
}

#[cfg(test)]
mod tests;
