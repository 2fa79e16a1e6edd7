//! The live view in a real terminal.

use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use insta::assert_snapshot;
use rstest::rstest;
use serde_json::json;

use crate::agents::start_waiting;
use crate::program::{Home, line};
use crate::tmux::Terminal;

const PROGRAM: &str = env!("CARGO_BIN_EXE_token-monitor");

fn start(terminal: &Terminal<'_>, args: &str) {
    terminal.run(&format!("clear; {PROGRAM} live {args}"));
}

/// Replaces what depends on the day of the test: the clock, and the time since sessions were used.
fn mask_times(screen: &str) -> String {
    let mask_word = |word: &str| {
        let is_age =
            word.strip_suffix('d').is_some_and(|days| !days.is_empty() && days.bytes().all(|b| b.is_ascii_digit()));
        if is_age { format!("{}d", "#".repeat(word.len() - 1)) } else { word.to_owned() }
    };
    let mask_line = |(row, line): (usize, &str)| {
        let line = line.split(' ').map(mask_word).collect::<Vec<_>>().join(" ");
        match (row, line.rfind(':')) {
            (0, Some(at)) if at >= 2 && line.is_char_boundary(at - 2) => format!("{}##:##", &line[..at - 2]),
            _ => line,
        }
    };
    screen.lines().enumerate().map(mask_line).collect::<Vec<_>>().join("\n")
}

#[rstest]
#[case(200, 50)]
#[case(120, 36)]
#[case(80, 24)]
#[case(40, 10)]
fn each_page_is_drawn(#[case] columns: u16, #[case] rows: u16) {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (columns, rows));
    start(&terminal, "");
    terminal.wait_for("the first page", |screen| screen.contains("Between blocks"));
    for (keys, page, mark) in [(&["2", "a"][..], "sessions", "Fix the"), (&["3"], "blocks", "~Feb 3")] {
        terminal.send_keys(keys);
        let screen = terminal.wait_for(page, |screen| screen.contains(mark) && !screen.contains("Reading"));
        assert_snapshot!(format!("live-{page}-{columns}x{rows}"), mask_times(&screen));
    }
    // The columns of all time depend on the day of the test.
    terminal.send_keys(&["4", "]", "]", "]"]);
    terminal.wait_for("history", |screen| screen.contains("opus-4-8") && screen.contains("haiku-4-5"));
    terminal.send_keys(&["2", "Enter"]);
    terminal.wait_for("the session", |screen| screen.contains("2b1a0c9d-bbbb") && screen.contains("Usage  7.78k"));
    terminal.send_keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn one_line_is_enough() {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (80, 1));
    start(&terminal, "");
    terminal.wait_for("the line", |screen| screen.starts_with("Between blocks"));
    terminal.send_keys(&["q"]);
}

