//! Limits of memory: neither a long line, nor a large log without usage, nor many sessions need more than a fixed amount.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::process::Output;

use rstest::rstest;

use super::message;
use crate::program::{Home, json};

/// The number of messages of [`Home::with_sessions`].
const MESSAGES: u64 = 5;

const MIB: u64 = 1 << 20;

/// Runs the program with a limit of its writable memory, threads and caches included.
fn run_with_memory(home: &Home, bytes: u64, args: &[&str]) -> Output {
    let limit = format!("--data={bytes}");
    home.command_below(&["prlimit", &limit, "--"], args).output().expect("prlimit is installed: it limits memory")
}

/// The limit is that of the longest line that is parsed, for each thread that reads, and what a small history needs.
#[rstest]
#[case::one_log(1, 96)]
#[case::two_logs_that_are_read_at_the_same_time(2, 160)]
fn a_line_of_any_length_needs_a_fixed_amount_of_memory(#[case] logs: u64, #[case] limit: u64) {
    /// Three times the longest line that is parsed.
    const LINE_BYTES: u64 = 200 * MIB;
    let home = Home::with_sessions();
    for number in 0..logs {
        let path = home.write(&format!("p/{number}.jsonl"), &[message(&format!("before-{number}"))]);
        let mut log = fs::OpenOptions::new().append(true).open(path).expect("it opens");
        // A sparse file: its zeros take no space on the disk.
        let length = log.seek(SeekFrom::End(0)).expect("its length") + LINE_BYTES;
        log.set_len(length).expect("it may grow");
        log.write_all(format!("\n{}", message(&format!("after-{number}"))).as_bytes()).expect("it is written");
    }
    let too_small = run_with_memory(&home, 32 * MIB, &["sessions", "--json"]);
    assert!(
        !too_small.status.success(),
        "a limit is in effect: the longest line that is parsed does not fit into this one"
    );
    let output = run_with_memory(&home, limit * MIB, &["sessions", "--json"]);
    assert_eq!(json(&output)["totals"]["messageCount"], MESSAGES + 2 * logs);
}

#[test]
fn a_large_log_without_usage_needs_little_memory() {
    let home = Home::with_sessions();
    let snapshot = format!(r#"{{"type":"file-history-snapshot","snapshot":{{"text":"{}"}}}}"#, "x".repeat(1 << 20));
    let path = home.write("p/s.jsonl", &[]);
    let mut log = fs::OpenOptions::new().append(true).open(path).expect("it opens");
    for _ in 0..100 {
        writeln!(log, "{snapshot}").expect("it is written");
    }
    log.write_all(message("last").as_bytes()).expect("it is written");
    let output = run_with_memory(&home, 48 * MIB, &["sessions", "--json"]);
    assert_eq!(json(&output)["totals"]["messageCount"], MESSAGES + 1);
}

#[test]
fn thousands_of_models_projects_and_sessions_are_counted_with_little_memory() {
    const NAMES: u64 = 5000;
    let home = Home::new();
    let line = |number: u64| {
        let line = message(&number.to_string());
        line.replace("claude-opus-4-8", &format!("model-{number}"))
            .replace("/home/x/work", &format!("/home/x/{number}"))
    };
    for log in 0..10 {
        let lines: Vec<String> = (0..NAMES / 10).map(|number| line(log * NAMES / 10 + number)).collect();
        home.write(&format!("p/{log}.jsonl"), &lines);
    }
    for command in ["sessions", "models", "projects"] {
        let output = run_with_memory(&home, 128 * MIB, &[command, "--json"]);
        let document = json(&output);
        assert_eq!(document["totals"]["messageCount"], NAMES, "{command}");
    }
    home.write("p/long.jsonl", &[message("long").replace("claude-opus-4-8", &"<b>m".repeat(2500))]);
    let table = home.prints(&["models"]);
    assert!(table.lines().count() as u64 > NAMES);
    assert!(table.lines().all(|line| line.chars().count() < 200), "a long name is shortened");
}
