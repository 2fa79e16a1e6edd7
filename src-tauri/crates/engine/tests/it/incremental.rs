//! The fear: a log read in pieces gives other figures than the same log read whole.

use proptest::prelude::*;
use token_monitor_engine::Health;

use crate::world::{Figures, World, line, skipped};

/// What was found and what was skipped.
fn account(health: &Health) -> (u64, u64, u64, Vec<(token_monitor_core::transcript::Reason, u64)>) {
    (health.bytes, health.lines, health.entries, skipped(health))
}

/// Lines of every kind that was seen, each with its end; none but the last may lack one.
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
        // No identity but its place.
        plain(record("", 130).replace("msg_", "").replace("\"uuid\"", "\"other\"")),
        format!("{}\r\n", record("", 140).replace("msg_", "").replace("\"uuid\"", "\"other\"")).into_bytes(),
        // No time but that of the line before.
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
    (lines, any::<bool>()).prop_map(|(lines, ended)| {
        let mut log = lines.concat();
        if !ended {
            log.pop();
        }
        log
    })
}

/// What is found in a log that is read once.
fn whole(log: &[u8]) -> (Figures, Health) {
    let world = World::new();
    world.write("p/s.jsonl", log);
    let running = world.start();
    running.catch_up();
    let found = (running.figures(), running.health());
    running.stop();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn a_log_read_in_pieces_is_the_log_read_whole(
        log in logs(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..5),
    ) {
        let mut cuts: Vec<(usize, bool)> = cuts.iter().map(|(at, restart)| (at.index(log.len() + 1), *restart)).collect();
        cuts.sort_unstable();
        let world = World::new();
        let mut running = world.start();
        let mut from = 0;
        for (upto, restart) in cuts.into_iter().chain([(log.len(), false)]) {
            world.append("p/s.jsonl", &log[from..upto]);
            running.catch_up();
            if restart {
                running.stop();
                running = world.start();
                running.catch_up();
            }
            from = upto;
        }
        let (figures, health) = whole(&log);
        prop_assert_eq!(running.figures(), figures);
        prop_assert_eq!(account(&running.health()), account(&health));
        running.stop();
    }
}

/// One log for each byte the three lines can be cut at, each with messages of its own.
#[test]
fn a_log_may_be_cut_at_any_byte() {
    let log = |cut: usize| {
        let record = |id: &str, output| line(&format!("{cut:04}{id}"), output).to_string();
        format!("{}\r\n{}\n{}\n", record("a", 1), record("b", 2).replace("/home/x", "/ü/🦀"), record("a", 4))
            .into_bytes()
    };
    let place = |cut: usize| format!("p/{cut:04}.jsonl");
    let cuts = log(0).len() + 1;
    let world = World::new();
    (0..cuts).for_each(|cut| drop(world.write(&place(cut), &log(cut)[..cut])));
    let running = world.start();
    running.catch_up();
    let ends: Vec<usize> = log(0).iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    let records = (0..cuts).map(|cut| u64::from(cut >= ends[0] - 1) + u64::from(cut >= ends[1])).sum::<u64>();
    assert_eq!(running.total().message_count, records, "a record counts as soon as it is whole, and not before");
    running.stop();
    (0..cuts).for_each(|cut| world.append(&place(cut), &log(cut)[cut..]));
    let running = world.start();
    running.catch_up();
    let (total, health) = (running.figures().total, running.health());
    assert_eq!((total.message_count, total.output_tokens), (2 * cuts as u64, 6 * cuts as u128));
    assert_eq!((health.lines, health.entries, skipped(&health)), (3 * cuts as u64, 3 * cuts as u64, vec![]));
    running.stop();
}

#[test]
fn a_last_line_without_its_newline_counts_once_if_it_is_whole() {
    let world = World::new();
    world.append("p/s.jsonl", line("1", 5).to_string());
    world.append("p/half.jsonl", &line("2", 7).to_string()[..180]);
    let running = world.start();
    running.catch_up();
    assert_eq!(running.total().output_tokens, 5, "its writer may never come back");
    running.stop();
    let running = world.start();
    running.catch_up();
    assert_eq!(running.total().output_tokens, 5, "nor does a restart count it again");
    world.append("p/s.jsonl", "\n");
    running.catch_up();
    assert_eq!((running.total().output_tokens, running.health().lines), (5, 1), "nor its newline");
    running.stop();
}

#[test]
fn how_far_a_log_was_read_is_known_after_a_restart() {
    let world = World::new();
    let lines = line("1", 5).ended() + "not json\n" + &line("2", 6).ended();
    world.write("p/s.jsonl", &lines);
    let running = world.start();
    running.catch_up();
    let before = account(&running.health());
    running.stop();
    let running = world.start();
    assert_eq!(account(&running.health()), before, "before anything is read again");
    assert_eq!(before.0, lines.len() as u64);
    running.stop();
}

#[test]
fn a_large_history_is_the_sum_of_its_logs() {
    let world = World::new();
    for log in 0..100 {
        let lines: String = (0..10).map(|number| line(&format!("{log}-{number}"), 1).ended()).collect();
        world.write(&format!("p{}/{log}.jsonl", log % 7), lines);
    }
    assert_eq!(world.figures().total.message_count, 1000, "more logs than are read one after the other");
}
