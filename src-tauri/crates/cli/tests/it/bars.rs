//! Status bars, the guard for scripts, completions and manual pages.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use chrono::{TimeDelta, Utc};
use rstest::rstest;
use serde_json::{Value, json};

use crate::program::{Home, line};

/// Returns a home with a message just now and official figures: 38% of five hours, 80% of the week.
fn home_with_quota() -> Home {
    let (home, now) = (Home::new(), Utc::now());
    home.write("p/s.jsonl", &[line("s", "1", "claude-opus-5", &now.to_rfc3339(), [0, 1_000_000, 0, 0])]);
    let resets = now.timestamp() / 600 * 600 + 7_200;
    let window = |percent: u64, resets: i64| json!({ "used_percentage": percent, "resets_at": resets });
    let limits = json!({ "five_hour": window(38, resets), "seven_day": window(80, resets + 86_400) });
    home.run_with(&["statusline"], json!({ "session_id": "s", "rate_limits": limits }).to_string().as_bytes());
    home
}

#[test]
fn a_bar_shows_the_chosen_figures() {
    let home = home_with_quota();
    let waybar = |show: &str| -> Value {
        serde_json::from_str(&home.prints(&["bar", "--format", "waybar", "--show", show])).expect("it is JSON")
    };
    let shown = waybar("quota,tokens,cost");
    assert_eq!(shown["text"], "80% · 1M · $25.00");
    assert_eq!((&shown["class"], &shown["percentage"], &shown["alt"]), (&json!(["warn"]), &json!(80), &json!("warn")));
    let tooltip = shown["tooltip"].as_str().expect("it is text");
    assert!(tooltip.contains("Week 80% used, resets ") && tooltip.contains("$25.00 API-equivalent"), "{tooltip}");
    assert_eq!(home.prints(&["bar", "--format", "polybar", "--show", "tokens"]), "1M");
    assert_eq!(home.prints(&["bar", "--format", "tmux", "--show", "quota"]), "#[fg=yellow]80%#[default]");
    assert!(home.prints(&["bar", "--format", "xbar"]).contains("\n---\nToday 1M tokens"));
    assert_eq!(home.prints(&["bar", "--format", "starship", "--show", "state,tokens"]), "1M", "no session runs");
}

#[test]
fn without_logs_a_bar_is_calm() {
    let home = Home::new();
    let shown: Value = serde_json::from_str(&home.prints(&["bar", "--format", "json"])).expect("it is JSON");
    assert_eq!((&shown["text"], &shown["class"]), (&json!("0 · – · –"), &json!(["calm"])));
    assert_eq!((&shown["percentage"], &shown["tokens"]), (&Value::Null, &json!(0)));
}

#[test]
fn a_bar_that_follows_prints_changes_and_writes_its_state() {
    let home = home_with_quota();
    let state = home.path().join("state.json");
    let path = state.to_str().expect("it is text");
    let mut command =
        home.command(&["bar", "--format", "starship", "--show", "tokens", "--follow", "--write-state", path]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map(|line| line.expect("it is text"));
    assert!(lines.any(|line| line == "1M"), "the first figures");
    let now = (Utc::now() - TimeDelta::seconds(1)).to_rfc3339();
    home.write("p/t.jsonl", &[line("t", "2", "claude-opus-5", &now, [0, 500_000, 0, 0])]);
    assert!(lines.any(|line| line == "1.5M"), "a change");
    let written: Value = serde_json::from_slice(&std::fs::read(&state).expect("it is written")).expect("it is JSON");
    assert_eq!(written["tokens"], json!(1_500_000));
    child.kill().and_then(|()| child.wait()).expect("it is stopped");
}

#[cfg(unix)]
#[rstest]
#[case(&["bar", "--format", "starship", "--follow"])]
#[case(&["watch", "--json"])]
fn a_command_ends_with_the_reader_of_its_output_although_nothing_changes(#[case] args: &[&str]) {
    let home = Home::new();
    let mut child = home.command(args).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    reader.read_line(&mut line).expect("it prints the figures");
    drop(reader);
    assert!(child.wait().expect("it ends").success());
}

#[cfg(unix)]
#[test]
fn the_state_never_replaces_a_folder_or_a_link() {
    let home = home_with_quota();
    let (folder, link) = (home.path().join("folder"), home.path().join("link"));
    std::fs::create_dir(&folder).expect("a folder");
    std::os::unix::fs::symlink("/dev/null", &link).expect("a link");
    for path in [folder, link] {
        let output = home.run(&["bar", "--format", "json", "--write-state", path.to_str().expect("it is text")]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("is no regular file"));
    }
}

#[rstest]
#[case(&["--min-left", "20"], 0)]
#[case(&["--min-left", "21"], 10)]
#[case(&["--min-left", "62", "--window", "fiveHour"], 0)]
#[case(&["--min-left", "63", "--window", "fiveHour"], 10)]
#[case(&["--min-left", "20", "--window", "weekly"], 0)]
#[case(&["--min-left", "62", "--window", "block"], 0)]
#[case(&["--min-left", "101"], 2)]
fn a_guard_answers_by_its_exit_code(#[case] options: &[&str], #[case] code: i32) {
    let output = home_with_quota().run(&[&["guard"], options].concat());
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_guard_says_what_it_found() {
    let home = home_with_quota();
    let text = String::from_utf8(home.run(&["guard", "--min-left", "30"]).stdout).expect("it is text");
    assert_eq!(text, "20% of the weekly limit left, official: too little, at least 30% asked for.\n");
    let json: Value = serde_json::from_slice(&home.run(&["guard", "--min-left", "30", "--json"]).stdout).expect("JSON");
    assert_eq!(
        json,
        json!({ "isEnough": false, "leftPercent": 20.0, "minLeftPercent": 30, "limit": "weekly limit", "label": "official" })
    );
    let unknown = Home::new().run(&["guard", "--min-left", "30"]);
    assert_eq!(unknown.status.code(), Some(11));
    assert_eq!(String::from_utf8_lossy(&unknown.stdout), "It is unknown how much is left.\n");
}

#[rstest]
#[case("bash", "_token__monitor()")]
#[case("zsh", "#compdef token-monitor")]
#[case("fish", "complete -c token-monitor")]
#[case("powershell", "Register-ArgumentCompleter")]
#[case("elvish", "edit:completion:arg-completer[token-monitor]")]
fn completions_are_printed(#[case] shell: &str, #[case] expected: &str) {
    let script = Home::new().prints(&["completions", shell]);
    assert!(script.contains(expected) && script.contains("min-left"), "{script}");
}

#[test]
fn each_subcommand_has_a_manual_page() {
    let home = Home::new();
    assert!(home.prints(&["man"]).contains(".TH token-monitor 1"));
    let folder = home.path().join("man1");
    home.prints(&["man", "--output", folder.to_str().expect("it is text")]);
    for page in ["token-monitor.1", "token-monitor-days.1", "token-monitor-alerts-pause.1", "token-monitor-guard.1"] {
        let text = std::fs::read_to_string(folder.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
        assert!(text.contains("NAME"), "{page}");
    }
}

#[test]
fn help_has_examples() {
    let home = Home::new();
    for command in ["sessions", "days", "projects", "blocks", "export", "report", "bar", "guard"] {
        assert!(home.prints(&[command, "--help"]).contains("\nExamples:\n"), "{command}");
    }
}
