//! Reads what is new in a log.
//!
//! Streams in bounded memory whatever the size of the file, stops at the last newline, and hands over what it
//! found together with the cursor that accounts for it. It never writes and never decides what counts.

use std::fs::File;
use std::io;
use std::path::Path;

use memchr::{memchr, memchr_iter, memrchr};
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{Carry, Cursor, Lines, Look, Place, Prints, Reason, Resume, last_moment};

use crate::ingest::agent_meta;
use crate::ingest::discover::{self, FoundLog};
use crate::ingest::parsed_chunk::Harvest;
use crate::platform;

/// What is read at once: large enough for few calls, small enough to stay in the processor's cache.
const CHUNK: usize = 256 << 10;

/// Longer lines are skipped. The longest seen in the wild had 2 MB; what is longer holds no usage.
pub(crate) const LONGEST_LINE: usize = 64 << 20;

/// How much is read before what was found is handed over.
const HANDOVER: u64 = 8 << 20;

/// Reads logs, one after the other, with the same buffer.
#[derive(Debug)]
pub(crate) struct Tail {
    lines: Lines,
    buffer: Vec<u8>,
    longest: usize,
}

impl Default for Tail {
    fn default() -> Self {
        Self::with_longest_line(LONGEST_LINE)
    }
}

impl Tail {
    /// Reads lines up to a length.
    pub(crate) fn with_longest_line(longest: usize) -> Self {
        Self { lines: Lines::default(), buffer: Vec::new(), longest }
    }

    /// Reads what is new since `cursor` and hands it over, in one part or several.
    ///
    /// Nothing is handed over where nothing is new. Each part's cursor accounts for it and all before it.
    pub(crate) fn read(
        &mut self,
        log: &FoundLog,
        cursor: Option<&Cursor>,
        hand: impl FnMut(Harvest),
    ) -> io::Result<()> {
        let file = platform::open_for_reading(&log.path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
        }
        let look = discover::look(&metadata);
        let start = match cursor {
            None => Cursor { look, ..Cursor::default() },
            Some(cursor) => match cursor.resume(&look, prints(&file, cursor.offset)?) {
                Resume::From(_) | Resume::Nothing => Cursor { look, ..*cursor },
                Resume::Restart => Cursor { look, ..Cursor::default() },
            },
        };
        let mut harvest = Harvest::new(log, start);
        if log.run.is_some() && start.offset == 0 {
            harvest.kind = agent_meta::kind_of(&log.path);
        }
        let reading = Reading {
            lines: &self.lines,
            buffer: &mut self.buffer,
            longest: self.longest,
            file: &file,
            log,
            base: start.offset,
            filled: 0,
            skipping: false,
            handed: start.offset,
            harvest,
        };
        let done = reading.run(hand);
        if self.buffer.len() > CHUNK {
            self.buffer = Vec::new();
        }
        done
    }
}

/// What a file is recognised by at a position.
fn prints(file: &File, offset: u64) -> io::Result<Prints> {
    let (head, tail) = Prints::extent(offset);
    let mut bytes = [0; (Prints::HEAD + Prints::TAIL) as usize];
    let (head_bytes, tail_bytes) = bytes.split_at_mut(Prints::HEAD as usize);
    let head = read_full(file, &mut head_bytes[..head as usize], 0)?;
    let tail_len = (offset - tail) as usize;
    let tail = read_full(file, &mut tail_bytes[..tail_len], tail)?;
    Ok(Prints::of(&head_bytes[..head], &tail_bytes[..tail]))
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

/// One log being read.
struct Reading<'a> {
    lines: &'a Lines,
    buffer: &'a mut Vec<u8>,
    longest: usize,
    file: &'a File,
    log: &'a FoundLog,
    /// Where in the file the buffer begins.
    base: u64,
    /// How much of the buffer is filled; it always begins with a line's first byte.
    filled: usize,
    /// Whether the line at the front is too long and only its end is looked for.
    skipping: bool,
    /// Up to where was handed over.
    handed: u64,
    harvest: Harvest,
}

