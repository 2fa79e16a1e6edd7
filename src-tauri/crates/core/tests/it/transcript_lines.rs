//! Damaged lines do not stop the parser, are always reported, and are counted at most once.

use proptest::prelude::*;
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{LineContext, LineParser, LogEvent, ParseStats, SkipReason, last_timestamp};
use token_monitor_test_support::property_cases;

const CONTEXT: LineContext<'_> =
    LineContext { file_session: "home", run: None, file: "home.jsonl", offset: 0, needs_first_prompt: true };

/// Creates a minimal record with usage.
fn record(id: &str, output: u64) -> String {
    format!(
        r#"{{"type":"assistant","timestamp":"2026-05-01T10:00:00Z","message":{{"id":"msg_{id}","model":"opus","usage":{{"output_tokens":{output}}}}}}}"#
    )
}

fn parse_outputs(line: &[u8]) -> (Vec<u64>, ParseStats) {
    let (mut outputs, mut stats) = (Vec::new(), ParseStats::default());
    let find_earlier = || Some(Timestamp(0));
    LineParser::default().parse_line(line, CONTEXT, &mut stats, find_earlier, |event| match event {
        LogEvent::Usage(entry) => outputs.push(entry.usage.output),
        LogEvent::Title(_)
        | LogEvent::OrphanTitle(_)
        | LogEvent::ReportedTotals(..)
        | LogEvent::Notice(..)
        | LogEvent::WindowEnd(_)
        | LogEvent::PullRequest(..)
        | LogEvent::Compaction(..)
        | LogEvent::Folder(_) => {}
    });
    (outputs, stats)
}

/// Returns the branches of the messages of a line.
fn parse_branches(line: &str) -> Vec<Option<String>> {
    let (mut branches, mut stats) = (Vec::new(), ParseStats::default());
    LineParser::default().parse_line(
        line.as_bytes(),
        CONTEXT,
        &mut stats,
        || None,
        |event| {
            if let LogEvent::Usage(entry) = event {
                branches.push(entry.branch.map(str::to_owned));
            }
        },
    );
    branches
}

#[test]
fn a_record_without_a_branch_has_none() {
    let on = |branch: &str| record("a", 1).replacen('{', &format!(r#"{{"gitBranch":"{branch}","#), 1);
    assert_eq!(parse_branches(&on("main")), [Some("main".to_owned())]);
    assert_eq!(parse_branches(&on("HEAD")), [None], "the session runs outside a repository, or on no branch");
    assert_eq!(parse_branches(&on("")), [None]);
    assert_eq!(parse_branches(&record("a", 1)), [None]);
}

/// Generates bytes that resemble parts of logs.
fn arbitrary_bytes() -> impl Strategy<Value = Vec<u8>> {
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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(700)) })]

    #[test]
    fn any_bytes_are_parsed_and_counted_as_one_line(line in arbitrary_bytes()) {
        let line: Vec<u8> = line.into_iter().filter(|byte| *byte != b'\n').collect();
        let (outputs, stats) = parse_outputs(&line);
        prop_assert_eq!(stats.lines, u64::from(!line.trim_ascii().is_empty()));
        let damaged = stats.skip_count(SkipReason::Damaged) + stats.skip_count(SkipReason::NotJson);
        prop_assert!(damaged <= 1, "a line is reported as damaged at most once");
        prop_assert!(outputs.len() as u64 >= stats.entries);
        last_timestamp(&line);
    }

    #[test]
    fn a_complete_record_is_found_after_any_torn_one(cut in 1..record("a", 1).len() - 1) {
        let line = format!("{}{}", &record("a", 1)[..cut], record("b", 2));
        let (outputs, stats) = parse_outputs(line.as_bytes());
        prop_assert_eq!(outputs, vec![2]);
        prop_assert_eq!(stats.skip_count(SkipReason::Damaged), 1);
    }

    #[test]
    fn an_unfinished_line_emits_all_of_its_events_or_none(cut in 0..=record("a", 1).len()) {
        let mut events = 0;
        let line = &record("a", 1)[..cut];
        LineParser::default().parse_unfinished(line.as_bytes(), CONTEXT, || None, |_| events += 1);
        prop_assert_eq!(events, u64::from(cut == record("a", 1).len()));
    }
}

#[test]
fn joined_records_are_all_parsed() {
    let line = format!("\u{feff}\0\0{}{} {}\r", record("a", 1), record("b", 2), record("c", 3));
    let (outputs, stats) = parse_outputs(line.as_bytes());
    assert_eq!((outputs, stats.lines, stats.entries), (vec![1, 2, 3], 1, 3));
}

#[test]
fn the_key_of_a_line_without_ids_does_not_change_when_the_line_is_finished() {
    let line = record("", 1).replace("msg_", "");
    let keys = |line: &str| {
        let mut keys = Vec::new();
        let mut record_key = |event: LogEvent<'_>| {
            if let LogEvent::Usage(entry) = event {
                keys.push(entry.key);
            }
        };
        let parser = LineParser::default();
        parser.parse_unfinished(line.trim_end().as_bytes(), CONTEXT, || None, &mut record_key);
        parser.parse_line(line.as_bytes(), CONTEXT, &mut ParseStats::default(), || None, &mut record_key);
        keys
    };
    for end in ["", "\r", " \t"] {
        let keys = keys(&format!("{line}{end}"));
        assert_eq!((keys.len(), keys[0] == keys[1]), (2, true), "the line ending is not part of the key: {end:?}");
    }
}
