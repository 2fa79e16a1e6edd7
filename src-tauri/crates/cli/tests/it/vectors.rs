//! The cases by which programs that count Claude Code's tokens are compared, run with the program itself.
//!
//! The reason of an assertion mentions programs that are known to print something else.

use std::fs;
use std::io::Write;

use chrono::{Duration, Utc};
use rstest::rstest;
use serde_json::{Value, json};

use crate::program::Home;

/// Returns a log line with usage, changed as a case requires.
fn record_line(changes: &Value) -> String {
    let mut record = json!({
        "type": "assistant", "sessionId": "s", "timestamp": "2026-05-01T10:00:00Z", "requestId": "req_1",
        "version": "2.1.199", "cwd": "/home/x/work", "isSidechain": false,
        "message": { "id": "msg_1", "model": "claude-sonnet-4-5", "role": "assistant", "usage": {} },
    });
    merge_json(&mut record, changes);
    format!("{record}\n")
}

fn merge_json(into: &mut Value, changes: &Value) {
    match (into, changes) {
        (Value::Object(into), Value::Object(changes)) => {
            for (key, change) in changes {
                merge_json(into.entry(key.clone()).or_insert(Value::Null), change);
            }
        }
        (into, change) => *into = change.clone(),
    }
}

fn with_usage(usage: &Value) -> Value {
    json!({ "message": { "usage": usage } })
}

fn merged(mut changes: Value, more: &Value) -> Value {
    merge_json(&mut changes, more);
    changes
}

fn home_with_log(lines: &[String]) -> Home {
    let home = Home::new();
    home.write("p/s.jsonl", lines);
    home
}

fn model_totals(home: &Home) -> Value {
    home.json(&["models"])["totals"].clone()
}

fn output_and_messages(lines: &[Value]) -> (u64, u64) {
    let lines: Vec<_> = lines.iter().map(record_line).collect();
    let totals = model_totals(&home_with_log(&lines));
    let figure = |name: &str| totals[name].as_u64().expect("a number");
    (figure("outputTokens"), figure("messageCount"))
}

fn cost_of(usage: &Value, model: &str, day: &str) -> f64 {
    let change = json!({ "timestamp": format!("{day}T12:00:00Z"), "message": { "model": model, "usage": usage } });
    model_totals(&home_with_log(&[record_line(&change)]))["totalCost"].as_f64().expect("it has a price")
}

#[test]
fn v1_lines_of_one_message_count_once_with_the_largest_output() {
    let line = |output: u64| with_usage(&json!({ "output_tokens": output }));
    assert_eq!(output_and_messages(&[line(1), line(50), line(200)]), (200, 1));
}

#[test]
fn v2_a_line_with_a_null_request_id_is_counted() {
    let without_request = merged(with_usage(&json!({ "output_tokens": 9 })), &json!({ "requestId": null }));
    assert_eq!(
        output_and_messages(&[with_usage(&json!({ "output_tokens": 5 })), without_request]),
        (9, 1),
        "ccusage drops the second line"
    );
}

#[test]
fn v3_two_request_ids_are_still_one_message() {
    let other = merged(with_usage(&json!({ "output_tokens": 7 })), &json!({ "requestId": "req_2" }));
    assert_eq!(
        output_and_messages(&[with_usage(&json!({ "output_tokens": 5 })), other]),
        (7, 1),
        "ccusage counts twelve"
    );
}

#[test]
fn v4_a_message_repeated_by_a_side_question_counts_once() {
    let aside =
        merged(with_usage(&json!({ "output_tokens": 900 })), &json!({ "requestId": "req_2", "isSidechain": true }));
    assert_eq!(output_and_messages(&[with_usage(&json!({ "output_tokens": 5 })), aside]), (5, 1));
}

