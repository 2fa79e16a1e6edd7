//! Logs read in parts have the same figures as logs read at once.

use proptest::prelude::*;
use token_monitor_engine::Health;
use token_monitor_test_support::property_cases;

use crate::harness::{Figures, TestEnv, line, skip_counts};

/// Returns the counts of a health report.
fn account(health: &Health) -> (u64, u64, u64, Vec<(token_monitor_core::transcript::SkipReason, u64)>) {
    (health.bytes, health.lines, health.entries, skip_counts(health))
}

/// Returns lines of every known kind with their newlines.
fn kinds_of_line() -> Vec<Vec<u8>> {
    let record = |id: &str, output| line(id, output).to_string();
    let plain = |text: String| format!("{text}\n").into_bytes();
    let torn = record("never", 1)[..150].to_owned();
    vec![
        plain(record("1", 10)),
        plain(record("2", 20)),
        plain(record("2", 25)),
        format!("{}\r\n", record("3", 30)).into_bytes(),
        plain(record("4", 40).replace("/home/x", "/home/名前/🦀")),
        format!("\0\0\0\0{}\n", record("5", 50)).into_bytes(),
        format!("\u{feff}{}\r\n", record("6", 60)).into_bytes(),
        plain(format!("{torn}{}", record("7", 70))),
        plain(format!("{}{}", record("8", 80), record("9", 90))),
        plain(torn),
        [record("10", 100).replace("opus", "op").into_bytes(), b"\n".to_vec()].concat(),
        [&record("11", 110).into_bytes()[..60], b"\xff\xfe", &record("12", 120).into_bytes(), b"\n"].concat(),
        // A line without an id is identified by its position.
        plain(record("", 130).replace("msg_", "").replace("\"uuid\"", "\"other\"")),
        format!("{}\r\n", record("", 140).replace("msg_", "").replace("\"uuid\"", "\"other\"")).into_bytes(),
        // A line without a timestamp has that of the line before.
        plain(record("15", 150).replace("2026-05-01T10:00:00Z", "later")),
        plain(r#"{"type":"user","timestamp":"2026-05-02T11:00:00Z","message":{"content":"hello"}}"#.into()),
        plain(r#"{"type":"custom-title","sessionId":"s","customTitle":"a title"}"#.into()),
        plain(r#"{"type":"progress","timestamp":"2026-05-01T12:00:00Z","data":{"message":{"type":"assistant","message":{"id":"msg_16","model":"m","usage":{"output_tokens":160}}}}}"#.into()),
        plain(record("17", 170).replace("\"input_tokens\":0", "\"input_tokens\":-1")),
        plain(record("18", 180).replace("opus", "<synthetic>")),
        b"\r\n".to_vec(),
        b"not json\n".to_vec(),
        b"\0\0\0\0\0\0\0\0\n".to_vec(),
    ]
}

fn logs() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(prop::sample::select(kinds_of_line()), 1..30);
    (lines, any::<bool>()).prop_map(|(lines, with_newline)| {
        let mut log = lines.concat();
        if !with_newline {
            log.pop();
        }
        log
    })
}

/// Returns the figures of a log that is read at once.
fn whole(log: &[u8]) -> (Figures, Health) {
    let env = TestEnv::new();
    env.write("p/s.jsonl", log);
    let running = env.start();
    running.sync();
    let found = (running.figures(), running.health());
    running.stop();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(64)) })]

    #[test]
    fn a_log_read_in_parts_equals_the_log_read_at_once(
        log in logs(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..5),
    ) {
        let mut cuts: Vec<(usize, bool)> = cuts.iter().map(|(at, restart)| (at.index(log.len() + 1), *restart)).collect();
        cuts.sort_unstable();
        let env = TestEnv::new();
        let mut running = env.start();
        let mut from = 0;
        for (upto, restart) in cuts.into_iter().chain([(log.len(), false)]) {
            env.append("p/s.jsonl", &log[from..upto]);
            running.sync();
            if restart {
                running.stop();
                running = env.start();
                running.sync();
            }
            from = upto;
        }
        let (figures, health) = whole(&log);
        prop_assert_eq!(running.figures(), figures);
        prop_assert_eq!(account(&running.health()), account(&health));
        running.stop();
    }
}

