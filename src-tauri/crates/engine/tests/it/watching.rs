//! Watching: changes that are detected without a request, and reads that must not count as changes.

use std::fs;

use token_monitor_core::report::model::Snapshot;

use crate::harness::{TestEnv, line};

fn output(sum: u128) -> impl Fn(&Snapshot) -> bool {
    move |snapshot| snapshot.totals.output_tokens == sum
}

#[test]
fn an_appended_line_is_published() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.live();
    let first = running.until("what was there", output(5));
    env.append("p/s.jsonl", line("2", 6).with_newline());
    let second = running.until("the line", output(11));
    assert!(second.revision > first.revision, "lists refresh by it");
    running.stop();
}

#[test]
fn a_line_written_in_two_parts_is_published_once_complete() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.live();
    running.until("what was there", output(5));
    let half = line("2", 6).with_newline();
    env.append("p/s.jsonl", &half[..100]);
    env.append("p/t.jsonl", line("3", 100).with_newline());
    running.until("another log", output(105));
    env.append("p/s.jsonl", &half[100..]);
    running.until("the rest of the line", output(111));
    running.stop();
}

#[test]
fn a_new_session_and_a_new_project_are_published() {
    let env = TestEnv::new();
    let running = env.live();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    running.until("a first project", output(5));
    env.append("p/t.jsonl", line("2", 6).with_newline());
    running.until("a new session", output(11));
    env.write("q/u/subagents/agent-1.jsonl", line("3", 7).with_newline());
    running.until("a folder with folders and a log in it", output(18));
    env.append("q/u/subagents/agent-1.jsonl", line("4", 8).with_newline());
    running.until("a line in a log that came with its folders", output(26));
    running.stop();
}

#[test]
fn a_root_created_after_the_start_is_found() {
    let env = TestEnv::bare();
    let running = env.live();
    running.until("the missing root", |snapshot| snapshot.roots.iter().any(|root| !root.found));
    env.write("p/s.jsonl", line("1", 5).with_newline());
    running.until("the first log ever", output(5));
    env.append("p/s.jsonl", line("2", 6).with_newline());
    running.until("a line in it", output(11));
    running.stop();
}

#[test]
fn a_root_that_was_removed_and_created_again_is_watched() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.live();
    running.until("what was there", output(5));
    fs::remove_dir_all(env.outside("claude")).expect("it goes");
    running.until("its absence", |snapshot| snapshot.roots.iter().any(|root| !root.found));
    env.write("p/s.jsonl", line("2", 6).with_newline());
    running.until("a line in the new one", output(11));
    running.stop();
}

#[test]
fn a_log_moved_into_a_root_is_published() {
    let env = TestEnv::new();
    env.log("p/any");
    let running = env.live();
    running.until("the root", |snapshot| snapshot.roots.iter().any(|root| root.found));
    let elsewhere = env.outside("s.tmp");
    fs::write(&elsewhere, line("1", 5).with_newline()).expect("it is written");
    fs::rename(elsewhere, env.log("p/s.jsonl")).expect("it moves");
    running.until("the log", output(5));
    running.stop();
}

#[test]
fn a_new_name_is_published() {
    let mut env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    env.config = Some("monitoring: { session_retention: 1000000h }".to_owned());
    let running = env.live();
    running.until("the session", |snapshot| !snapshot.recent_sessions.is_empty());
    running.rename("s", "Login").expect("the name is free");
    running.until("its name", |snapshot| snapshot.recent_sessions[0].display_name == "Login");
    running.stop();
}

/// The variable set in the process that runs only this test, so that all its system calls belong to it.
#[cfg(target_os = "linux")]
const ALONE: &str = "TOKEN_MONITOR_TEST_ALONE";

/// Checks that read events are ignored. Reacting to its own reads, an engine would never stop.
#[cfg(target_os = "linux")]
#[test]
fn reading_a_log_is_not_a_change() {
    const LINES: u64 = 40;
    if std::env::var_os(ALONE).is_none() {
        let this = std::env::current_exe().expect("this test");
        let test = ["--exact", "watching::reading_a_log_is_not_a_change"];
        let output = std::process::Command::new(this).args(test).env(ALONE, "1").output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("0", 1).with_newline());
    let running = env.live();
    running.until("what was there", output(1));
    for number in 1..=LINES {
        env.append("p/s.jsonl", line(&number.to_string(), 1).with_newline());
        running.until("a line", output(u128::from(number) + 1));
    }
    running.sync();
    let reads = reads_so_far();
    let published = running.snapshots_while_idle();
    let reads = reads_so_far() - reads;
    assert!(published <= 1, "{published} snapshots for nothing; one may be that of a new minute");
    assert!(reads < 50, "{reads} reads for nothing");
    running.stop();
}

/// Returns the number of read system calls of this process.
#[cfg(target_os = "linux")]
fn reads_so_far() -> u64 {
    let counts = fs::read_to_string("/proc/self/io").expect("it can be read");
    let reads = counts.lines().find_map(|row| row.strip_prefix("syscr: ")).expect("it has the row");
    reads.trim().parse().expect("a number")
}

/// Checks that changes are detected through two paths to the same folder.
#[cfg(unix)]
#[test]
fn changes_are_detected_through_any_path_to_the_log() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    std::os::unix::fs::symlink(env.projects().join("p"), env.projects().join("alias")).expect("a link");
    let running = env.live();
    running.until("what was there", output(5));
    env.append("p/s.jsonl", line("2", 6).with_newline());
    running.until("the line", output(11));
    assert_eq!((running.health().logs, running.health().lines), (1, 2), "it is one log all the same");
    running.stop();
}
