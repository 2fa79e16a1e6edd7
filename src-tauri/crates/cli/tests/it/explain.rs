//! What `explain` says: of made-up logs with ccusage's own answers beside them, and of real ones where they are.
//!
//! The answers in `ccusage.json` were printed by ccusage itself; `scripts/check-ccusage.py --write` asks it again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::oracle::{nothing_to_compare_with, shared};
use crate::program::{Home, line};

const KINDS: [&str; 4] = ["inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens"];

const LEFT_OUT: [&str; 7] = ["repeated", "copies", "replays", "progress", "synthetic", "noTime", "otherTypes"];

type Four = [i64; 4];

/// A case: logs, and what both programs make of them.
#[derive(serde::Deserialize)]
struct Case {
    name: String,
    logs: BTreeMap<String, Vec<String>>,
    ccusage: BTreeMap<String, BTreeMap<String, Four>>,
    ours: BTreeMap<String, BTreeMap<String, Four>>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("ccusage.json")).expect("the cases are as written")
}

fn home_of(case: &Case) -> Home {
    let home = Home::new();
    for (place, lines) in &case.logs {
        home.write(place, &[lines.join("\n")]);
    }
    home
}

fn four(row: &Value) -> Four {
    KINDS.map(|kind| row[kind].as_i64().expect("a number"))
}

fn sum(rows: impl IntoIterator<Item = Four>) -> Four {
    rows.into_iter().fold([0; 4], |all, row| std::array::from_fn(|kind| all[kind] + row[kind]))
}

fn less(row: Four) -> Four {
    row.map(|count| -count)
}

/// What must hold of every explanation: the lines add up to the figure, and the steps to ccusage's.
fn adds_up(answer: &Value, what: &str) {
    let left_out = LEFT_OUT.map(|part| less(four(&answer[part])));
    let lines = sum([four(&answer["naive"]), four(&answer["piecedTogether"])].into_iter().chain(left_out));
    assert_eq!(lines, four(&answer["counted"]), "{what}: what is left of all lines is what is counted");
    let Some(against) = answer.get("against") else { return };
    assert_eq!(four(&against["ours"]), four(&answer["counted"]), "{what}: the way begins where we are");
    let steps = against["steps"].as_array().expect("a list").iter().map(four);
    let end = sum(std::iter::once(four(&against["ours"])).chain(steps));
    assert_eq!(end, four(&against["theirs"]), "{what}: the steps lead where they say");
}

fn explained(home: &Home, args: &[&str], what: &str) -> Value {
    let answer = home.json(&[&["explain"], args].concat());
    adds_up(&answer, what);
    assert_eq!(four(&answer["noLongerInLogs"]), [0; 4], "{what}: {args:?} explains the figure that is shown");
    answer
}

/// The rows one side or the other has.
fn names<'a>(one: &'a BTreeMap<String, Four>, other: &'a BTreeMap<String, Four>) -> BTreeSet<&'a String> {
    one.keys().chain(other.keys()).collect()
}

#[test]
fn what_is_emulated_is_what_ccusage_prints() {
    for case in cases() {
        let (home, what) = (home_of(&case), &case.name);
        for (command, rows) in &case.ccusage {
            let answer = explained(&home, &["--all", "--against", "ccusage", "--command", command], what);
            assert_eq!(four(&answer["against"]["theirs"]), sum(rows.values().copied()), "{what}: {command}");
        }
        let days = &case.ccusage["daily"];
        for day in names(days, &case.ours["days"]) {
            let answer = explained(&home, &["--day", day, "--timezone", "UTC", "--against", "ccusage"], what);
            assert_eq!(four(&answer["against"]["theirs"]), days.get(day).copied().unwrap_or_default(), "{what}: {day}");
            assert_eq!(four(&answer["counted"]), case.ours["days"].get(day).copied().unwrap_or_default(), "{what}");
        }
        for (session, ours) in &case.ours["sessions"] {
            let answer = explained(&home, &["--session", session, "--against", "ccusage"], what);
            let theirs = case.ccusage["session"].get(session).copied().unwrap_or_default();
            assert_eq!(four(&answer["against"]["theirs"]), theirs, "{what}: session {session}");
            assert_eq!(four(&answer["counted"]), *ours, "{what}: session {session}");
        }
    }
}

