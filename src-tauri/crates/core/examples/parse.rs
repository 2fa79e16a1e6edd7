#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that reads files, measures and prints")]
//! Parses and merges all logs below a folder, without a store, and says how long that took beside a plain scan for
//! newlines. A part of `npm run bench`; it measures, nothing else.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use memchr::{memchr_iter, memrchr};
use token_monitor_core::interner::{LogId, ModelId, SessionId};
use token_monitor_core::ledger::{
    Batch, Bucket, BucketKey, Key, Ledger, LedgerLookup, Message, Run, RunKey, Scene, Seen, Sighting, Told,
};
use token_monitor_core::transcript::{Entry, Lines, Place, Said, Tally};

/// What is read at once, by the scan and by the parse.
const CHUNK: usize = 256 << 10;
const THREADS: usize = 2;

fn main() {
    let folder = std::env::args().nth(1).expect("usage: parse FOLDER");
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files);
    files.sort_by_key(|file| std::fs::metadata(file).map_or(0, |metadata| metadata.len()));
    let bytes: u64 = files.iter().map(|file| std::fs::metadata(file).map_or(0, |metadata| metadata.len())).sum();
    scan(&files);
    let (scanned, lines) = timed(|| scan(&files));
    let (parsed, messages) = timed(|| parse(&files));
    print!(
        "{{\"bytes\":{bytes},\"lines\":{lines},\"messages\":{messages},\"scanSeconds\":{},\"parseSeconds\":{}}}",
        scanned.as_secs_f64(),
        parsed.as_secs_f64()
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed(), done)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "jsonl") {
            files.push(path);
        }
    }
}

/// The yardstick: one thread reads everything and looks for newlines.
fn scan(files: &[PathBuf]) -> usize {
    let mut lines = 0;
    for file in files {
        chunks(file, |buffer| {
            lines += memchr_iter(b'\n', buffer).count();
            buffer.len()
        });
    }
    lines
}

/// Hands over a file in chunks; the visitor says how much of each it is done with.
fn chunks(file: &Path, mut visit: impl FnMut(&[u8]) -> usize) {
    use std::io::Read;
    let Ok(mut file) = std::fs::File::open(file) else { return };
    let (mut buffer, mut filled) = (vec![0; CHUNK], 0);
    while let Ok(read) = file.read(&mut buffer[filled..]) {
        if read == 0 {
            return;
        }
        filled += read;
        let done = visit(&buffer[..filled]);
        buffer.copy_within(done..filled, 0);
        filled -= done;
        if filled * 2 > buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
    }
}

/// As the product does it: threads take the largest log left, one ledger takes what they find.
fn parse(files: &[PathBuf]) -> u64 {
    let jobs = Mutex::new(files.to_vec());
    let (send, receive) = std::sync::mpsc::sync_channel::<Vec<Owned>>(16);
    let mut ledger = Ledger::default();
    let mut batch = Batch::default();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let (jobs, send) = (&jobs, send.clone());
            scope.spawn(move || {
                let lines = Lines::default();
                while let Some(file) = { jobs.lock().expect("no thread panics").pop() } {
                    send.send(read(&lines, &file)).expect("the ledger listens");
                }
            });
        }
        drop(send);
        while let Ok(found) = receive.recv() {
            found.iter().for_each(|owned| count(owned, &mut ledger, &mut batch));
        }
    });
    ledger.total.messages
}

struct Owned {
    sighting: Sighting,
    model: String,
    session: String,
}

fn read(lines: &Lines, file: &Path) -> Vec<Owned> {
    let home = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (mut found, mut tally, mut base) = (Vec::new(), Tally::default(), 0);
    chunks(file, |buffer| {
        let end = memrchr(b'\n', buffer).map_or(0, |at| at + 1);
        let mut at = 0;
        for newline in memchr_iter(b'\n', &buffer[..end]) {
            let place = Place { home: &home, run: None, file: &home, offset: base + at as u64, wants_prompt: false };
            lines.read(
                &buffer[at..newline],
                place,
                &mut tally,
                || None,
                |said| {
                    if let Said::Entry(entry) = said {
                        let seen = Seen {
                            when: entry.when,
                            away: entry.session != home,
                            log: LogId(0),
                            session: SessionId(0),
                            run: None,
                        };
                        let Entry { key, usage, terms, reported, under_logged, side, .. } = entry;
                        let told = Told { usage, model: ModelId(0), terms, reported, under_logged };
                        let sighting = Sighting { key, told, side, seen };
                        found.push(Owned {
                            sighting,
                            model: entry.model.to_owned(),
                            session: entry.session.to_owned(),
                        });
                    }
                },
            );
            at = newline + 1;
        }
        base += end as u64;
        end
    });
    found
}

fn count(owned: &Owned, ledger: &mut Ledger, batch: &mut Batch) {
    let log = ledger.names.logs.id(b"log");
    let session = ledger.names.sessions.id(owned.session.as_bytes());
    let model = ledger.names.models.id(owned.model.as_bytes());
    let seen = Seen { log, session, ..owned.sighting.seen };
    let sighting = Sighting { told: Told { model, ..owned.sighting.told }, seen, ..owned.sighting };
    ledger.see(&sighting, Scene::default(), batch, &Nothing).unwrap_or_else(|never| match never {});
    ledger.count(&sighting, batch, &Nothing).unwrap_or_else(|never| match never {});
}

/// A store in which nothing was ever counted.
struct Nothing;

impl LedgerLookup for Nothing {
    type Error = Infallible;

    fn message(&self, _: Key) -> Result<Option<Message>, Infallible> {
        Ok(None)
    }

    fn bucket(&self, _: BucketKey) -> Result<Option<Bucket>, Infallible> {
        Ok(None)
    }

    fn run(&self, _: RunKey) -> Result<Option<Run>, Infallible> {
        Ok(None)
    }
}
