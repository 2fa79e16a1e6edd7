//! Reports: their tables at several widths, their filters, and their JSON.

use insta::{assert_json_snapshot, assert_snapshot};
use rstest::rstest;
use serde_json::{Value, json};
use token_monitor_test_support::{LogLine, custom_title};
use unicode_width::UnicodeWidthStr;

use crate::program::Home;

/// The commands that print reports.
const REPORTS: [&str; 7] = ["days", "weeks", "months", "sessions", "models", "projects", "blocks"];

/// Writes a message of a session in a project.
fn write(home: &Home, (session, project): (&str, &str), model: &str, when: &str, counts: [u64; 4]) {
    let id = format!("{session}-{when}-{model}");
    let line = LogLine::new(&id).session(session).model(model).at(when).counts(counts);
    let line = line.field("cwd", project).field("gitBranch", "main").with_newline();
    let place = home.path().join(format!(".claude/projects/p/{session}.jsonl"));
    let known = std::fs::read_to_string(&place).unwrap_or_default();
    home.write(&format!("p/{session}.jsonl"), &[known, line]);
}

/// Returns a home with long names, wide characters, and large and unpriced numbers.
fn home_with_long_names() -> Home {
    let home = Home::new();
    let shop = ("1f0e9d8c-aaaa", "/home/ada/projects/customers/harbour/web-shop");
    let docs = ("2b1a0c9d-bbbb", "/home/ada/docs");
    write(&home, shop, "claude-opus-4-8", "2026-02-03T09:12:00Z", [123_456, 1_234_567, 98_765_432, 1_234_567_890]);
    write(&home, shop, "claude-haiku-4-5", "2026-02-03T09:13:00Z", [7, 70, 0, 700]);
    write(&home, shop, "claude-opus-4-8", "2026-02-10T23:50:00Z", [12, 5_678, 40_000, 900_000]);
    write(&home, docs, "claude-sonnet-5", "2026-03-01T08:00:00Z", [3, 30, 300, 3_000]);
    write(&home, docs, "some-other-model-of-a-proxy-with-a-long-name", "2026-03-01T08:30:00Z", [40, 400, 0, 0]);
    let title = "Fix the login flow of the customers' area, 漢字 included";
    let known = std::fs::read_to_string(home.path().join(".claude/projects/p/1f0e9d8c-aaaa.jsonl")).expect("a log");
    home.write("p/1f0e9d8c-aaaa.jsonl", &[known, custom_title("1f0e9d8c-aaaa", title) + "\n"]);
    home
}

#[rstest]
#[case("40")]
#[case("80")]
#[case("120")]
#[case("200")]
fn reports_fit_the_terminal(#[case] width: &str) {
    let home = home_with_long_names();
    let columns: usize = width.parse().expect("a number");
    let mut all = String::new();
    for report in REPORTS {
        for breakdown in [&[][..], &["--breakdown"]] {
            let args = [&[report, "--width", width], breakdown].concat();
            let printed = home.prints(&args);
            let longest = printed.lines().map(UnicodeWidthStr::width).max().unwrap_or_default();
            assert!(longest <= columns, "{args:?} is {longest} columns wide:\n{printed}");
            all.push_str(&format!("$ {}\n{printed}\n\n", args.join(" ")));
        }
    }
    assert_snapshot!(format!("reports-{width}"), all);
}

#[test]
fn a_pipe_gets_whole_tables() {
    let home = home_with_long_names();
    for report in REPORTS {
        assert_eq!(home.prints(&[report]), home.prints(&[report, "--wide"]), "{report}");
        assert!(!home.prints(&[report]).contains("Left out"), "{report}");
    }
    assert_snapshot!("reports-piped", REPORTS.map(|report| home.prints(&[report])).join("\n\n"));
}

#[test]
fn a_narrow_terminal_is_no_error() {
    let home = home_with_long_names();
    for width in ["1", "7", "20"] {
        for report in REPORTS {
            let printed = home.prints(&[report, "--width", width]);
            let columns: usize = width.parse().expect("a number");
            assert!(printed.lines().all(|line| line.width() <= columns), "{report} at {width}:\n{printed}");
        }
    }
}