/// A session with a part of everything.
fn eventful() -> Home {
    let home = Home::new();
    let at = |second: u32| format!("2026-02-03T09:12:{second:02}.000Z");
    let said = |session: &str, id: &str, second: u32, output: u64| {
        line(session, id, "claude-opus-4-8", &at(second), [1200, output, 20_000, 300_000])
    };
    let aside = |text: String| text.replace("\"type\"", "\"isSidechain\":true,\"type\"");
    home.write(
        "-home-x-shop/1f0e9d8c-aaaa.jsonl",
        &[
            said("1f0e9d8c-aaaa", "a1", 0, 350),
            said("1f0e9d8c-aaaa", "a1", 5, 900),
            said("1f0e9d8c-aaaa", "a2", 20, 2_345).replace("\"sessionId\"", "\"version\":\"dev\",\"sessionId\""),
            said("1f0e9d8c-aaaa", "a3", 30, 5).replace("claude-opus-4-8", "<synthetic>"),
            "{\"type\":\"assistant\",\"torn\n".to_owned(),
        ],
    );
    home.write("-home-x-shop/2b1a0c9d-bbbb.jsonl", &[said("2b1a0c9d-bbbb", "a1", 0, 900)]);
    home.write("-home-x-shop/1f0e9d8c-aaaa/subagents/agent-1.jsonl", &[aside(said("1f0e9d8c-aaaa", "a1", 9, 900))]);
    home
}

#[test]
fn a_figure_is_explained_in_a_few_lines() {
    let home = eventful();
    let day = ["explain", "--day", "2026-02-03", "--timezone", "UTC"];
    assert_snapshot!("explain-help", home.prints(&["explain", "--help"]));
    assert_snapshot!("explain-day", home.prints(&day));
    assert_snapshot!("explain-day-against", home.prints(&[&day[..], &["--against", "ccusage"]].concat()));
    let session = ["explain", "--session", "1f0e", "--against", "ccusage", "--verbose"];
    assert_snapshot!("explain-session-verbose", home.prints(&session));
}

#[test]
fn what_was_deleted_is_a_step_of_its_own() {
    let home = eventful();
    let day = ["--day", "2026-02-03", "--timezone", "UTC", "--against", "ccusage"];
    let before = explained(&home, &day, "before");
    let log = home.path().join(".claude/projects/-home-x-shop/1f0e9d8c-aaaa.jsonl");
    fs::remove_file(log).expect("it goes");
    let after = home.json(&[&["explain"], &day[..]].concat());
    adds_up(&after, "after");
    assert_eq!(after["history"], before["history"], "the history keeps it");
    let kept = sum([four(&after["history"]), less(four(&after["counted"]))]);
    assert_eq!((four(&after["noLongerInLogs"]), kept[1]), (kept, 2_345), "and says what the logs tell no more");
}

#[test]
fn a_session_goes_by_its_id_its_beginning_or_its_name() {
    let home = eventful();
    home.json(&["rename", "1f0e", "Docs week"]);
    for name in ["1f0e9d8c-aaaa", "1f0e", "docs WEEK"] {
        let answer = home.json(&["explain", "--session", name]);
        assert_eq!(answer["about"], json!("session 1f0e9d8c-aaaa"), "{name}");
    }
    let nobody = home.run(&["explain", "--session", "nobody"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("there is no session nobody"));
}

#[test]
fn a_day_a_session_and_everything_exclude_each_other() {
    let home = Home::new();
    for both in [["--all", "--session=a"], ["--all", "--day=2026-02-03"], ["--session=a", "--timezone=UTC"]] {
        assert_eq!(home.run(&[&["explain"], &both[..]].concat()).status.code(), Some(2), "{both:?}");
    }
}

/// Each explanation reads all logs, so only the first of the days and sessions are asked about.
const A_FEW: usize = 3;

#[test]
fn real_logs_are_explained_to_the_last_token() {
    let Some(shared) = shared() else { return nothing_to_compare_with() };
    let entries = fs::read_dir(shared.join("corpus")).expect("it can be read");
    for folder in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()) {
        let (home, what) = (Home::new(), folder.display().to_string());
        let ask = |args: &[&str]| home.run_on(&folder, args);
        let days = ask(&["days", "--timezone", "UTC"]);
        let all = ask(&["explain", "--all", "--against", "ccusage"]);
        adds_up(&all, &what);
        assert_eq!(four(&all["counted"]), four(&days["totals"]), "{what}");
        assert_eq!(all["counted"]["messages"], days["totals"]["messageCount"], "{what}");
        for day in days["days"].as_array().expect("a list").iter().take(A_FEW) {
            let date = day["date"].as_str().expect("a date");
            let answer = ask(&["explain", "--day", date, "--timezone", "UTC"]);
            assert_eq!(four(&answer["counted"]), four(day), "{what}: {date}");
        }
        for session in ask(&["sessions"])["sessions"].as_array().expect("a list").iter().take(A_FEW) {
            let id = session["sessionId"].as_str().expect("an id");
            let answer = ask(&["explain", "--session", id]);
            adds_up(&answer, &what);
            assert_eq!(four(&answer["counted"]), four(session), "{what}: {id}");
        }
    }
}
