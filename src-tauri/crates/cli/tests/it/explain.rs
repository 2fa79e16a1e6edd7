//! `token-monitor explain`: for made-up logs with the output of ccusage, and for real logs if they are available.
//!
//! The figures in `ccusage.json` were printed by ccusage; `scripts/check-ccusage.py --write` updates them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::oracle::{reference_folder, report_missing_reference};
use crate::program::{Home, line};

const KINDS: [&str; 4] = ["inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens"];

const EXCLUDED_ROWS: [&str; 7] = ["repeated", "copies", "replays", "progress", "synthetic", "noTime", "otherTypes"];

/// Token counts by kind.
type Counts = [i64; 4];

/// A case: logs, and the figures of both programs.
#[derive(serde::Deserialize)]
struct Case {
    name: String,
    logs: BTreeMap<String, Vec<String>>,
    ccusage: BTreeMap<String, BTreeMap<String, Counts>>,
    ours: BTreeMap<String, BTreeMap<String, Counts>>,
}

fn load_cases() -> Vec<Case> {
    serde_json::from_str(include_str!("ccusage.json")).expect("the cases are valid")
}

fn home_of(case: &Case) -> Home {
    let home = Home::new();
    for (path, lines) in &case.logs {
        home.write(path, &[lines.join("\n")]);
    }
    home
}

fn counts_of(row: &Value) -> Counts {
    KINDS.map(|kind| row[kind].as_i64().expect("a number"))
}

fn sum_counts(rows: impl IntoIterator<Item = Counts>) -> Counts {
    rows.into_iter().fold([0; 4], |all, row| std::array::from_fn(|kind| all[kind] + row[kind]))
}

fn negate(row: Counts) -> Counts {
    row.map(|count| -count)
}

/// Asserts that the rows of an explanation add up to the figure, and the steps to the figure of ccusage.
fn assert_adds_up(answer: &Value, case: &str) {
    let excluded = EXCLUDED_ROWS.map(|part| negate(counts_of(&answer[part])));
    let lines =
        sum_counts([counts_of(&answer["naive"]), counts_of(&answer["piecedTogether"])].into_iter().chain(excluded));
    assert_eq!(lines, counts_of(&answer["counted"]), "{case}: all lines without the excluded ones are counted");
    let Some(against) = answer.get("against") else { return };
    assert_eq!(counts_of(&against["ours"]), counts_of(&answer["counted"]), "{case}: the steps start at our figure");
    let steps = against["steps"].as_array().expect("a list").iter().map(counts_of);
    let end = sum_counts(std::iter::once(counts_of(&against["ours"])).chain(steps));
    assert_eq!(end, counts_of(&against["theirs"]), "{case}: the steps end at the figure of ccusage");
}

fn explain(home: &Home, args: &[&str], case: &str) -> Value {
    let answer = home.json(&[&["explain"], args].concat());
    assert_adds_up(&answer, case);
    assert_eq!(counts_of(&answer["noLongerInLogs"]), [0; 4], "{case}: {args:?} explains the whole figure");
    answer
}

/// Returns the names of the rows of both programs.
fn row_names<'a>(one: &'a BTreeMap<String, Counts>, other: &'a BTreeMap<String, Counts>) -> BTreeSet<&'a String> {
    one.keys().chain(other.keys()).collect()
}

#[test]
fn the_emulation_matches_the_output_of_ccusage() {
    for case in load_cases() {
        let (home, name) = (home_of(&case), &case.name);
        for (command, rows) in &case.ccusage {
            let answer = explain(&home, &["--all", "--against", "ccusage", "--command", command], name);
            assert_eq!(
                counts_of(&answer["against"]["theirs"]),
                sum_counts(rows.values().copied()),
                "{name}: {command}"
            );
        }
        let days = &case.ccusage["daily"];
        for day in row_names(days, &case.ours["days"]) {
            let answer = explain(&home, &["--day", day, "--timezone", "UTC", "--against", "ccusage"], name);
            assert_eq!(
                counts_of(&answer["against"]["theirs"]),
                days.get(day).copied().unwrap_or_default(),
                "{name}: {day}"
            );
            assert_eq!(
                counts_of(&answer["counted"]),
                case.ours["days"].get(day).copied().unwrap_or_default(),
                "{name}"
            );
        }
        for (session, ours) in &case.ours["sessions"] {
            let answer = explain(&home, &["--session", session, "--against", "ccusage"], name);
            let theirs = case.ccusage["session"].get(session).copied().unwrap_or_default();
            assert_eq!(counts_of(&answer["against"]["theirs"]), theirs, "{name}: session {session}");
            assert_eq!(counts_of(&answer["counted"]), *ours, "{name}: session {session}");
        }
    }
}

/// Returns a home whose logs have an entry for most rows.
fn home_with_all_rows() -> Home {
    let home = Home::new();
    let at = |second: u32| format!("2026-02-03T09:12:{second:02}.000Z");
    let entry = |session: &str, id: &str, second: u32, output: u64| {
        line(session, id, "claude-opus-4-8", &at(second), [1200, output, 20_000, 300_000])
    };
    let sidechain = |text: String| text.replace("\"type\"", "\"isSidechain\":true,\"type\"");
    home.write(
        "-home-x-shop/1f0e9d8c-aaaa.jsonl",
        &[
            entry("1f0e9d8c-aaaa", "a1", 0, 350),
            entry("1f0e9d8c-aaaa", "a1", 5, 900),
            entry("1f0e9d8c-aaaa", "a2", 20, 2_345).replace("\"sessionId\"", "\"version\":\"dev\",\"sessionId\""),
            entry("1f0e9d8c-aaaa", "a3", 30, 5).replace("claude-opus-4-8", "<synthetic>"),
            "{\"type\":\"assistant\",\"torn\n".to_owned(),
        ],
    );
    home.write("-home-x-shop/2b1a0c9d-bbbb.jsonl", &[entry("2b1a0c9d-bbbb", "a1", 0, 900)]);
    home.write(
        "-home-x-shop/1f0e9d8c-aaaa/subagents/agent-1.jsonl",
        &[sidechain(entry("1f0e9d8c-aaaa", "a1", 9, 900))],
    );
    home
}

