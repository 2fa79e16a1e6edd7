//! The shared table of text cases: the formatter and the sanitizer of the page pass the same table in TypeScript.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use token_monitor_core::text::format::{
    ViewerZone, format_age, format_clock, format_compact, format_compact_range, format_date, format_date_time,
    format_dollars, format_duration, format_number, format_percent, format_percent_range, format_upcoming,
};
use token_monitor_core::text::sanitize::{sanitize_line, sanitize_name, truncate};

const CASES: &str = include_str!("../fixtures/text-cases.json");

/// Checks every case of a group of the table.
fn check_cases(group: &str, format: impl Fn(&Value) -> String) {
    let table: Value = serde_json::from_str(CASES).expect("is JSON");
    let cases = table[group].as_array().unwrap_or_else(|| panic!("there is no group {group}"));
    assert!(!cases.is_empty(), "{group} has no cases");
    for case in cases {
        assert_eq!(format(case), case["text"], "{group}: {case}");
    }
}

fn whole(value: &Value) -> u128 {
    value.as_u64().expect("a whole number").into()
}

fn float(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn time(value: &Value) -> DateTime<Utc> {
    text(value).parse().expect("a time")
}

fn zone(case: &Value) -> ViewerZone {
    ViewerZone::from_name(text(&case["zone"]))
}

#[test]
fn numbers_are_formatted_as_in_the_shared_table() {
    check_cases("number", |case| format_number(whole(&case["input"])));
    check_cases("compact", |case| format_compact(whole(&case["input"])));
    check_cases("compactRange", |case| format_compact_range(whole(&case["low"]), whole(&case["high"])));
}

#[test]
fn shares_and_money_are_formatted_as_in_the_shared_table() {
    check_cases("percent", |case| format_percent(float(&case["input"])));
    check_cases("percentRange", |case| format_percent_range(float(&case["low"]), float(&case["high"])));
    check_cases("dollars", |case| format_dollars(float(&case["input"])));
}

#[test]
fn durations_are_formatted_as_in_the_shared_table() {
    check_cases("duration", |case| format_duration(TimeDelta::seconds(case["seconds"].as_i64().expect("seconds"))));
    check_cases("age", |case| format_age(case["minutes"].as_u64().expect("minutes")));
}

#[test]
fn times_are_formatted_as_in_the_shared_table() {
    check_cases("clock", |case| format_clock(time(&case["at"]), zone(case)));
    check_cases("upcoming", |case| format_upcoming(time(&case["at"]), time(&case["now"]), zone(case)));
    check_cases("date", |case| format_date(time(&case["at"]), zone(case)));
    check_cases("dateTime", |case| format_date_time(time(&case["at"]), zone(case)));
}

#[test]
fn text_is_sanitized_as_in_the_shared_table() {
    check_cases("sanitize", |case| sanitize_line(text(&case["input"])));
    let max = |case: &Value| usize::try_from(case["max"].as_u64().expect("a length")).expect("fits");
    check_cases("truncate", |case| truncate(text(&case["input"]), max(case)));
    check_cases("truncate", |case| sanitize_name(text(&case["input"]), max(case)));
}
