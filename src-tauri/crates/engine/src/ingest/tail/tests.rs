//! Reading with buffers of any size, and behind offsets of more than 32 bits.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use token_monitor_core::interner::{InternTables, LogId};
use token_monitor_test_support::{LogLine, custom_title};

use super::*;

/// The events of a log in their order, and the cursor after them.
#[derive(Debug, PartialEq)]
struct LogContents {
    events: Vec<String>,
    cursor: Cursor,
    bytes_read: u64,
}

fn found_log(path: &Path) -> FoundLog {
    let stat = stat_log(path).expect("it is a file");
    FoundLog::new(path.parent().expect("it is in a folder"), path.to_owned(), stat).expect("it is named like a log")
}

fn read_log(path: &Path, cursor: Option<&Cursor>, limits: ReadLimits) -> LogContents {
    let mut contents = LogContents { events: Vec::new(), cursor: Cursor::default(), bytes_read: 0 };
    let mut names = InternTables::default();
    Tail::with_limits(limits)
        .read(&found_log(path), cursor, |chunk| {
            let observations = chunk.observations(LogId(0), &mut names);
            contents.events.extend(observations.iter().map(|observation| format!("{observation:?}")));
            contents.events.extend(chunk.titles().map(|title| format!("{title:?}")));
            contents.bytes_read += chunk.bytes_read;
            contents.cursor = chunk.cursor;
        })
        .expect("it is readable");
    contents
}

/// Returns a log with characters of two to four bytes, every kind of line end, damaged lines and an unfinished one.
fn log_of_all_kinds() -> Vec<u8> {
    let line = |id: &str, output| LogLine::new(id).output(output).field("cwd", "/home/ü/名前/🦀");
    let torn = line("never", 1).to_string()[..120].to_owned();
    [
        line("1", 10).with_newline().into_bytes(),
        format!("{}\r\n\r\n \n", line("2", 20)).into_bytes(),
        custom_title("s", "名前 🦀").into_bytes(),
        format!("{torn}{}\n", line("3", 30)).into_bytes(),
        format!("\0\0\0\0{}{}\n", line("4", 40), line("5", 50)).into_bytes(),
        b"not json \xff\xfe\n\n".to_vec(),
        line("6", 60).to_string().into_bytes(),
    ]
    .concat()
}

#[test]
fn the_size_of_the_buffer_does_not_change_what_is_read() {
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("s.jsonl");
    fs::write(&path, log_of_all_kinds()).expect("it is written");
    let limits = |chunk_bytes| ReadLimits { chunk_bytes, ..ReadLimits::default() };
    let expected = read_log(&path, None, limits(CHUNK_BYTES));
    assert_eq!((expected.events.len(), expected.cursor.stats.entries), (7, 5), "six messages and a title");
    for chunk_bytes in 1..=64 {
        assert_eq!(read_log(&path, None, limits(chunk_bytes)), expected, "{chunk_bytes} bytes at once");
    }
}

#[test]
fn a_line_that_is_too_long_is_skipped_with_a_buffer_of_any_size() {
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("s.jsonl");
    let long = LogLine::new("long").output(1000).field("cwd", "x".repeat(5000)).with_newline();
    let log = [LogLine::new("1").output(1).with_newline(), long, LogLine::new("2").output(2).with_newline()].concat();
    fs::write(&path, &log).expect("it is written");
    for chunk_bytes in 1..=64 {
        let contents = read_log(&path, None, ReadLimits { chunk_bytes, max_line_bytes: 1000, ..ReadLimits::default() });
        let stats = contents.cursor.stats;
        assert_eq!((stats.lines, stats.entries, stats.skip_count(SkipReason::TooLong)), (3, 2, 1), "{chunk_bytes}");
        assert_eq!((contents.cursor.offset, contents.bytes_read), (log.len() as u64, log.len() as u64));
    }
}

/// A process may end between two parts of a log, and reading may fail.
#[test]
fn a_log_of_which_a_part_was_read_is_not_taken_for_unchanged() {
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("s.jsonl");
    let lines: Vec<String> = (0..20).map(|id| LogLine::new(&id.to_string()).output(1).with_newline()).collect();
    fs::write(&path, lines.concat()).expect("it is written");
    let limits = ReadLimits { chunk_bytes: 300, handover_bytes: 1, ..ReadLimits::default() };
    let stat = stat_log(&path).expect("it is a file");
    let mut cursors = Vec::new();
    Tail::with_limits(limits)
        .read(&found_log(&path), None, |chunk| cursors.push(chunk.cursor))
        .expect("it is readable");
    let complete = cursors.pop().expect("the last part");
    assert!(cursors.len() > 5 && complete.is_current(&stat), "{cursors:?}");
    for cursor in cursors.iter().filter(|cursor| cursor.offset < stat.len) {
        assert!(!cursor.is_current(&stat), "{cursor:?}");
        let rest = read_log(&path, Some(cursor), ReadLimits::default());
        assert_eq!(rest.bytes_read, stat.len - cursor.offset, "reading goes on behind the part");
        assert_eq!(rest.cursor, complete);
    }
}

/// A sparse file: its zeros take no space on the disk.
#[test]
fn lines_behind_four_gibibytes_are_read_and_the_cursor_stays_behind_them() {
    const HOLE_END: u64 = 5 << 30;
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("s.jsonl");
    let mut file = File::create(&path).expect("it is created");
    file.write_all(LogLine::new("before").output(1).with_newline().as_bytes()).expect("it is written");
    file.seek(SeekFrom::Start(HOLE_END)).expect("it may be beyond the end");
    let first = format!("\n{}", LogLine::new("1").output(10).with_newline());
    file.write_all(first.as_bytes()).expect("it is written");
    let hashes = content_hashes(&File::open(&path).expect("it opens"), HOLE_END + 1).expect("it is readable");
    let stat = stat_log(&path).expect("it is a file");
    let cursor = Cursor { stat, offset: HOLE_END + 1, hashes, ..Cursor::default() };
    let limits = ReadLimits::default();
    let contents = read_log(&path, Some(&cursor), limits);
    assert_eq!((contents.events.len(), contents.cursor.offset), (1, HOLE_END + first.len() as u64));
    let second = LogLine::new("2").output(20).with_newline();
    file.write_all(second.as_bytes()).expect("it is written");
    let grown = read_log(&path, Some(&contents.cursor), limits);
    assert_eq!((grown.events.len(), grown.bytes_read), (1, second.len() as u64), "only the new line is read");
    assert_eq!(grown.cursor.stats.entries, 2);
}