#[test]
fn explanations_are_unchanged() {
    let home = home_with_all_rows();
    let day = ["explain", "--day", "2026-02-03", "--timezone", "UTC"];
    assert_snapshot!("explain-help", home.prints(&["explain", "--help"]));
    assert_snapshot!("explain-day", home.prints(&day));
    assert_snapshot!("explain-day-against", home.prints(&[&day[..], &["--against", "ccusage"]].concat()));
    let session = ["explain", "--session", "1f0e", "--against", "ccusage", "--verbose"];
    assert_snapshot!("explain-session-verbose", home.prints(&session));
}

#[test]
fn deleted_logs_are_a_separate_step() {
    let home = home_with_all_rows();
    let day = ["--day", "2026-02-03", "--timezone", "UTC", "--against", "ccusage"];
    let before = explain(&home, &day, "before");
    let log = home.path().join(".claude/projects/-home-x-shop/1f0e9d8c-aaaa.jsonl");
    fs::remove_file(log).expect("it is deleted");
    let after = home.json(&[&["explain"], &day[..]].concat());
    assert_adds_up(&after, "after");
    assert_eq!(after["history"], before["history"], "the history is unchanged");
    let kept = sum_counts([counts_of(&after["history"]), negate(counts_of(&after["counted"]))]);
    assert_eq!((counts_of(&after["noLongerInLogs"]), kept[1]), (kept, 2_345), "the logs no longer contain it");
}

#[test]
fn requests_without_an_answer_are_counted_and_homes_beside_the_default_one_are_read() {
    let home = Home::new();
    let request = |id: &str| {
        format!(r#"{{"type":"api-request","sessionId":"s","id":"{id}","timestamp":"2026-02-03T09:12:00Z"}}"#) + "\n"
    };
    let answer = line("s", "a1", "claude-opus-4-8", "2026-02-03T09:12:01Z", [1, 2, 3, 4]);
    let answer = answer.replace("\"sessionId\"", "\"requestRef\":\"1\",\"sessionId\"");
    home.write("-home-x-shop/s.jsonl", &[request("1"), answer, request("2")]);
    let other = home.path().join(".claude-work/projects/-home-x-shop");
    fs::create_dir_all(&other).expect("a folder");
    let in_other_home = line("t", "b1", "claude-opus-4-8", "2026-02-03T09:13:00Z", [0, 5, 0, 0]);
    fs::write(other.join("t.jsonl"), in_other_home).expect("it is written");
    let answer = explain(&home, &["--all"], "all");
    assert_eq!((&answer["unansweredRequests"], &answer["counted"]["messages"]), (&json!(1), &json!(2)));
    assert!(home.prints(&["explain", "--all"]).contains("1 request has no answer in the logs"));
}

#[test]
fn a_session_is_found_by_id_prefix_or_name() {
    let home = home_with_all_rows();
    home.json(&["rename", "1f0e", "Docs week"]);
    for name in ["1f0e9d8c-aaaa", "1f0e", "docs WEEK"] {
        let answer = home.json(&["explain", "--session", name]);
        assert_eq!(answer["about"], json!("session 1f0e9d8c-aaaa"), "{name}");
    }
    let unknown = home.run(&["explain", "--session", "unknown"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no session “unknown”"));
}

#[test]
fn day_session_and_all_exclude_each_other() {
    let home = Home::new();
    for both in [["--all", "--session=a"], ["--all", "--day=2026-02-03"], ["--session=a", "--timezone=UTC"]] {
        assert_eq!(home.run(&[&["explain"], &both[..]].concat()).status.code(), Some(2), "{both:?}");
    }
}

/// The number of days and sessions that are explained. Each explanation reads all logs.
const MAX_EXPLAINED: usize = 3;

#[test]
fn real_logs_are_explained_completely() {
    let Some(shared) = reference_folder() else { return report_missing_reference() };
    let entries = fs::read_dir(shared.join("corpus")).expect("it can be read");
    for folder in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()) {
        let (home, case) = (Home::new(), folder.display().to_string());
        let run = |args: &[&str]| home.run_on(&folder, args);
        let days = run(&["days", "--timezone", "UTC"]);
        let all = run(&["explain", "--all", "--against", "ccusage"]);
        assert_adds_up(&all, &case);
        assert_eq!(counts_of(&all["counted"]), counts_of(&days["totals"]), "{case}");
        assert_eq!(all["counted"]["messages"], days["totals"]["messageCount"], "{case}");
        for day in days["days"].as_array().expect("a list").iter().take(MAX_EXPLAINED) {
            let date = day["date"].as_str().expect("a date");
            let answer = run(&["explain", "--day", date, "--timezone", "UTC"]);
            assert_eq!(counts_of(&answer["counted"]), counts_of(day), "{case}: {date}");
        }
        for session in run(&["sessions"])["sessions"].as_array().expect("a list").iter().take(MAX_EXPLAINED) {
            let id = session["sessionId"].as_str().expect("an id");
            let answer = run(&["explain", "--session", id]);
            assert_adds_up(&answer, &case);
            assert_eq!(counts_of(&answer["counted"]), counts_of(session), "{case}: {id}");
        }
    }
}
