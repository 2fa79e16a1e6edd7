//! Faults of the system: full devices, limits of the process, pipes and devices in the place of files, a wrong clock.
//!
//! Each command ends with the right figures or with an error that names the cause, and nothing is left behind.

use std::fs;
use std::path::Path;
use std::process::Output;

use rstest::rstest;
use serde_json::Value;

use crate::program::{Home, json, line};

fn errors_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs the program by a shell. The script stands before the program.
fn run_in_shell(home: &Home, script: &str, args: &[&str]) -> Output {
    home.command_below(&["/bin/sh", "-c", &format!("{script} \"$0\" \"$@\"")], args).output().expect("it runs")
}

/// Runs the program with a limit of time, for what would wait forever otherwise.
fn run_in_time(home: &Home, args: &[&str]) -> Output {
    home.command_below(&["timeout", "60"], args).output().expect("it runs")
}

fn create_pipe(path: &Path) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("it is created");
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("it runs");
    assert!(made.success(), "{}", path.display());
}

#[rstest]
#[case("sessions")]
#[case("status")]
#[case("watch")]
#[case("export")]
#[case("bar")]
fn output_that_cannot_be_written_is_an_error(#[case] command: &str) {
    let home = Home::with_sessions();
    let args: &[&str] = if command == "bar" { &["bar", "--format", "json"] } else { &[command] };
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device exists");
    let output = home.command(args).stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{command}: {}", errors_of(&output));
    let expected = "error: cannot write the output: No space left on device";
    assert!(errors_of(&output).contains(expected), "{command}: {}", errors_of(&output));
}

#[test]
fn a_full_standard_error_keeps_the_exit_code() {
    let home = Home::with_sessions();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("the device exists");
    let failed = home.command(&["session", "nobody"]).stderr(full()).output().expect("it runs");
    assert_eq!(failed.status.code(), Some(1));
    let demo = home.command(&["status", "--demo", "--json"]).stderr(full()).output().expect("it runs");
    assert_eq!(json(&demo)["isDemo"], true);
}

#[test]
fn a_limit_of_file_sizes_does_not_end_the_program() {
    let home = Home::with_sessions();
    let limited = run_in_shell(&home, "ulimit -f 0 && exec", &["sessions", "--json"]);
    assert_eq!(json(&limited)["totals"]["messageCount"], 5);
    assert!(errors_of(&limited).contains("File too large"), "something was injected: {}", errors_of(&limited));
    assert_eq!(home.json(&["sessions"])["totals"]["messageCount"], 5);
    let settings = home.path().join(".claude/settings.json");
    fs::write(&settings, "{}").expect("it is written");
    let failed = run_in_shell(&home, "ulimit -f 0 && exec", &["statusline", "install"]);
    assert_eq!(failed.status.code(), Some(1), "{}", errors_of(&failed));
    assert_eq!(fs::read_to_string(&settings).expect("it is there"), "{}", "the settings are as they were");
    let left = fs::read_dir(home.path().join(".claude")).expect("a folder").flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("settings.json.")).collect();
    assert!(left.is_empty(), "no half copy is left: {left:?}");
}

#[rstest]
#[case("pipe")]
#[case("/dev/zero")]
fn settings_that_are_no_file_are_refused(#[case] kind: &str) {
    let home = Home::with_sessions();
    let path = match kind {
        "pipe" => home.path().join(".claude/pipe.json"),
        device => device.into(),
    };
    if kind == "pipe" {
        create_pipe(&path);
    }
    let path = path.to_str().expect("it is text");
    for command in ["install", "uninstall", "check"] {
        let output = run_in_time(&home, &["statusline", command, "--settings", path]);
        assert_eq!(output.status.code(), Some(1), "{command}: {}", errors_of(&output));
        let expected = format!("error: cannot read {path}: it is not a regular file");
        assert!(errors_of(&output).contains(&expected), "{command}: {}", errors_of(&output));
    }
    let output = run_in_time(&home, &["sessions", "--config", path]);
    assert_eq!((output.status.code(), errors_of(&output)), (Some(2), format!("error: {path} is not a regular file\n")));
    let store = run_in_shell(&home, &format!("TOKEN_MONITOR_DB={path} exec timeout 60"), &["sessions"]);
    assert_eq!(store.status.code(), Some(3), "{}", errors_of(&store));
    assert!(errors_of(&store).contains("it is not a regular file"), "{}", errors_of(&store));
}