#[rstest]
#[case::v5_all_input(json!({ "input_tokens": 300_000 }), "claude-sonnet-4-5", "2026-02-01", 1.80)]
#[case::v6_input_and_cache(json!({ "input_tokens": 150_000, "cache_read_input_tokens": 100_000 }), "claude-sonnet-4-5", "2026-02-01", 0.96)]
#[case::v6b_before_the_surcharge_ended(json!({ "input_tokens": 300_000 }), "claude-sonnet-4-6", "2026-03-12", 1.80)]
#[case::v6b_after_the_surcharge_ended(json!({ "input_tokens": 300_000 }), "claude-sonnet-4-6", "2026-03-14", 0.90)]
#[case::an_hour_of_cache(json!({ "cache_creation_input_tokens": 1_000_000, "cache_creation": { "ephemeral_1h_input_tokens": 1_000_000 } }), "claude-opus-5", "2026-11-01", 10.0)]
#[case::web_search(json!({ "server_tool_use": { "web_search_requests": 3 } }), "claude-opus-5", "2026-11-01", 0.03)]
#[case::us_inference(json!({ "output_tokens": 1_000_000, "inference_geo": "us" }), "claude-opus-5", "2026-11-01", 27.5)]
#[case::fast(json!({ "output_tokens": 1_000_000, "speed": "fast" }), "claude-opus-5-5", "2026-11-01", 40.0)]
fn costs_are_those_of_the_whole_request(
    #[case] usage: Value,
    #[case] model: &str,
    #[case] day: &str,
    #[case] dollars: f64,
) {
    assert!((cost_of(&usage, model, day) - dollars).abs() < 1e-9);
}