#[test]
fn json_of_all_reports_is_unchanged() {
    let home = home_with_long_names();
    for report in ["weeks", "months", "projects"] {
        assert_json_snapshot!(format!("{report}-json"), home.json(&[report]));
    }
    assert_json_snapshot!("days-breakdown-json", home.json(&["days", "--breakdown", "--limit", "1"]));
}

#[test]
fn the_names_of_ccusage_are_understood() {
    let home = home_with_long_names();
    for (name, alias) in [("days", "daily"), ("weeks", "weekly"), ("months", "monthly"), ("sessions", "session")] {
        assert_eq!(home.json(&[alias]), home.json(&[name]), "{alias}");
    }
    let since = home.json(&["daily", "--since", "20260210", "--until", "20260301", "--order", "desc"]);
    assert_eq!(dates(&since), ["2026-03-01", "2026-02-10"]);
}

fn dates(days: &Value) -> Vec<&str> {
    let rows = days["days"].as_array().expect("a list");
    rows.iter().map(|row| row["date"].as_str().expect("a date")).collect()
}

#[test]
fn options_of_lists_do_not_apply_to_one_session() {
    let home = home_with_long_names();
    assert_eq!(home.run(&["session", "1f0e", "--since", "7d"]).status.code(), Some(2));
    assert!(home.prints(&["session", "1f0e"]).contains("web-shop"));
}

#[rstest]
#[case(&["--since", "2026-02-10"], &["2026-02-10", "2026-03-01"])]
#[case(&["--until", "2026-02"], &["2026-02-03", "2026-02-10"])]
#[case(&["--since", "2026-02-11", "--until", "2026-02-10"], &[])]
#[case(&["--project", "docs"], &["2026-03-01"])]
#[case(&["--project", "/home/*"], &["2026-02-03", "2026-02-10", "2026-03-01"])]
#[case(&["--model", "haiku", "--model", "sonnet"], &["2026-02-03", "2026-03-01"])]
#[case(&["--branch", "main", "--model", "opus"], &["2026-02-03", "2026-02-10"])]
#[case(&["--branch", ""], &[])]
#[case(&["--timezone", "Asia/Kathmandu", "--model", "opus"], &["2026-02-03", "2026-02-11"])]
#[case(&["--limit", "2"], &["2026-02-10", "2026-03-01"])]
#[case(&["--sort", "tokens", "--limit", "1"], &["2026-02-03"])]
fn filters_select_messages(#[case] options: &[&str], #[case] expected: &[&str]) {
    let home = home_with_long_names();
    let days = home.json(&[&["days"], options].concat());
    assert_eq!(dates(&days), expected);
    let rows = days["days"].as_array().expect("a list");
    let tokens: u64 = rows.iter().map(|row| row["totalTokens"].as_u64().expect("a number")).sum();
    assert_eq!(days["totals"]["totalTokens"], json!(tokens), "the totals are those of the rows");
}

#[test]
fn an_invalid_day_is_a_usage_error_that_says_what_is_valid() {
    let home = Home::new();
    let output = home.run(&["days", "--since", "next week"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("use a date such as 2026-11-30"));
}

/// A terminal of util-linux's `script`, which has no size of its own.
#[cfg(target_os = "linux")]
#[rstest]
#[case(40)]
#[case(80)]
#[case(132)]
fn a_terminal_is_measured(#[case] columns: usize) {
    let home = home_with_long_names();
    let program = env!("CARGO_BIN_EXE_token-monitor");
    let mut command = home.command(&[]);
    let shell = format!("stty cols {columns} rows 24; exec {program} days --no-color");
    let mut script = std::process::Command::new("script");
    script.args(["--quiet", "--return", "--command", &shell, "/dev/null"]).stdin(std::process::Stdio::null());
    script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TERM", "xterm");
    script.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env_remove("COLUMNS");
    command.env_clear();
    let output = script.output().expect("util-linux is installed");
    let printed = String::from_utf8_lossy(&output.stdout).replace('\r', "");
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let expected = home.prints(&["days", "--width", &columns.to_string()]);
    assert_eq!(printed.join("\n").trim_end(), expected.trim_end());
}