impl Reading<'_> {
    fn run(mut self, mut hand: impl FnMut(Harvest)) -> io::Result<()> {
        loop {
            let read = self.fill()?;
            if read == 0 {
                break;
            }
            self.consume(self.filled - read);
            if self.harvest.cursor.offset - self.handed >= HANDOVER {
                self.hand_over(&mut hand)?;
            }
        }
        self.unfinished_line();
        self.hand_over(&mut hand)
    }

    fn fill(&mut self) -> io::Result<usize> {
        if self.buffer.len() - self.filled < CHUNK / 2 {
            let grown = (self.buffer.len() * 2).min(self.longest + CHUNK);
            self.buffer.resize(grown.max(self.filled + CHUNK), 0);
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

    /// Reads the finished lines in the buffer; the first `known` bytes hold no newline.
    fn consume(&mut self, known: usize) {
        let Some(end) = memrchr(b'\n', &self.buffer[known..self.filled]).map(|at| known + at + 1) else {
            return self.too_long();
        };
        let mut start = 0;
        if self.skipping {
            start = memchr(b'\n', &self.buffer[..end]).map_or(end, |at| at + 1);
            self.harvest.cursor.tally.lines += 1;
            self.harvest.cursor.tally.skip(Reason::TooLong);
            self.skipping = false;
        }
        self.each_line(start, end);
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
        self.base += end as u64;
        self.harvest.cursor.offset = self.base;
    }

    fn each_line(&mut self, start: usize, end: usize) {
        let (lines, base, file) = (self.lines, self.base, self.file);
        let (buffer, harvest, log) = (&self.buffer[..end], &mut self.harvest, self.log);
        let mut tally = harvest.cursor.tally;
        let mut lookback = Lookback { file, buffer, base, carry: harvest.cursor.carry };
        let mut at = start;
        for newline in memchr_iter(b'\n', &buffer[start..]).map(|newline| start + newline) {
            let place = Place {
                home: &log.session,
                run: log.run.as_deref(),
                file: &log.name,
                offset: base + at as u64,
                wants_prompt: log.run.is_none() && !harvest.cursor.prompted,
            };
            let earlier = || lookback.before(at);
            lines.read(&buffer[at..newline], place, &mut tally, earlier, |said| harvest.hear(&said));
            at = newline + 1;
        }
        (harvest.cursor.tally, harvest.cursor.carry) = (tally, lookback.carry);
    }

    /// A line that does not end within the longest there may be is not kept.
    fn too_long(&mut self) {
        if self.skipping || self.filled > self.longest {
            self.skipping = true;
            self.base += self.filled as u64;
            self.filled = 0;
        }
    }

    /// A line whose writer may never come back counts if it is whole; the cursor stays before it.
    fn unfinished_line(&mut self) {
        if self.skipping || self.filled == 0 {
            return;
        }
        let place = Place {
            home: &self.log.session,
            run: self.log.run.as_deref(),
            file: &self.log.name,
            offset: self.base,
            wants_prompt: false,
        };
        let line = &self.buffer[..self.filled];
        let mut lookback = Lookback { file: self.file, buffer: &[], base: self.base, carry: self.harvest.cursor.carry };
        let harvest = &mut self.harvest;
        self.lines.read_unfinished(line, place, || lookback.before(0), |said| harvest.hear(&said));
    }

    fn hand_over(&mut self, hand: &mut impl FnMut(Harvest)) -> io::Result<()> {
        self.harvest.read = self.harvest.cursor.offset - self.handed;
        self.handed = self.harvest.cursor.offset;
        self.harvest.cursor.prints = prints(self.file, self.harvest.cursor.offset)?;
        let next = Harvest::new(self.log, self.harvest.cursor);
        hand(std::mem::replace(&mut self.harvest, next));
        Ok(())
    }
}

/// The search for the last timestamp before a line that has none. Rare, and never done twice for the same bytes.
struct Lookback<'a> {
    file: &'a File,
    buffer: &'a [u8],
    base: u64,
    carry: Carry,
}

impl Lookback<'_> {
    /// The last readable timestamp before the line at `at` in the buffer.
    fn before(&mut self, at: usize) -> Option<Timestamp> {
        let known = self.carry.upto.saturating_sub(self.base) as usize;
        let in_buffer =
            self.buffer.get(known..at).unwrap_or_default().rsplit(|&byte| byte == b'\n').find_map(last_moment);
        let when = in_buffer.or_else(|| match self.carry.upto < self.base {
            true => self.in_file().or(self.carry.when),
            false => self.carry.when,
        });
        self.carry = Carry { upto: self.base + at as u64, when };
        when
    }

    /// The last timestamp between what was searched before and the buffer.
    fn in_file(&self) -> Option<Timestamp> {
        let (mut from, mut when, mut line) = (self.carry.upto, None, Vec::new());
        let mut chunk = vec![0; CHUNK];
        while from < self.base {
            let room = CHUNK.min((self.base - from) as usize);
            let read = read_full(self.file, &mut chunk[..room], from).ok().filter(|&read| read > 0)?;
            for part in chunk[..read].split_inclusive(|&byte| byte == b'\n') {
                if line.len() + part.len() <= LONGEST_LINE {
                    line.extend_from_slice(part);
                }
                if part.ends_with(b"\n") {
                    when = last_moment(&line).or(when);
                    line.clear();
                }
            }
            from += read as u64;
        }
        when
    }
}

/// What a path looks like, if it leads to a regular file.
pub(crate) fn look_at(path: &Path) -> Option<Look> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|metadata| discover::look(&metadata))
}
