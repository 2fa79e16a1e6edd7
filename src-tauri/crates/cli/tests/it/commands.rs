//! Complete outputs of the commands.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use token_monitor_test_support::custom_title;

use crate::program::{Home, line};

#[test]
fn help_texts_are_unchanged() {
    let home = Home::new();
    assert_snapshot!("help", home.prints(&["--help"]));
    assert_snapshot!("help-describe", home.prints(&["describe", "--help"]));
    assert_snapshot!("help-serve", home.prints(&["serve", "--help"]));
    assert_snapshot!("help-blocks", home.prints(&["blocks", "--help"]));
    assert_snapshot!("help-alerts", home.prints(&["alerts", "--help"]));
    assert_snapshot!("help-alerts-pause", home.prints(&["alerts", "pause", "--help"]));
}

#[test]
fn tables_are_unchanged() {
    let home = Home::with_sessions();
    for command in ["sessions", "days", "blocks", "models"] {
        assert_snapshot!(command, home.prints(&[command]));
    }
    assert_snapshot!("days-kathmandu", home.prints(&["days", "--timezone", "Asia/Kathmandu"]));
    assert_snapshot!("blocks-utc", home.prints(&["blocks", "--anchor", "utc"]));
    assert_snapshot!("status", home.prints(&["status"]));
}

#[test]
fn json_is_unchanged() {
    let home = Home::with_sessions();
    for command in ["sessions", "days", "blocks", "models"] {
        assert_json_snapshot!(format!("{command}-json"), home.json(&[command]));
    }
    let mut status = home.json(&["status"]);
    status["at"] = json!("[now]");
    status["today"]["date"] = json!("[today]");
    status["week"]["startTime"] = json!("[a week ago]");
    // The number of changes since the start depends on how the logs were split into chunks.
    status["revision"] = json!("[revision]");
    assert_json_snapshot!("status-json", status);
}

#[test]
fn a_new_name_is_shown() {
    let home = Home::with_sessions();
    let renamed = home.json(&["rename", "2b1a", "Docs week"]);
    assert_eq!((&renamed["name"], &renamed["uuid"]), (&json!("Docs week"), &json!("2b1a0c9d-bbbb")));
    let sessions = home.json(&["sessions"]);
    let named = |id: &str| {
        let rows = sessions["sessions"].as_array().expect("a list");
        rows.iter().find(|row| row["sessionId"] == id).expect("it is listed")["sessionName"].clone()
    };
    assert_eq!((named("2b1a0c9d-bbbb"), named("1f0e9d8c-aaaa")), (json!("Docs week"), Value::Null));
    assert!(home.prints(&["sessions"]).contains("Docs week"));
    assert_eq!(
        home.prints(&["rename", "docs WEEK", "Manual"]),
        "2b1a0c9d-bbbb is now named “Manual”.",
        "found by its name"
    );
}

#[test]
fn changes_of_a_session_are_shown() {
    let home = Home::with_sessions();
    let text = "the week\nof the docs";
    let args = ["describe", "2b1a", "--tag", "work", "--tag", "docs", "--description", text, "--pin", "--mute"];
    assert_snapshot!("describe", home.prints(&args));
    assert_snapshot!("session", home.prints(&["session", "2b1a"]));
    let detail = home.json(&["session", "2b1a"]);
    assert_eq!((&detail["description"], &detail["session"]["tags"]), (&json!(text), &json!(["work", "docs"])));
    assert_eq!(home.json(&["sessions"])["sessions"][0]["sessionId"], "2b1a0c9d-bbbb", "pinned sessions come first");
    let bare = home.json(&["describe", "2b1a", "--tag", "", "--description", "", "--unpin", "--unmute"]);
    assert_eq!((&bare["tags"], &bare["description"], &bare["isPinned"]), (&json!([]), &Value::Null, &json!(false)));
    assert_eq!(home.run(&["describe", "2b1a"]).status.code(), Some(2), "there is no change");
    assert_eq!(home.run(&["describe", "2b1a", "--tag", "a\nb"]).status.code(), Some(1));
}

#[test]
fn without_logs_everything_is_zero() {
    let home = Home::new();
    for command in ["sessions", "days", "blocks", "models", "status"] {
        let totals = &home.json(&[command])["totals"];
        assert_eq!((&totals["totalTokens"], &totals["messageCount"]), (&json!(0), &json!(0)), "{command}");
        home.prints(&[command]);
    }
    home.prints(&["doctor"]);
}

#[test]
fn a_second_run_counts_nothing_twice() {
    let home = Home::with_sessions();
    assert_eq!(home.json(&["sessions"]), home.json(&["sessions"]));
}

#[test]
fn deleted_logs_stay_counted() {
    let home = Home::with_sessions();
    let before = home.json(&["days"]);
    std::fs::remove_dir_all(home.path().join(".claude")).expect("it is deleted");
    assert_eq!(home.json(&["days"]), before);
}

