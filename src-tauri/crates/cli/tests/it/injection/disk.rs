//! A disk of the store that is full or read-only, as a file system of its own: figures go on in memory, the problem
//! names the cause, and everything is saved once there is room again.

use std::fs::File;

use serde_json::Value;

use super::{command_in_namespaces, message, run_in_namespaces_of};
use crate::program::{Home, json};
use crate::watch::Watch;

/// The number of messages of [`Home::with_sessions`].
const MESSAGES: u64 = 5;

/// A `watch` whose store is on a file system of its own, with eight mebibytes of room.
struct SmallDisk {
    home: Home,
    path: String,
}

impl SmallDisk {
    fn new() -> Self {
        let home = Home::with_sessions();
        let disk = home.path().join("disk");
        std::fs::create_dir(&disk).expect("a folder");
        Self { path: disk.to_str().expect("it is text").to_owned(), home }
    }

    /// Starts `watch` after a further command that prepares the file system.
    fn watch(&self, prepare: &str) -> Watch {
        let path = &self.path;
        let script = format!("mount -t tmpfs -o size=8m,mode=700 none '{path}'; {prepare}");
        let mut command = command_in_namespaces(&self.home, &script, &["watch", "--json"]);
        command.env("TOKEN_MONITOR_DB", format!("{path}/sessions.db"));
        Watch::start(command)
    }

    /// Returns a command that leaves no room, and asserts that there is none.
    fn fill(&self) -> String {
        let path = &self.path;
        format!("! head -c 16m /dev/zero > '{path}/filler'; ! echo more 2>/dev/null >> '{path}/filler'")
    }

    /// Appends a message, waits until it is counted and returns the figures.
    fn append(&self, watch: &Watch, number: u64) -> Value {
        self.home.append("p/more.jsonl", &message(&format!("more-{number}")));
        watch.wait_for(&format!("message {number}"), |snapshot| snapshot["totals"]["messageCount"] == MESSAGES + number)
    }

    /// Ends the process, and checks that the store has all messages without their logs.
    fn check_saved(&self, watch: &mut Watch, messages: u64) {
        let copy = self.home.path().join("copy.db");
        // It keeps the file system after the end of the process.
        let keeper = File::open(format!("/proc/{}/root{}/sessions.db", watch.process.0.id(), self.path));
        let mut keeper = keeper.expect("the store is there");
        watch.signal("TERM");
        assert!(watch.wait_for_end().success());
        std::io::copy(&mut keeper, &mut File::create(&copy).expect("it is created")).expect("it is readable");
        let mut command = self.home.command(&["sessions", "--json"]);
        command.env("TOKEN_MONITOR_DB", copy).env("CLAUDE_CONFIG_DIR", self.home.path().join("nowhere"));
        assert_eq!(json(&command.output().expect("it runs"))["totals"]["messageCount"], messages);
    }
}

fn has_outage(snapshot: &Value) -> bool {
    let problems = snapshot["problems"].as_array().expect("a list");
    problems.iter().any(|problem| problem["code"] == "storeUnavailable")
}

#[test]
fn figures_go_on_while_the_disk_is_full() {
    let disk = SmallDisk::new();
    let mut watch = disk.watch("true");
    watch.wait_for_messages(MESSAGES);
    disk.append(&watch, 1);
    run_in_namespaces_of(watch.process.0.id(), &disk.fill());
    let mut had_outage = false;
    for number in 2..60 {
        had_outage |= has_outage(&disk.append(&watch, number));
    }
    assert!(had_outage, "something was injected");
    run_in_namespaces_of(watch.process.0.id(), &format!("rm '{}/filler'", disk.path));
    let last = disk.append(&watch, 60);
    if has_outage(&last) {
        watch.wait_for("the end of the problem", |snapshot| !has_outage(snapshot));
    }
    disk.append(&watch, 61);
    disk.check_saved(&mut watch, MESSAGES + 61);
}

#[test]
fn it_starts_on_a_full_disk() {
    let disk = SmallDisk::new();
    let heal = format!("rm '{}/filler'", disk.path);
    check_start(&disk, &disk.fill(), "No space left on device", &heal);
}

#[test]
fn it_starts_on_a_read_only_disk() {
    let disk = SmallDisk::new();
    let path = &disk.path;
    let break_it = format!("mount -o remount,bind,ro '{path}'; ! touch '{path}/x' 2>/dev/null");
    check_start(&disk, &break_it, "Read-only file system", &format!("mount -o remount,bind,rw '{path}'"));
}

/// Starts on a broken disk, counts, and heals the disk.
fn check_start(disk: &SmallDisk, break_it: &str, cause: &str, heal: &str) {
    let mut watch = disk.watch(break_it);
    let snapshot = watch.wait_for("the figures", |snapshot| snapshot["totals"]["messageCount"] == MESSAGES);
    assert!(has_outage(&snapshot) && snapshot["problems"].to_string().contains(cause), "{snapshot}");
    disk.append(&watch, 1);
    run_in_namespaces_of(watch.process.0.id(), heal);
    let healed = watch.wait_for("the end of the problem", |snapshot| !has_outage(snapshot));
    assert_eq!(healed["totals"]["messageCount"], MESSAGES + 1);
    disk.check_saved(&mut watch, MESSAGES + 1);
}
