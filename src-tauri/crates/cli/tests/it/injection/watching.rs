//! A watcher that gets too few watches, loses events, gets none, or whose folder is unmounted: everything new is found.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rstest::rstest;
use serde_json::Value;
use token_monitor_test_support::DEADLINE;

use super::{calls_with, command_below_tracer, command_in_namespaces, log_to_file, message, run_in_namespaces_of};
use crate::program::Home;
use crate::watch::Watch;

/// The number of messages of [`Home::with_sessions`].
const MESSAGES: u64 = 5;

/// Appends to a log, and creates another one in a new folder, and waits for each.
fn check_news_are_found(home: &Home, watch: &Watch) {
    home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message("appended"));
    watch.wait_for_messages(MESSAGES + 1);
    home.append("-home-x-new/new/subagents/agent-2.jsonl", &message("new"));
    watch.wait_for_messages(MESSAGES + 2);
}

#[rstest]
#[case::few_watches("max_inotify_watches", 2)]
#[case::no_watches("max_inotify_watches", 0)]
#[case::no_instances("max_inotify_instances", 0)]
fn without_enough_watches_changes_are_found_by_searching(#[case] limit: &str, #[case] value: u32) {
    let home = Home::with_sessions();
    let script = format!("echo {value} > /proc/sys/user/{limit}");
    let mut command = command_in_namespaces(&home, &script, &["watch", "--json"]);
    let log = log_to_file(&home, &mut command, "info");
    let watch = Watch::start(command);
    watch.wait_for_messages(MESSAGES);
    check_news_are_found(&home, &watch);
    let log = fs::read_to_string(log).expect("it is text");
    assert!(log.contains("polling"), "something was injected: {log}");
}

#[test]
fn a_queue_of_events_that_overflows_loses_nothing() {
    let queue = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").expect("the length of the queue");
    let queue: usize = queue.trim().parse().expect("a number");
    let home = Home::with_sessions();
    let busy = ["p/a.jsonl", "p/b.jsonl"];
    busy.iter().for_each(|log| home.append(log, "\n"));
    let mut command = home.command(&["watch", "--json"]);
    let log = log_to_file(&home, &mut command, "debug");
    let watch = Watch::start(command);
    watch.wait_for_messages(MESSAGES);
    watch.signal("STOP");
    // Equal changes in a row are one event, so two logs change in turn.
    for number in 0..2 * queue {
        home.append(busy[number % 2], "\n");
    }
    home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message("appended"));
    home.append("-home-x-new/new/subagents/agent-2.jsonl", &message("new"));
    watch.signal("CONT");
    watch.wait_for_messages(MESSAGES + 2);
    // The news may be found before the end of the queue is read.
    let start = Instant::now();
    while !fs::read_to_string(&log).expect("it is text").contains("The watcher lost events.") {
        assert!(start.elapsed() < DEADLINE, "nothing was injected");
        sleep(Duration::from_millis(20));
    }
    home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message("later"));
    watch.wait_for_messages(MESSAGES + 3);
}

/// Such as in a folder of another computer, whose changes the system does not see.
#[test]
fn a_watcher_that_gets_no_events_delays_nothing_for_long() {
    let home = Home::with_sessions();
    let inject = ["-e", "trace=inotify_add_watch", "-e", "inject=inotify_add_watch:retval=1"];
    let (command, trace) = command_below_tracer(&home, &inject, &["watch", "--json"]);
    let watch = Watch::start(command);
    watch.wait_for_messages(MESSAGES);
    check_news_are_found(&home, &watch);
    let calls = calls_with(&trace, "inotify_add_watch");
    assert!(calls.len() > 2 && calls.iter().all(|call| call.contains("(INJECTED)")), "no folder is watched: {calls:?}");
}

/// As when a drive is disconnected: an empty folder is left.
#[test]
fn a_folder_that_is_unmounted_is_reported_until_it_is_mounted_again() {
    let home = Home::with_sessions();
    let (projects, saved) = (home.path().join(".claude/projects"), home.path().join("saved"));
    fs::rename(&projects, &saved).and_then(|()| fs::create_dir(&projects)).expect("it moves");
    let (projects, saved) = (projects.display(), saved.display());
    let mount = format!("mount -t tmpfs none '{projects}'; cp -r '{saved}/.' '{projects}'");
    let watch = Watch::start(command_in_namespaces(&home, &mount, &["watch", "--json"]));
    watch.wait_for_messages(MESSAGES);
    let process = watch.process.0.id();
    run_in_namespaces_of(process, &format!("umount -l '{projects}'; [ -z \"$(ls '{projects}')\" ]"));
    let has_problem = |snapshot: &Value| snapshot["problems"].as_array().is_some_and(|problems| !problems.is_empty());
    let missing = watch.wait_for("the problem", has_problem);
    assert_eq!(missing["totals"]["messageCount"], MESSAGES, "what was counted stays: {missing}");
    fs::create_dir(home.path().join("saved/p")).expect("a folder");
    fs::write(home.path().join("saved/p/after.jsonl"), message("after")).expect("it is written");
    run_in_namespaces_of(process, &mount);
    watch.wait_for("the end of the problem", |snapshot| {
        snapshot["totals"]["messageCount"] == MESSAGES + 1 && !has_problem(snapshot)
    });
}

#[test]
fn a_search_without_changes_reads_no_log() {
    let home = Home::with_sessions();
    let (command, trace) = command_below_tracer(&home, &["-y", "-e", "trace=openat,pread64"], &["watch", "--json"]);
    let watch = Watch::start(command);
    watch.wait_for_messages(MESSAGES);
    home.json(&["status"]);
    let opened = calls_with(&trace, ".jsonl").len();
    assert!(opened > 0, "the logs were read at first");
    // Each command waits for a search of the process with the engine.
    for _ in 0..3 {
        assert_eq!(home.json(&["status"])["totals"]["messageCount"], MESSAGES);
    }
    assert_eq!(calls_with(&trace, ".jsonl").len(), opened);
    home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message("appended"));
    watch.wait_for_messages(MESSAGES + 1);
    assert!(calls_with(&trace, ".jsonl").len() > opened, "reading a log would be seen");
}
