//! Reads of a log that fail in its middle, and too few descriptors for many logs.

use rstest::rstest;
use serde_json::Value;

use super::{calls_with, command_below_tracer, message};
use crate::program::{Home, json};
use crate::watch::Watch;

/// The number of messages of [`Home::with_sessions`].
const MESSAGES: u64 = 5;

/// Writes a log with this many messages of 64 KiB each, and returns its path.
fn write_large_log(home: &Home, messages: usize) -> String {
    let padding = "x".repeat(64 << 10);
    let line = |number: usize| {
        let line = message(&format!("large-{number}"));
        line.replace("\"cwd\":\"/home/x/work\"", &format!("\"cwd\":\"/home/x/work\",\"padding\":\"{padding}\""))
    };
    let path = home.write("-home-x-large/large.jsonl", &(0..messages).map(line).collect::<Vec<_>>());
    path.to_str().expect("it is text").to_owned()
}

/// The process tries again until the disk works, and goes on where it was. Each thread has its own number of reads.
#[rstest]
#[case::at_the_start(8, "1..4")]
#[case::in_the_middle(8, "2..4")]
#[case::after_a_part_was_counted(160, "50..53")]
fn a_log_whose_reads_fail_for_a_while_is_counted_exactly_in_the_end(#[case] messages: u64, #[case] failing: &str) {
    let home = Home::with_sessions();
    let log = write_large_log(&home, messages as usize);
    let inject = format!("inject=pread64:error=EIO:when={failing}");
    let options = ["-e", "trace=pread64", "-P", &log, "-e", &inject];
    let (command, trace) = command_below_tracer(&home, &options, &["watch", "--json"]);
    let watch = Watch::start(command);
    watch.wait_for("the problem", |snapshot| snapshot["incomplete"] == true);
    let is_exact = |snapshot: &Value| snapshot["totals"]["messageCount"] == MESSAGES + messages;
    let exact = watch.wait_for("all messages", |snapshot| is_exact(snapshot) && snapshot["incomplete"] != true);
    assert_eq!(exact["totals"]["outputTokens"], 900 + 2_345 + 70 + 30 + 40 + 2 * messages);
    assert!(!calls_with(&trace, "(INJECTED)").is_empty(), "something was injected");
}

#[test]
fn the_next_command_reads_the_rest_of_a_log_whose_reads_failed_in_its_middle() {
    let home = Home::with_sessions();
    let log = write_large_log(&home, 160);
    let options = ["-e", "trace=pread64", "-P", &log, "-e", "inject=pread64:error=EIO:when=50+"];
    let (mut command, trace) = command_below_tracer(&home, &options, &["sessions", "--json"]);
    let output = command.output().expect("it runs");
    assert!(!calls_with(&trace, "(INJECTED)").is_empty(), "something was injected");
    let document: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    if document["totals"]["messageCount"] != MESSAGES + 160 {
        assert_eq!((output.status.code(), &document["incomplete"]), (Some(3), &Value::Bool(true)), "{document}");
    }
    assert_eq!(home.json(&["sessions"])["totals"]["messageCount"], MESSAGES + 160);
}

/// The pauses double: 0.1, 0.2 and 0.4 seconds after the first three attempts.
#[test]
fn a_log_that_can_never_be_read_is_tried_ever_more_rarely() {
    let home = Home::with_sessions();
    let log = write_large_log(&home, 1);
    let options = ["-ttt", "-e", "trace=pread64", "-P", &log, "-e", "inject=pread64:error=EIO"];
    let (command, trace) = command_below_tracer(&home, &options, &["watch", "--json"]);
    let watch = Watch::start(command);
    watch.wait_for("the problem", |snapshot| snapshot["incomplete"] == true);
    let mut number = 0;
    // Other logs are read meanwhile, and each search finds the failing one again.
    while calls_with(&trace, "(INJECTED)").len() < 5 {
        number += 1;
        home.append("p/s.jsonl", &message(&number.to_string()));
        watch.wait_for_messages(MESSAGES + number);
        home.run(&["status"]);
    }
    let attempts = calls_with(&trace, "(INJECTED)");
    let times: Vec<f64> = attempts.iter().filter_map(|call| call.split_whitespace().nth(1)?.parse().ok()).collect();
    let pauses: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(pauses.len() >= 4, "{attempts:?}");
    assert!(pauses.iter().zip([0.1, 0.2, 0.4, 0.8]).all(|(pause, least)| *pause >= least), "{pauses:?}");
}

#[test]
fn thirty_two_open_files_are_enough_for_hundreds_of_logs() {
    let home = Home::with_sessions();
    for number in 0..300 {
        home.write(&format!("p{number}/a/b/c/d/{number}.jsonl"), &[message(&number.to_string())]);
    }
    let limit = "ulimit -n 32 && [ \"$(ulimit -n)\" = 32 ] && exec \"$0\" \"$@\"";
    let output = home.command_below(&["/bin/sh", "-c", limit], &["sessions", "--json"]).output().expect("it runs");
    assert_eq!(json(&output)["totals"]["messageCount"], MESSAGES + 300);
    let watch = Watch::start(home.command_below(&["/bin/sh", "-c", limit], &["watch", "--json"]));
    watch.wait_for_messages(MESSAGES + 300);
    home.append("p7/a/b/c/d/7.jsonl", &message("appended"));
    watch.wait_for_messages(MESSAGES + 301);
    assert_eq!(home.json(&["status"])["totals"]["messageCount"], MESSAGES + 301);
}