/// Logs and file names are untrusted.
#[test]
fn control_characters_in_logs_are_not_printed() {
    let home = Home::new();
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[31mred\u{9b}2J\r\u{202e}";
    home.write(
        "p/s.jsonl",
        &[
            line(&format!("s{evil}"), "1", &format!("m{evil}"), "2026-02-03T09:12:00Z", [1, 2, 3, 4]),
            custom_title(&format!("s{evil}"), &format!("t{evil}")),
            line(&format!("u{evil}"), "2", "m", "2026-02-03T09:12:00Z", [1, 2, 3, 4]),
        ],
    );
    #[cfg(unix)]
    {
        let nowhere = home.path().join("nowhere");
        let link = home.path().join(".claude/projects/p").join(format!("{evil}.jsonl"));
        std::os::unix::fs::symlink(nowhere, link).expect("a link");
    }
    for args in [["sessions"], ["days"], ["blocks"], ["models"], ["status"], ["doctor"]] {
        for json in [None, Some("--json")] {
            let args: Vec<_> = args.into_iter().chain(json).collect();
            let printed = home.prints(&args);
            let is_forbidden = |c: char| (c.is_control() && c != '\n') || (json.is_none() && c == '\u{202e}');
            assert!(!printed.contains(is_forbidden), "{args:?}: {printed:?}");
        }
    }
}

#[test]
fn each_figure_of_the_status_is_labeled() {
    let home = Home::new();
    let now = chrono::Utc::now();
    home.write("p/s.jsonl", &[line("s", "1", "claude-opus-5", &now.to_rfc3339(), [0, 1_000_000, 0, 0])]);
    let resets = (now.timestamp() + 7200) / 600 * 600;
    let window = json!({ "used_percentage": 38, "resets_at": resets });
    let input = json!({ "session_id": "s", "rate_limits": { "five_hour": window, "seven_day": { "used_percentage": 61, "resets_at": resets + 86_400 } } });
    home.run_with(&["statusline"], input.to_string().as_bytes());
    let config = home.path().join("config.yaml");
    std::fs::write(&config, "blocks: { cost_limit: 50 }").expect("it is written");
    let status = home.prints(&["status", "--config", config.to_str().expect("it is text")]);
    for text in [
        "1,000,000 tokens, measured; $25.00 API-equivalent",
        ", official; 1,000,000 tokens, measured",
        "m left, official",
        "Used           38%, official",
        "By cost        50% of $50.00, measured",
        "Five hours     38% used, official, resets ",
        "Week           61% used, official, resets ",
        "tokens a minute, measured, ",
    ] {
        assert!(status.contains(text), "{text:?} in\n{status}");
    }
}

#[test]
fn alerts_are_listed_and_paused() {
    let home = Home::with_sessions();
    assert_eq!(home.prints(&["alerts"]), "There are no past alerts.");
    assert_eq!(home.json(&["alerts"]), json!({ "alerts": [] }));
    let paused = home.prints(&["alerts", "pause", "1h"]);
    assert!(paused.starts_with("Alerts are paused until ") && paused.ends_with('.'), "{paused}");
    assert!(home.json(&["status"])["alerts"]["pausedUntil"].is_string(), "the pause is saved");
    assert_eq!(home.prints(&["alerts", "pause", "off"]), "Alerts are not paused.");
    let status = home.json(&["alerts", "pause", "off"]);
    assert_eq!(status, json!({ "pausedUntil": null, "unseen": 0, "unavailable": null }));
}

#[test]
fn two_commands_that_start_together_share_one_engine() {
    let home = Home::with_sessions();
    let watch = || home.command(&["watch", "--json"]).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut both = [watch(), watch()];
    for child in &mut both {
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("it prints text");
        assert!(first.starts_with('{'), "it prints a snapshot: {first}");
    }
    for mut child in both {
        child.kill().and_then(|()| child.wait()).expect("it is stopped");
    }
}

#[test]
fn a_session_is_found_by_the_name_it_is_displayed_with() {
    let home = Home::new();
    let titled = |session: &str, title: &str| custom_title(session, title) + "\n";
    for (session, title) in [("a-1", "Harbour login"), ("b-1", "Docs"), ("c-1", "Docs")] {
        let answer = line(session, session, "claude-opus-4-8", "2026-02-03T09:12:00Z", [1, 2, 3, 4]);
        home.write(&format!("p/{session}.jsonl"), &[titled(session, title), answer]);
    }
    assert_eq!(home.json(&["session", "harbour LOGIN"])["session"]["sessionId"], json!("a-1"));
    let several = home.run(&["session", "Docs"]);
    assert!(String::from_utf8_lossy(&several.stderr).contains("several sessions are called “Docs”"));
}