#[test]
fn new_lines_show_at_once() {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (120, 36));
    start(&terminal, "");
    terminal.wait_for("the first page", |screen| screen.contains("Between blocks"));
    let now = Utc::now().to_rfc3339();
    home.write("-home-x-shop/new.jsonl", &[line("new", "n1", "claude-opus-4-8", &now, [11, 1_234_000, 0, 0])]);
    terminal.wait_for("the new tokens", |screen| screen.contains("1.23M tokens") && screen.contains("$30.85"));
    terminal.send_keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_session_that_waits_is_shown_until_it_ends() {
    let home = Home::with_sessions();
    let process = start_waiting(&home);
    let terminal = Terminal::open(&home, (120, 36));
    start(&terminal, "");
    let is_waiting = |screen: &str| screen.contains("1 waits for you") && screen.contains("permission prompt");
    terminal.wait_for("the waiting session", is_waiting);
    terminal.send_keys(&["2"]);
    terminal.wait_for("the list", |screen| screen.contains(" ▲ "));
    drop(process);
    terminal.wait_for("its end", |screen| !screen.contains("▲"));
    terminal.send_keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn the_screen_follows_its_size() {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (120, 36));
    start(&terminal, "");
    terminal.wait_for("the first page", |screen| screen.contains("Between blocks"));
    let sizes = [(80, 24), (40, 10), (30, 3), (80, 1), (7, 2), (1, 1), (200, 60), (120, 36)];
    for (columns, rows) in sizes {
        terminal.resize((columns, rows));
        let fits = |screen: &str| {
            let lines: Vec<_> = screen.lines().collect();
            lines.iter().all(|line| line.chars().count() <= usize::from(columns)) && !screen.trim().is_empty()
        };
        terminal.wait_for("the size", fits);
        if columns >= 30 {
            terminal.wait_for("the figures", |screen| screen.contains("Between blocks"));
        }
        if columns >= 80 && rows >= 24 {
            terminal.wait_for("the last line", |screen| screen.trim_end().ends_with("q quit"));
        }
    }
    terminal.send_keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_session_is_renamed() {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (80, 24));
    start(&terminal, "--page sessions");
    terminal.send_keys(&["a"]);
    terminal.wait_for("the list", |screen| screen.contains("Fix the login"));
    terminal.send_keys(&["/"]);
    terminal.send_text("login");
    terminal.wait_for("the search", |screen| screen.contains("1 session  matching “login”"));
    terminal.send_keys(&["Enter", "r"]);
    terminal.wait_for("the prompt", |screen| screen.contains("Name: "));
    terminal.send_text("Hafen ⚓ login");
    terminal.send_keys(&["Enter"]);
    terminal.wait_for("the new name", |screen| screen.contains("Hafen ⚓ login"));
    terminal.send_keys(&["q"]);
    terminal.assert_restored();
    let sessions = home.json(&["sessions"]);
    let names = sessions["sessions"].as_array().expect("a list").iter().map(|row| row["sessionName"].clone());
    assert!(names.collect::<Vec<_>>().contains(&json!("Hafen ⚓ login")), "{sessions}");
}

#[rstest]
#[case("INT")]
#[case("TERM")]
#[case("HUP")]
#[case("QUIT")]
#[case("USR1")]
#[case("ALRM")]
fn the_terminal_is_restored_on_signals(#[case] signal: &str) {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (80, 24));
    start(&terminal, "--mouse");
    terminal.wait_for("the first page", |screen| screen.contains("Between blocks"));
    assert_eq!(terminal.value_of("#{alternate_on} #{mouse_any_flag}"), "1 1");
    let process = terminal.program();
    let killed = Command::new("kill").args([format!("-{signal}"), process]).status().expect("it is sent");
    assert!(killed.success());
    terminal.assert_restored();
}

#[test]
fn it_stops_and_continues_like_other_programs() {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (80, 24));
    start(&terminal, "");
    terminal.wait_for("the first page", |screen| screen.contains("Between blocks"));
    terminal.send_keys(&["C-z"]);
    terminal.assert_restored();
    terminal.run("fg");
    terminal.wait_for("the first page", |screen| screen.contains("Between blocks") && screen.contains("q quit"));
    let process = terminal.program();
    let stop = Command::new("kill").args(["-TSTP", &process]).status().expect("it is sent");
    assert!(stop.success());
    terminal.assert_restored();
    terminal.resize((120, 36));
    terminal.run("fg");
    terminal.wait_for("the larger page", |screen| screen.contains("Between blocks") && screen.contains("All time"));
    terminal.send_keys(&["C-c"]);
    terminal.assert_restored();
}

