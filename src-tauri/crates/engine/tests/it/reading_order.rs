//! The order in which logs are read changes nothing: neither figures nor names.
//!
//! A `summary` names a session by one of its messages, and may be read before that message.

use proptest::prelude::*;
use serde_json::json;
use token_monitor_test_support::property_cases;

use crate::harness::{Line, TestEnv, line};

const PLACES: [&str; 3] = ["p/a.jsonl", "p/b.jsonl", "p/c.jsonl"];
const SESSIONS: [&str; 3] = ["a", "b", "c"];

/// The number of messages that a summary may name.
const MESSAGES: u64 = 6;

/// A record of a log.
#[derive(Clone, Debug)]
enum LogRecord {
    /// A message with this number, of the log's session.
    Message(u64),
    /// A summary that names a message.
    Summary(u64, u8),
    /// A title that names the session.
    Title(usize, u8),
}

impl LogRecord {
    fn write(&self, log: usize) -> String {
        match self {
            Self::Message(number) => {
                let session = SESSIONS[log];
                let minute = i64::try_from(*number).expect("it is small");
                let uuid = *number;
                Line { session, minute, uuid, ..line(&format!("{session}{number}"), number + 1) }.with_newline()
            }
            Self::Summary(number, text) => {
                let leaf = format!("{number:032}");
                format!("{}\n", json!({ "type": "summary", "summary": format!("Summary {text}"), "leafUuid": leaf }))
            }
            Self::Title(session, text) => {
                let (session, text) = (SESSIONS[*session], format!("Title {text}"));
                format!("{}\n", json!({ "type": "ai-title", "sessionId": session, "aiTitle": text }))
            }
        }
    }
}

fn record() -> impl Strategy<Value = LogRecord> {
    prop_oneof![
        3 => (0..MESSAGES).prop_map(LogRecord::Message),
        3 => (0..MESSAGES, 0..9_u8).prop_map(|(number, text)| LogRecord::Summary(number, text)),
        1 => (0..SESSIONS.len(), 0..9_u8).prop_map(|(session, text)| LogRecord::Title(session, text)),
    ]
}

/// Returns records, each with the number of its log, in the order in which they are written, and if the program is
/// restarted after each.
fn steps() -> impl Strategy<Value = Vec<(usize, LogRecord, bool)>> {
    prop::collection::vec((0..PLACES.len(), record(), prop::bool::weighted(0.2)), 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(48)) })]

    #[test]
    fn logs_read_in_parts_and_in_any_order_equal_the_logs_read_at_once(steps in steps()) {
        let (parts, whole) = (TestEnv::new(), TestEnv::new());
        let mut running = parts.start();
        for (log, record, restart) in &steps {
            let text = record.write(*log);
            parts.append(PLACES[*log], &text);
            whole.append(PLACES[*log], &text);
            running.sync();
            if *restart {
                running.stop();
                running = parts.start();
            }
        }
        running.sync();
        let found = running.figures();
        running.stop();
        prop_assert_eq!(found, whole.figures());
    }
}

#[test]
fn a_summary_read_before_its_message_names_the_session_later() {
    let env = TestEnv::new();
    env.write("p/a.jsonl", LogRecord::Summary(3, 1).write(0));
    env.figures();
    env.write("p/b.jsonl", LogRecord::Message(2).write(1));
    assert_eq!(env.figures().sessions["b"].title, "x May 1, 2026, 10:02", "another message");
    env.append("p/b.jsonl", LogRecord::Message(3).write(1));
    assert_eq!(env.figures().sessions["b"].title, "Summary 1");
}

#[test]
fn a_running_program_finds_the_message_of_an_earlier_summary() {
    let env = TestEnv::new();
    let running = env.live();
    env.write("p/a.jsonl", LogRecord::Summary(3, 1).write(0));
    running.sync();
    env.write("p/b.jsonl", LogRecord::Message(3).write(1));
    running.until("the message", |snapshot| snapshot.totals.output_tokens == 4);
    running.sync();
    assert_eq!(running.figures().sessions["b"].title, "Summary 1");
    running.stop();
}
