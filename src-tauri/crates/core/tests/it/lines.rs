//! The fear: a damaged line stops the reading, is lost without a word, or is counted twice.

use proptest::prelude::*;
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{Lines, Place, Reason, Said, Tally, last_moment};

const PLACE: Place<'_> = Place { home: "home", run: None, file: "home.jsonl", offset: 0, wants_prompt: true };

/// A record with usage, as short as it gets.
fn record(id: &str, output: u64) -> String {
    format!(
        r#"{{"type":"assistant","timestamp":"2026-05-01T10:00:00Z","message":{{"id":"msg_{id}","model":"opus","usage":{{"output_tokens":{output}}}}}}}"#
    )
}

fn outputs(line: &[u8]) -> (Vec<u64>, Tally) {
    let (mut outputs, mut tally) = (Vec::new(), Tally::default());
    let earlier = || Some(Timestamp(0));
    Lines::default().read(line, PLACE, &mut tally, earlier, |said| match said {
        Said::Entry(entry) => outputs.push(entry.usage.output),
        Said::Title(_) | Said::Summary(_) | Said::Counter(..) | Said::Notice(..) => {}
    });
    (outputs, tally)
}

/// Bytes that resemble logs more than chance would.
fn scraps() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            "\\ud83d",
            ":",
            ",",
            "\0",
            "\u{feff}",
            "{\"type\":\"assistant\"",
            "\"usage\":{",
            "\"message\":{",
            "\"output_tokens\":",
            "1e400",
            "-1",
            "NaN",
            "null",
            "\r",
            "\"timestamp\":\"2026-05-01T10:00:00Z\"",
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
        Just(record("a", 1).into_bytes()),
    ];
    prop::collection::vec(word, 0..20).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(700) })]

    #[test]
    fn any_bytes_are_a_line_and_each_line_is_accounted_for(line in scraps()) {
        let line: Vec<u8> = line.into_iter().filter(|byte| *byte != b'\n').collect();
        let (outputs, tally) = outputs(&line);
        prop_assert_eq!(tally.lines, u64::from(!line.trim_ascii().is_empty()));
        let untold = tally.skipped(Reason::Damaged) + tally.skipped(Reason::NotJson);
        prop_assert!(untold <= 1, "a line is damaged once");
        prop_assert!(outputs.len() as u64 >= tally.entries);
        last_moment(&line);
    }

    #[test]
    fn a_whole_record_is_found_behind_any_torn_one(cut in 1..record("a", 1).len() - 1) {
        let line = format!("{}{}", &record("a", 1)[..cut], record("b", 2));
        let (outputs, tally) = outputs(line.as_bytes());
        prop_assert_eq!(outputs, vec![2]);
        prop_assert_eq!(tally.skipped(Reason::Damaged), 1);
    }

    #[test]
    fn an_unfinished_line_says_what_it_will_say_finished_or_nothing(cut in 0..=record("a", 1).len()) {
        let mut said = 0;
        let line = &record("a", 1)[..cut];
        Lines::default().read_unfinished(line.as_bytes(), PLACE, || None, |_| said += 1);
        prop_assert_eq!(said, u64::from(cut == record("a", 1).len()));
    }
}

#[test]
fn joined_records_are_all_read() {
    let line = format!("\u{feff}\0\0{}{} {}\r", record("a", 1), record("b", 2), record("c", 3));
    let (outputs, tally) = outputs(line.as_bytes());
    assert_eq!((outputs, tally.lines, tally.entries), (vec![1, 2, 3], 1, 3));
}

#[test]
fn a_line_without_any_identity_has_the_same_one_once_its_line_is_finished() {
    let line = record("", 1).replace("msg_", "");
    let keys = |line: &str| {
        let mut keys = Vec::new();
        let mut hear = |said: Said<'_>| {
            if let Said::Entry(entry) = said {
                keys.push(entry.key);
            }
        };
        let lines = Lines::default();
        lines.read_unfinished(line.trim_end().as_bytes(), PLACE, || None, &mut hear);
        lines.read(line.as_bytes(), PLACE, &mut Tally::default(), || None, &mut hear);
        keys
    };
    for end in ["", "\r", " \t"] {
        let keys = keys(&format!("{line}{end}"));
        assert_eq!((keys.len(), keys[0] == keys[1]), (2, true), "what ends a line is no part of it: {end:?}");
    }
}