#[test]
fn a_pipe_with_the_name_of_a_file_that_is_read_stops_nothing() {
    let home = Home::with_sessions();
    let project = home.path().join("project");
    let pipes = [
        home.path().join(".claude.json"),
        home.path().join(".claude/settings.json"),
        home.path().join(".claude/projects/-home-x-shop/1f0e9d8c-aaaa/subagents/agent-1.meta.json"),
        home.path().join(".claude/projects/-home-x-shop/pipe.jsonl"),
        home.path().join(".config/token-monitor/config.yaml"),
        project.join(".claude/settings.json"),
        project.join(".claude/settings.local.json"),
    ];
    pipes.iter().for_each(|pipe| create_pipe(pipe));
    let settings = home.path().join(".claude/other.json");
    fs::write(&settings, "{}").expect("it is written");
    let install = ["statusline", "install", "--settings", settings.to_str().expect("it is text")];
    for args in [&["sessions", "--json"][..], &["doctor", "--json"], &install] {
        let mut command = home.command_below(&["timeout", "60"], args);
        let output = command.current_dir(&project).output().expect("it runs");
        let is_config_problem = args[0] == "doctor" && output.status.code() == Some(2);
        assert!(output.status.success() || is_config_problem, "{args:?}: {}", errors_of(&output));
    }
    assert_eq!(json(&run_in_time(&home, &["sessions", "--json"]))["totals"]["messageCount"], 5);
}

/// Runs the program while each of its threads can start others only before the call with this number. Asserts that a call
/// failed.
fn run_without_threads(home: &Home, first_failure: u32, args: &[&str]) -> Output {
    let (inject, trace) =
        (format!("inject=clone3,clone:error=EAGAIN:when={first_failure}+"), home.path().join("trace"));
    let tracer = ["strace", "-f", "-qq", "-o", trace.to_str().expect("it is text"), "-e", &inject];
    let output = home.command_below(&tracer, args).output().expect("strace is installed: it makes the calls fail");
    let calls = fs::read_to_string(&trace).unwrap_or_default();
    assert!(calls.contains("(INJECTED)"), "strace made a call fail: {}", errors_of(&output));
    output
}

#[test]
fn threads_that_cannot_start_are_an_error_or_not_needed() {
    let home = Home::with_sessions();
    let output = run_without_threads(&home, 1, &["sessions"]);
    assert_eq!(output.status.code(), Some(3), "{}", errors_of(&output));
    assert!(errors_of(&output).contains("error: the system cannot start a thread"), "{}", errors_of(&output));
    for number in 0..100 {
        let id = format!("more-{number}");
        home.write(
            &format!("p/{id}.jsonl"),
            &[line(&id, &id, "claude-opus-4-8", "2026-02-06T09:12:00Z", [1, 2, 3, 4])],
        );
    }
    let output = run_without_threads(&home, 2, &["sessions", "--json"]);
    assert_eq!(json(&output)["totals"]["messageCount"], 105, "an import needs only one of its threads");
}

#[test]
fn a_clock_before_1970_ends_no_command() {
    let home = Home::with_sessions();
    let commands: [&[&str]; 8] = [
        &["status", "--json"],
        &["sessions", "--json"],
        &["days", "--json"],
        &["blocks", "--json"],
        &["backtest", "--json"],
        &["explain", "--all", "--json"],
        &["doctor", "--json"],
        &["alerts", "--json"],
    ];
    for args in commands {
        let outer = ["/usr/bin/faketime", "-f", "@1969-06-01 00:00:00"];
        let output = home.command_below(&outer, args).output().expect("faketime is installed: it sets the clock");
        assert!(output.status.success(), "{args:?}: {}", errors_of(&output));
        let document: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
        match args[0] {
            "status" => {
                let at = document["at"].as_str().expect("a time");
                assert!(at.starts_with("1969-06-01"), "something was injected: {at}");
                assert_eq!(document["totals"]["messageCount"], 5);
            }
            "sessions" | "days" => assert_eq!(document["totals"]["messageCount"], 5, "{args:?}"),
            _ => {}
        }
    }
    assert_eq!(home.json(&["sessions"])["totals"]["messageCount"], 5, "nothing is wrong once the clock is right");
}

#[test]
fn files_left_behind_by_killed_processes_are_removed() {
    let home = Home::with_sessions();
    let folder = home.path().join(".claude");
    fs::write(folder.join("settings.json"), "{}").expect("it is written");
    let [old, new] = ["settings.json.999999998.tmp", "settings.json.999999999.tmp"].map(|name| folder.join(name));
    let [other, own] = ["settings.json.tmp", "other.json.1.tmp"].map(|name| folder.join(name));
    for path in [&old, &new, &other, &own] {
        fs::write(path, "{").expect("it is written");
    }
    let hours_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    for path in [&old, &other, &own] {
        fs::File::options().write(true).open(path).and_then(|file| file.set_modified(hours_ago)).expect("it is ours");
    }
    home.prints(&["statusline", "install"]);
    assert!(!old.exists(), "an old temporary file of the settings");
    assert!(new.exists() && other.exists() && own.exists(), "files of others, or of a process that may still run");
}
