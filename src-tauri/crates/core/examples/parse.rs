#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that reads files and prints measurements"
)]
//! Parses and merges all logs below a folder without a store, and prints the time it takes next to that of a plain scan
//! for newlines. Used by `npm run bench`.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use memchr::{memchr_iter, memrchr};
use token_monitor_core::interner::{LogId, ModelId, SessionId};
use token_monitor_core::ledger::{
    Batch, Bucket, BucketKey, Ledger, LedgerLookup, Message, MessageKey, MessageObservation, Occurrence,
    SessionContext, SubagentRun, SubagentRunKey, UsageReport,
};
use token_monitor_core::transcript::{LineContext, LineParser, LogEvent, ParseStats, UsageEntry};

/// The number of bytes read at once by the scan and by the parser.
const CHUNK: usize = 256 << 10;
const THREADS: usize = 2;

fn main() {
    let folder = std::env::args().nth(1).expect("usage: parse FOLDER");
    let mut files = Vec::new();
    collect_logs(Path::new(&folder), &mut files);
    files.sort_by_key(|file| std::fs::metadata(file).map_or(0, |metadata| metadata.len()));
    let bytes: u64 = files.iter().map(|file| std::fs::metadata(file).map_or(0, |metadata| metadata.len())).sum();
    count_newlines(&files);
    let (scanned, lines) = measure(|| count_newlines(&files));
    let (parsed, messages) = measure(|| parse_logs(&files));
    print!(
        "{{\"bytes\":{bytes},\"lines\":{lines},\"messages\":{messages},\"scanSeconds\":{},\"parseSeconds\":{}}}",
        scanned.as_secs_f64(),
        parsed.as_secs_f64()
    );
}

fn measure<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let result = work();
    (started.elapsed(), result)
}

fn collect_logs(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_logs(&path, files);
        } else if path.extension().is_some_and(|end| end == "jsonl") {
            files.push(path);
        }
    }
}

/// Counts the newlines of all files on one thread, as a reference for the read speed.
fn count_newlines(files: &[PathBuf]) -> usize {
    let mut lines = 0;
    for file in files {
        for_each_chunk(file, |buffer| {
            lines += memchr_iter(b'\n', buffer).count();
            buffer.len()
        });
    }
    lines
}

/// Calls `visit` with a file in chunks. It returns the number of bytes consumed; the rest is part of the next chunk.
fn for_each_chunk(file: &Path, mut visit: impl FnMut(&[u8]) -> usize) {
    use std::io::Read;
    let Ok(mut file) = std::fs::File::open(file) else { return };
    let (mut buffer, mut filled) = (vec![0; CHUNK], 0);
    while let Ok(read) = file.read(&mut buffer[filled..]) {
        if read == 0 {
            return;
        }
        filled += read;
        let consumed = visit(&buffer[..filled]);
        buffer.copy_within(consumed..filled, 0);
        filled -= consumed;
        if filled * 2 > buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
    }
}

/// Parses as the engine does: each thread takes the largest remaining log, and one ledger counts the results.
fn parse_logs(files: &[PathBuf]) -> u64 {
    let jobs = Mutex::new(files.to_vec());
    let (send, receive) = std::sync::mpsc::sync_channel::<Vec<ParsedEntry>>(16);
    let mut ledger = Ledger::default();
    let mut batch = Batch::default();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let (jobs, send) = (&jobs, send.clone());
            scope.spawn(move || {
                let parser = LineParser::default();
                while let Some(file) = { jobs.lock().expect("no thread panics").pop() } {
                    send.send(read_log(&parser, &file)).expect("the receiver is open");
                }
            });
        }
        drop(send);
        while let Ok(found) = receive.recv() {
            found.iter().for_each(|entry| count_entry(entry, &mut ledger, &mut batch));
        }
    });
    ledger.total.messages
}

struct ParsedEntry {
    observation: MessageObservation,
    model: String,
    session: String,
}

fn read_log(parser: &LineParser, file: &Path) -> Vec<ParsedEntry> {
    let session = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (mut found, mut stats, mut base) = (Vec::new(), ParseStats::default(), 0);
    for_each_chunk(file, |buffer| {
        let end = memrchr(b'\n', buffer).map_or(0, |at| at + 1);
        let mut start = 0;
        for newline in memchr_iter(b'\n', &buffer[..end]) {
            let context = LineContext {
                file_session: &session,
                run: None,
                file: &session,
                offset: base + start as u64,
                needs_first_prompt: false,
            };
            parser.parse_line(
                &buffer[start..newline],
                context,
                &mut stats,
                || None,
                |event| {
                    if let LogEvent::Usage(entry) = event {
                        let occurrence = Occurrence {
                            when: entry.when,
                            has_old_session: false,
                            foreign_session: entry.session != session,
                            log: LogId(0),
                            session: SessionId(0),
                            run: None,
                        };
                        let UsageEntry { key, copy_key, usage, terms, reported_cost, under_logged, side, .. } = entry;
                        let report = UsageReport { usage, model: ModelId(0), terms, reported_cost, under_logged };
                        let observation = MessageObservation { key, copy_key, report, side, occurrence };
                        found.push(ParsedEntry {
                            observation,
                            model: entry.model.to_owned(),
                            session: entry.session.to_owned(),
                        });
                    }
                },
            );
            start = newline + 1;
        }
        base += end as u64;
        end
    });
    found
}

fn count_entry(entry: &ParsedEntry, ledger: &mut Ledger, batch: &mut Batch) {
    let log = ledger.names.logs.intern(b"log");
    let session = ledger.names.sessions.intern(entry.session.as_bytes());
    let model = ledger.names.models.intern(entry.model.as_bytes());
    let occurrence = Occurrence { log, session, ..entry.observation.occurrence };
    let observation = MessageObservation {
        report: UsageReport { model, ..entry.observation.report },
        occurrence,
        ..entry.observation
    };
    ledger
        .record_activity(&observation, SessionContext::default(), batch, &EmptyLookup)
        .unwrap_or_else(|error| match error {});
    ledger.count_message(&observation, batch, &EmptyLookup).unwrap_or_else(|error| match error {});
}

/// A lookup without any earlier message.
struct EmptyLookup;

impl LedgerLookup for EmptyLookup {
    type Error = Infallible;

    fn find_message(&self, _: MessageKey) -> Result<Option<Message>, Infallible> {
        Ok(None)
    }

    fn find_alias(&self, _: MessageKey) -> Result<Option<MessageKey>, Infallible> {
        Ok(None)
    }

    fn find_bucket(&self, _: BucketKey) -> Result<Option<Bucket>, Infallible> {
        Ok(None)
    }

    fn find_run(&self, _: SubagentRunKey) -> Result<Option<SubagentRun>, Infallible> {
        Ok(None)
    }
}
