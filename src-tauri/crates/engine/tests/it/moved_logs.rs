//! Logs that leave and come back, or that begin alike.

use std::fs;

use crate::harness::{TestEnv, line};

#[test]
fn a_log_that_moves_out_and_back_is_counted_once_with_what_was_added_meanwhile() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    let before = running.figures();
    let outside = env.outside("s.jsonl");
    fs::rename(env.log("p/s.jsonl"), &outside).expect("it moves");
    running.sync();
    assert_eq!((running.figures(), running.health().logs), (before.clone(), 0), "it stays counted");
    fs::rename(&outside, env.log("p/s.jsonl")).expect("it moves back");
    running.sync();
    assert_eq!((running.figures(), running.health().logs), (before, 1), "it is counted once");
    fs::rename(env.log("p/s.jsonl"), &outside).expect("it moves");
    running.sync();
    let longer = fs::read_to_string(&outside).expect("it is readable") + &line("2", 6).with_newline();
    fs::write(&outside, longer).expect("it is written");
    fs::rename(&outside, env.log("q/s.jsonl")).expect("it moves back");
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 11, "and with its new line");
    running.stop();
    assert_eq!(env.figures().total.output_tokens, 11, "and after a restart");
}

/// The first kilobyte is a part of what a log is recognized by.
#[test]
fn logs_with_the_same_first_kilobyte_are_told_apart() {
    let env = TestEnv::new();
    let start: String = (0..8).map(|number| line(&format!("shared-{number}"), 1).with_newline()).collect();
    assert!(start.len() > 1024, "something was injected");
    env.write("p/a.jsonl", start.clone() + &line("a", 10).with_newline());
    env.write("p/b.jsonl", start.clone() + &line("b", 100).with_newline());
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 118);
    env.append("p/b.jsonl", line("c", 1000).with_newline());
    env.append("p/a.jsonl", line("d", 10_000).with_newline());
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 11_118);
    // One takes the place of the other.
    fs::rename(env.log("p/b.jsonl"), env.log("p/a.jsonl")).expect("it moves");
    env.append("p/a.jsonl", line("e", 100_000).with_newline());
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 111_118);
    running.stop();
    assert_eq!(env.figures().total.output_tokens, 111_118, "and after a restart");
}