#[test]
fn without_utf8_every_character_is_ascii() {
    let home = Home::with_sessions();
    let terminal = Terminal::open(&home, (80, 24));
    terminal.run(&format!("clear; LC_ALL=C {PROGRAM}"));
    let screen =
        terminal.wait_for("the first page", |screen| screen.contains("Between blocks") && screen.contains("q quit"));
    assert!(screen.is_ascii(), "{screen}");
    terminal.send_keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn the_running_engine_is_followed_and_replaced() {
    let home = Home::with_sessions();
    let mut owner = home.command(&["watch", "--json"]).stdout(std::process::Stdio::piped()).spawn().expect("it runs");
    let mut first = String::new();
    let stdout = owner.stdout.as_mut().expect("a pipe");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut first).expect("a snapshot");
    let terminal = Terminal::open(&home, (80, 24));
    start(&terminal, "--page sessions");
    terminal.wait_for("the list", |screen| screen.contains("session"));
    owner.kill().and_then(|()| owner.wait()).expect("it is stopped");
    let now: DateTime<Utc> = Utc::now() - TimeDelta::seconds(1);
    home.write(
        "-home-x-shop/later.jsonl",
        &[line("later-session", "n1", "claude-opus-4-8", &now.to_rfc3339(), [11, 1_234_000, 0, 0])],
    );
    terminal.wait_for("the new session", |screen| screen.contains("1.23M") && !screen.contains("not running"));
    terminal.send_keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_long_first_reading_shows_its_progress() {
    let home = Home::new();
    for log in 0..12 {
        let id = |number: u32| format!("{log}-{number}");
        let lines = (0..3_000).map(|n| line("big", &id(n), "claude-opus-4-8", "2026-02-03T09:12:00Z", [1, 2, 3, 4]));
        home.write(&format!("-home-x-shop/big-{log}.jsonl"), &lines.collect::<Vec<_>>());
    }
    let terminal = Terminal::open(&home, (120, 36));
    terminal.run(&format!("clear; {PROGRAM} models"));
    let is_bar = |screen: &str| screen.contains("Reading logs ") && screen.contains(" of 12 files, ");
    terminal.wait_for("the bar", is_bar);
    let screen = terminal.wait_for("the result", |screen| screen.contains("360,000"));
    assert!(!screen.contains("Reading logs"), "the bar is removed:\n{screen}");
    let store = home.store();
    std::fs::remove_file(store).expect("the store is removed");
    let quiet = home.prints(&["models"]);
    assert!(quiet.contains("360,000"), "nothing on standard error of a pipe: {quiet}");
}

#[test]
fn in_a_pipe_every_mode_prints_once() {
    let home = Home::with_sessions();
    let status = home.prints(&["status"]);
    assert_eq!(home.prints(&[]), status, "live becomes the table");
    assert_eq!(home.prints(&["live"]), status);
    assert_eq!(home.prints(&["--mode", "table"]), status);
    let compact = home.prints(&["--mode", "compact"]);
    assert_eq!(compact, "today 0 measured · no block running · burn rate at rest");
    let all = |value: serde_json::Value| value["totals"]["totalTokens"].clone();
    assert_eq!(all(home.json(&["--mode", "json"])), all(home.json(&["status"])));
    assert_eq!(all(home.json(&[])), all(home.json(&["status"])));
    assert_eq!(home.run(&["--mode", "json", "status"]).status.code(), Some(2), "the mode of what");
}

#[rstest]
#[case("compact", "today 0 measured · no block running · burn rate at rest")]
#[case("table", "Today          0 tokens, measured; $0.00 API-equivalent")]
#[case("status", "Today          0 tokens, measured; $0.00 API-equivalent")]
#[case("json", "{\"at\":\"")]
fn the_setting_chooses_the_mode(#[case] mode: &str, #[case] beginning: &str) {
    let home = Home::with_sessions();
    let config = home.path().join("config.yaml");
    std::fs::write(&config, format!("display: {{ default_mode: {mode} }}")).expect("it is written");
    let printed = home.prints(&["--config", config.to_str().expect("it is text")]);
    assert!(printed.starts_with(beginning), "{printed}");
    let overridden = home.prints(&["--config", config.to_str().expect("it is text"), "--mode", "compact"]);
    assert!(overridden.starts_with("today "), "{overridden}");
}