/// Creates one log with its own messages for each byte at which three lines can be cut.
#[test]
fn a_log_may_be_cut_at_any_byte() {
    let log = |cut: usize| {
        let record = |id: &str, output| line(&format!("{cut:04}{id}"), output).to_string();
        format!("{}\r\n{}\n{}\n", record("a", 1), record("b", 2).replace("/home/x", "/ü/🦀"), record("a", 4))
            .into_bytes()
    };
    let place = |cut: usize| format!("p/{cut:04}.jsonl");
    let cuts = log(0).len() + 1;
    let env = TestEnv::new();
    (0..cuts).for_each(|cut| drop(env.write(&place(cut), &log(cut)[..cut])));
    let running = env.start();
    running.sync();
    let ends: Vec<usize> = log(0).iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    let records = (0..cuts).map(|cut| u64::from(cut >= ends[0] - 1) + u64::from(cut >= ends[1])).sum::<u64>();
    assert_eq!(running.total().message_count, records, "a record counts as soon as it is whole, and not before");
    running.stop();
    (0..cuts).for_each(|cut| env.append(&place(cut), &log(cut)[cut..]));
    let running = env.start();
    running.sync();
    let (total, health) = (running.figures().total, running.health());
    assert_eq!((total.message_count, total.output_tokens), (2 * cuts as u64, 6 * cuts as u128));
    assert_eq!((health.lines, health.entries, skip_counts(&health)), (3 * cuts as u64, 3 * cuts as u64, vec![]));
    running.stop();
}

#[test]
fn a_complete_last_line_without_a_newline_is_counted_once() {
    let env = TestEnv::new();
    env.append("p/s.jsonl", line("1", 5).to_string());
    env.append("p/half.jsonl", &line("2", 7).to_string()[..180]);
    let running = env.start();
    running.sync();
    assert_eq!(running.total().output_tokens, 5, "its writer may never come back");
    running.stop();
    let running = env.start();
    running.sync();
    assert_eq!(running.total().output_tokens, 5, "nor does a restart count it again");
    env.append("p/s.jsonl", "\n");
    running.sync();
    assert_eq!((running.total().output_tokens, running.health().lines), (5, 1), "nor its newline");
    running.stop();
}

#[test]
fn cursors_are_kept_across_a_restart() {
    let env = TestEnv::new();
    let lines = line("1", 5).with_newline() + "not json\n" + &line("2", 6).with_newline();
    env.write("p/s.jsonl", &lines);
    let running = env.start();
    running.sync();
    let before = account(&running.health());
    running.stop();
    let running = env.start();
    assert_eq!(account(&running.health()), before, "before anything is read again");
    assert_eq!(before.0, lines.len() as u64);
    running.stop();
}

#[test]
fn a_large_import_is_the_sum_of_its_logs() {
    let env = TestEnv::new();
    for log in 0..100 {
        let lines: String = (0..10).map(|number| line(&format!("{log}-{number}"), 1).with_newline()).collect();
        env.write(&format!("p{}/{log}.jsonl", log % 7), lines);
    }
    assert_eq!(env.figures().total.message_count, 1000, "more logs than are read one after the other");
}

/// The ledger is loaded from the store again after such an import.
#[test]
fn counting_goes_on_after_an_import_that_compacts_the_store() {
    let env = TestEnv::new();
    let lines: String = (0..20_100).map(|number| line(&number.to_string(), 1).with_newline()).collect();
    let filler = format!("{{\"type\":\"user\",\"message\":{{\"content\":\"{}\"}}}}\n", "x".repeat(17 << 20));
    env.write("p/s.jsonl", lines + &filler);
    env.write("q/t.jsonl", line("other", 7).with_newline());
    let running = env.live();
    running.sync();
    let imported = running.figures();
    assert_eq!((imported.total.message_count, imported.total.output_tokens), (20_101, 20_107));
    env.append("p/s.jsonl", line("5", 4).with_newline());
    env.append("p/s.jsonl", line("new", 10).with_newline());
    env.write("q/copy.jsonl", line("other", 7).with_newline());
    running.sync();
    let total = running.total();
    assert_eq!(
        (total.message_count, total.output_tokens),
        (20_102, 20_120),
        "one has grown, one is new, one is a copy"
    );
    let figures = running.figures();
    running.stop();
    assert_eq!(env.figures(), figures, "after a restart");
}
