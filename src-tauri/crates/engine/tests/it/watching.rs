//! What an engine that watches hears by itself, and what it must not do to itself.

use std::fs;

use token_monitor_core::report::model::Snapshot;

use crate::world::{World, line};

fn output(sum: u128) -> impl Fn(&Snapshot) -> bool {
    move |snapshot| snapshot.totals.output_tokens == sum
}

#[test]
fn a_line_appended_arrives() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    let running = world.live();
    let first = running.until("what was there", output(5));
    world.append("p/s.jsonl", line("2", 6).ended());
    let second = running.until("the line", output(11));
    assert!(second.revision > first.revision, "lists refresh by it");
    running.stop();
}

#[test]
fn a_line_written_in_two_goes_arrives_once_it_is_whole() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    let running = world.live();
    running.until("what was there", output(5));
    let half = line("2", 6).ended();
    world.append("p/s.jsonl", &half[..100]);
    world.append("p/t.jsonl", line("3", 100).ended());
    running.until("another log", output(105));
    world.append("p/s.jsonl", &half[100..]);
    running.until("the rest of the line", output(111));
    running.stop();
}

#[test]
fn a_new_session_and_a_new_project_arrive() {
    let world = World::new();
    let running = world.live();
    world.write("p/s.jsonl", line("1", 5).ended());
    running.until("a first project", output(5));
    world.append("p/t.jsonl", line("2", 6).ended());
    running.until("a new session", output(11));
    world.write("q/u/subagents/agent-1.jsonl", line("3", 7).ended());
    running.until("a folder with folders and a log in it", output(18));
    world.append("q/u/subagents/agent-1.jsonl", line("4", 8).ended());
    running.until("a line in a log that came with its folders", output(26));
    running.stop();
}

#[test]
fn a_root_made_after_the_start_is_found() {
    let world = World::bare();
    let running = world.live();
    running.until("the missing root", |snapshot| snapshot.roots.iter().any(|root| !root.found));
    world.write("p/s.jsonl", line("1", 5).ended());
    running.until("the first log ever", output(5));
    world.append("p/s.jsonl", line("2", 6).ended());
    running.until("a line in it", output(11));
    running.stop();
}

#[test]
fn a_root_that_is_taken_away_and_comes_back_is_heard_again() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    let running = world.live();
    running.until("what was there", output(5));
    fs::remove_dir_all(world.outside("claude")).expect("it goes");
    running.until("its absence", |snapshot| snapshot.roots.iter().any(|root| !root.found));
    world.write("p/s.jsonl", line("2", 6).ended());
    running.until("a line in the new one", output(11));
    running.stop();
}

#[test]
fn a_log_moved_to_its_place_arrives() {
    let world = World::new();
    world.log("p/any");
    let running = world.live();
    running.until("the root", |snapshot| snapshot.roots.iter().any(|root| root.found));
    let elsewhere = world.outside("s.tmp");
    fs::write(&elsewhere, line("1", 5).ended()).expect("it is written");
    fs::rename(elsewhere, world.log("p/s.jsonl")).expect("it moves");
    running.until("the log", output(5));
    running.stop();
}

#[test]
fn a_name_given_arrives() {
    let mut world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    world.config = Some("monitoring: { session_retention: 1000000h }".to_owned());
    let running = world.live();
    running.until("the session", |snapshot| !snapshot.recent_sessions.is_empty());
    running.ask(token_monitor_engine::Ask::Rename { session: "s".into(), name: "Login".into() });
    running.until("its name", |snapshot| snapshot.recent_sessions[0].display_name == "Login");
    running.stop();
}

/// Set in the process that has nothing to do but this test, so that its system calls are its own.
#[cfg(target_os = "linux")]
const ALONE: &str = "TOKEN_MONITOR_TEST_ALONE";

/// Reading a log is an event, too. Who reacts to those reads for ever.
#[cfg(target_os = "linux")]
#[test]
fn reading_a_log_is_not_heard_as_news() {
    const LINES: u64 = 40;
    if std::env::var_os(ALONE).is_none() {
        let this = std::env::current_exe().expect("this test");
        let test = ["--exact", "watching::reading_a_log_is_not_heard_as_news"];
        let output = std::process::Command::new(this).args(test).env(ALONE, "1").output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let world = World::new();
    world.write("p/s.jsonl", line("0", 1).ended());
    let running = world.live();
    running.until("what was there", output(1));
    for number in 1..=LINES {
        world.append("p/s.jsonl", line(&number.to_string(), 1).ended());
        running.until("a line", output(u128::from(number) + 1));
    }
    running.catch_up();
    let reads = reads_so_far();
    let published = running.published_while_nothing_happens();
    let reads = reads_so_far() - reads;
    assert!(published <= 1, "{published} snapshots for nothing; one may be that of a new minute");
    assert!(reads < 50, "{reads} reads for nothing");
    running.stop();
}

/// How many reads this process has asked the system for.
#[cfg(target_os = "linux")]
fn reads_so_far() -> u64 {
    let counts = fs::read_to_string("/proc/self/io").expect("it can be read");
    let reads = counts.lines().find_map(|row| row.strip_prefix("syscr: ")).expect("it is told");
    reads.trim().parse().expect("a number")
}

/// The same folder under two names is heard of under either.
#[cfg(unix)]
#[test]
fn a_line_is_heard_however_its_log_is_reached() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    std::os::unix::fs::symlink(world.projects().join("p"), world.projects().join("alias")).expect("a link");
    let running = world.live();
    running.until("what was there", output(5));
    world.append("p/s.jsonl", line("2", 6).ended());
    running.until("the line", output(11));
    assert_eq!((running.health().logs, running.health().lines), (1, 2), "it is one log all the same");
    running.stop();
}