#[test]
fn v7_a_cache_write_total_larger_than_its_split_is_used() {
    let split = json!({ "ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20 });
    let usage = json!({ "cache_creation_input_tokens": 999, "cache_creation": split });
    let totals = model_totals(&home_with_log(&[record_line(&with_usage(&usage))]));
    assert_eq!((&totals["cacheCreationTokens"], &totals["cacheCreation1hTokens"]), (&json!(999), &json!(20)));
}

#[test]
fn v8_no_gap_overlaps_a_block() {
    let at = |id: &str, time: &str| {
        record_line(&json!({ "timestamp": format!("2026-03-01T{time}Z"), "message": { "id": id } }))
    };
    let home = home_with_log(&[at("msg_a", "10:15:00"), at("msg_b", "15:15:00.000"), at("msg_c", "15:15:00.001")]);
    let blocks = home.json(&["blocks"])["blocks"].as_array().expect("a list").clone();
    let edges: Vec<_> = blocks.iter().map(|row| (row["startTime"].as_str(), row["endTime"].as_str())).collect();
    let expected =
        [("10", "15"), ("15", "20")].map(|(start, end)| [start, end].map(|h| format!("2026-03-01T{h}:00:00Z")));
    let expected: Vec<_> = expected.iter().map(|[start, end]| (Some(start.as_str()), Some(end.as_str()))).collect();
    assert_eq!(edges, expected, "ccusage shows a gap of a millisecond within the second block");
}

#[test]
fn v9_usage_of_an_hour_ago_is_not_in_the_burn_rate() {
    let ago = |id: &str, minutes: i64| {
        let when = (Utc::now() - Duration::minutes(minutes)).to_rfc3339();
        record_line(&json!({ "timestamp": when, "message": { "id": id, "usage": { "output_tokens": 1100 } } }))
    };
    let status = home_with_log(&[ago("msg_a", 61), ago("msg_b", 60)]).json(&["status"]);
    let rate = status["burnRate"]["tokensPerMinute"].as_u64().expect("a number");
    assert!(rate <= 1, "{rate}; ccusage prints 2,200");
}

#[test]
fn v10_a_progress_line_counts_the_same_in_every_view() {
    let nested: Value =
        serde_json::from_str(&record_line(&with_usage(&json!({ "output_tokens": 7 })))).expect("a record");
    let line = json!({ "type": "progress", "sessionId": "s", "timestamp": "2026-05-01T10:00:00Z", "data": { "message": nested } });
    let home = home_with_log(&[format!("{line}\n")]);
    for view in ["days", "sessions", "models"] {
        assert_eq!(home.json(&[view])["totals"]["outputTokens"], 7, "{view}");
    }
    assert_eq!(home.json(&["blocks"])["blocks"][0]["tokensUsed"], 7);
}

#[test]
fn v11_a_workflows_agent_belongs_to_the_session_that_started_it() {
    let home = home_with_log(&[record_line(&with_usage(&json!({ "output_tokens": 1 })))]);
    let agent = json!({ "isSidechain": true, "message": { "id": "msg_2", "usage": { "output_tokens": 20 } } });
    home.write("p/s/subagents/workflows/wf_1/agent-a.jsonl", &[record_line(&agent)]);
    let sessions = home.json(&["sessions"])["sessions"].as_array().expect("a list").clone();
    assert_eq!((sessions.len(), &sessions[0]["outputTokens"]), (1, &json!(21)));
    let detail = home.json(&["session", "s"]);
    let run = &detail["runs"][0];
    assert_eq!((&run["workflow"], &run["runId"], &run["outputTokens"]), (&json!("wf_1"), &json!("a"), &json!(20)));
}

#[rstest]
#[case::a_version_without_numbers(json!({ "version": "dev" }))]
#[case::microseconds(json!({ "timestamp": "2026-05-01T10:00:00.123456Z" }))]
#[case::no_folder(json!({ "cwd": null }))]
#[case::null_speed(json!({ "message": { "usage": { "speed": null } } }))]
fn v12_unusual_lines_are_counted(#[case] change: Value) {
    let changes = merged(with_usage(&json!({ "output_tokens": 5 })), &change);
    assert_eq!(output_and_messages(&[changes]), (5, 1));
}

#[test]
fn v13_an_unfinished_line_is_counted_when_it_is_complete() {
    let line = record_line(&json!({ "message": { "id": "msg_2", "usage": { "output_tokens": 20 } } }));
    let (half, rest) = line.split_at(line.len() / 2);
    let home = Home::new();
    let log = home.write("p/s.jsonl", &[record_line(&with_usage(&json!({ "output_tokens": 1 }))), half.to_owned()]);
    assert_eq!(model_totals(&home)["outputTokens"], 1);
    let mut file = fs::OpenOptions::new().append(true).open(log).expect("it is there");
    file.write_all(rest.as_bytes()).expect("it is written");
    assert_eq!(model_totals(&home)["outputTokens"], 21);
}

#[test]
fn v14_entries_stay_counted_after_the_log_is_rewritten_or_deleted() {
    let home = home_with_log(&[record_line(&with_usage(&json!({ "output_tokens": 5 })))]);
    assert_eq!(model_totals(&home)["outputTokens"], 5);
    home.write("p/s.jsonl", &[record_line(&json!({ "message": { "id": "msg_2", "usage": { "output_tokens": 20 } } }))]);
    assert_eq!(model_totals(&home)["outputTokens"], 25, "rewritten");
    fs::remove_dir_all(home.path().join(".claude")).expect("it was there");
    assert_eq!(model_totals(&home)["outputTokens"], 25, "deleted");
}

#[test]
fn v15_a_timestamp_in_place_of_a_percentage_is_not_shown() {
    let home = Home::new();
    let input = json!({ "session_id": "s", "rate_limits": { "five_hour": { "used_percentage": 1_738_425_600, "resets_at": 1_738_425_600 } } });
    let printed = home.run_with(&["statusline"], input.to_string().as_bytes());
    assert!(printed.status.success() && !String::from_utf8_lossy(&printed.stdout).contains('%'));
    assert_eq!(home.json(&["status"])["quota"], json!([]));
}

/// Covers India's offset of half an hour, and the day on which New York's clocks go forward.
#[rstest]
#[case("Asia/Kolkata", "2026-05-01T18:29:59Z", "2026-05-01")]
#[case("Asia/Kolkata", "2026-05-01T18:30:00Z", "2026-05-02")]
#[case("America/New_York", "2026-03-08T04:59:59Z", "2026-03-07")]
#[case("America/New_York", "2026-03-09T03:59:59Z", "2026-03-08")]
#[case("America/New_York", "2026-03-09T04:00:00Z", "2026-03-09")]
fn v16_days_begin_at_midnight_in_the_time_zone(#[case] zone: &str, #[case] when: &str, #[case] day: &str) {
    let home = home_with_log(&[record_line(&json!({ "timestamp": when }))]);
    assert_eq!(home.json(&["days", "--timezone", zone])["days"][0]["date"], day);
}
