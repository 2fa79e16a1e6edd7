//! Signals that end the process: the store is closed, so that it needs no repair, and everything is exact afterwards.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rstest::rstest;

use super::{calls_with, command_below_tracer, message};
use crate::program::Home;
use crate::watch::Watch;

/// The number of messages of [`Home::with_sessions`].
const MESSAGES: u64 = 5;

/// Returns true if a store was not closed, so that it must be repaired when it is opened. A copy is opened.
fn needs_repair(store: &Path) -> bool {
    let temp = tempfile::tempdir().expect("a folder");
    let copy = temp.path().join("copy.db");
    fs::copy(store, &copy).expect("it is readable");
    let is_repaired = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_repaired);
    let mut builder = redb::Builder::new();
    builder.set_repair_callback(move |_| flag.store(true, Ordering::Relaxed));
    drop(builder.open(&copy).expect("it opens"));
    is_repaired.load(Ordering::Relaxed)
}

#[test]
fn a_killed_process_leaves_a_store_that_is_repaired() {
    let home = Home::with_sessions();
    let mut watch = Watch::start(home.command(&["watch", "--json"]));
    watch.wait_for_messages(MESSAGES);
    watch.process.0.kill().and_then(|()| watch.process.0.wait()).expect("it is killed");
    assert!(needs_repair(&home.store()), "the other tests of this file would notice an unclosed store");
    assert_eq!(home.json(&["sessions"])["totals"]["messageCount"], MESSAGES);
    assert!(!needs_repair(&home.store()));
}

#[rstest]
#[case("TERM")]
#[case("INT")]
#[case("HUP")]
fn a_signal_closes_the_store(#[case] signal: &str) {
    let home = Home::with_sessions();
    let mut watch = Watch::start(home.command(&["watch", "--json"]));
    watch.wait_for_messages(MESSAGES);
    home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message("unsaved"));
    watch.wait_for_messages(MESSAGES + 1);
    watch.signal(signal);
    assert!(watch.wait_for_end().success());
    assert!(!needs_repair(&home.store()));
    assert_eq!(home.json(&["sessions"])["totals"]["messageCount"], MESSAGES + 1);
}

/// The tracer sends the signal with one of the reads of the logs.
#[rstest]
#[case("TERM")]
#[case("HUP")]
fn a_signal_during_an_import_closes_the_store(#[case] signal: &str) {
    const LOGS: u64 = 200;
    let home = Home::new();
    for number in 0..LOGS {
        home.write(&format!("p{number}/{number}.jsonl"), &[message(&number.to_string())]);
    }
    let inject = format!("inject=pread64:signal={signal}:when=40");
    let (command, trace) = command_below_tracer(&home, &["-e", "trace=pread64", "-e", &inject], &["watch", "--json"]);
    let mut watch = Watch::start(command);
    assert!(watch.wait_for_end().success());
    assert!(!calls_with(&trace, &format!("--- SIG{signal}")).is_empty(), "the signal was sent");
    assert!(!needs_repair(&home.store()));
    assert_eq!(home.json(&["sessions"])["totals"]["messageCount"], LOGS);
}
