//! Processes that start together, and owners of the store that are killed: no command fails, and all figures are exact.

use std::process::{Child, Stdio};

use token_monitor_test_support::Tries;

use crate::program::{Home, json, line};
use crate::watch::Watch;

/// The number of messages of [`Home::with_sessions`].
const MESSAGES: u64 = 5;

/// Starts `status` without waiting for it.
fn start_status(home: &Home) -> Child {
    let mut command = home.command(&["status", "--json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs")
}

/// Waits for the end of `status`, which must succeed with exact figures.
fn check_status(status: Child, messages: u64, race: &str) {
    let output = status.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{race}: {errors}");
    assert_eq!(json(&output)["totals"]["messageCount"], messages, "{race}: {errors}");
}

/// Writes a log with one further message.
fn write_message(home: &Home, number: usize) {
    let id = format!("more-{number}");
    home.write(&format!("p/{id}.jsonl"), &[line(&id, &id, "claude-opus-4-8", "2026-02-06T09:12:00Z", [1, 2, 3, 4])]);
}

#[test]
fn watch_and_status_that_start_together_both_succeed() {
    let mut tries = Tries::start("watch and status started together");
    let mut home = Home::with_sessions();
    for number in 0..Tries::number(30, 1_000) {
        if number % 3 == 0 {
            // Every third race also creates the store.
            home = Home::with_sessions();
        }
        let early = (number % 2 == 0).then(|| start_status(&home));
        let owner = Watch::start(home.command(&["watch", "--json"]));
        let late = start_status(&home);
        for status in early.into_iter().chain([late]) {
            check_status(status, MESSAGES, &format!("race {number}"));
        }
        owner.wait_for_messages(MESSAGES);
        tries.add(1);
    }
    tries.finish("");
}

#[test]
fn a_watch_goes_on_each_time_the_process_with_the_engine_is_killed() {
    let mut tries = Tries::start("watch continues when the owner is killed");
    let home = Home::with_sessions();
    let mut owner = Watch::start(home.command(&["watch", "--json"]));
    owner.wait_for_messages(MESSAGES);
    for number in 0..Tries::number(5, 200) {
        let follower = Watch::start(home.command(&["watch", "--json"]));
        let messages = MESSAGES + number as u64;
        follower.wait_for_messages(messages);
        owner.process.0.kill().and_then(|()| owner.process.0.wait()).expect("it is killed");
        write_message(&home, number);
        follower.wait_for_messages(messages + 1);
        owner = follower;
        tries.add(1);
    }
    tries.finish("");
}

#[test]
fn commands_succeed_while_the_process_with_the_engine_is_killed() {
    /// The commands that run when it is killed.
    const ASKERS: usize = 4;
    let mut tries = Tries::start("commands while the owner is killed");
    let home = Home::with_sessions();
    for number in 0..Tries::number(8, 250) {
        let mut owner = Watch::start(home.command(&["watch", "--json"]));
        owner.wait_for_messages(MESSAGES);
        // It is killed before, between or after the starts of the commands.
        let mut kill = || owner.process.0.kill().expect("it is killed");
        let asking: Vec<Child> = (0..ASKERS)
            .map(|asker| {
                if asker == number % (ASKERS + 1) {
                    kill();
                }
                start_status(&home)
            })
            .collect();
        if number % (ASKERS + 1) == ASKERS {
            kill();
        }
        for status in asking {
            check_status(status, MESSAGES, &format!("race {number}"));
            tries.add(1);
        }
    }
    tries.finish("");
}
