//! Figures in which usage may be missing, because folders or logs cannot be read: standard error, the JSON and the exit code
//! say so, and everything is exact once the cause is gone.

use std::process::Output;

use rstest::rstest;
use serde_json::Value;

use crate::program::{Home, json};

/// The exit code if data could not be read.
const DATA_UNREADABLE: i32 = 3;

/// The commands that print figures.
const COMMANDS: [&[&str]; 12] = [
    &["status"],
    &["sessions"],
    &["session", "2b1a0c9d-bbbb"],
    &["days"],
    &["weeks"],
    &["months"],
    &["models"],
    &["projects"],
    &["blocks"],
    &["export"],
    &["backtest"],
    &["explain", "--all"],
];

/// A fault of the system: a call that fails for one path.
struct FailingCall {
    call: &'static str,
    error: &'static str,
    /// The path below the folder of all projects.
    place: &'static str,
}

const FOLDER: &str = "-home-x-shop";
const LOG: &str = "-home-x-shop/1f0e9d8c-aaaa.jsonl";

impl FailingCall {
    /// Runs the program while the call fails. Asserts that it did.
    fn run(&self, home: &Home, args: &[&str]) -> Output {
        let path = home.path().join(".claude/projects").join(self.place);
        let (inject, trace) = (format!("inject={}:error={}", self.call, self.error), home.path().join("trace"));
        let [path, trace_path] = [&path, &trace].map(|path| path.to_str().expect("it is text"));
        let tracer = ["strace", "-f", "-qq", "-o", trace_path, "-P", path, "-e", &inject];
        let output = home.command_below(&tracer, args).output();
        let output = output.expect("strace is installed: it makes the calls fail");
        let calls = std::fs::read_to_string(&trace).unwrap_or_default();
        assert!(calls.contains("(INJECTED)"), "strace made a call fail: {calls} {}", errors_of(&output));
        output
    }
}

fn errors_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", errors_of(output)))
}

#[rstest]
#[case(FailingCall { call: "openat", error: "EIO", place: FOLDER }, "folderUnreadable", "The disk reports an error.")]
#[case(FailingCall { call: "getdents64", error: "EIO", place: FOLDER }, "folderUnreadable", "The disk reports an error.")]
#[case(FailingCall { call: "openat", error: "EACCES", place: FOLDER }, "folderUnreadable", "Grant read permission")]
#[case(FailingCall { call: "openat", error: "EMFILE", place: FOLDER }, "folderUnreadable", "Raise the limit of open files")]
#[case(FailingCall { call: "openat", error: "EIO", place: LOG }, "logUnreadable", "The disk reports an error.")]
#[case(FailingCall { call: "openat", error: "EACCES", place: LOG }, "logUnreadable", "Grant read permission")]
#[case(FailingCall { call: "pread64", error: "EIO", place: LOG }, "logUnreadable", "The disk reports an error.")]
#[case(FailingCall { call: "statx", error: "EIO", place: LOG }, "logUnreadable", "The disk reports an error.")]
fn what_cannot_be_read_is_reported(#[case] fault: FailingCall, #[case] code: &str, #[case] hint: &str) {
    let home = Home::with_sessions();
    let output = fault.run(&home, &["sessions", "--json"]);
    assert_eq!(output.status.code(), Some(DATA_UNREADABLE), "{}", errors_of(&output));
    let report = document(&output);
    assert!(report["totals"]["messageCount"].as_u64().expect("a number") < 5, "{report}");
    assert_eq!((&report["incomplete"], &report["problems"][0]["code"]), (&Value::Bool(true), &code.into()));
    assert!(report["problems"][0]["hint"].as_str().expect("text").contains(hint), "{report}");
    let errors = errors_of(&output);
    assert!(
        errors.contains("error: the figures are incomplete: Cannot read the ") && errors.contains(hint),
        "{errors}"
    );
    let healed = home.json(&["sessions"]);
    assert_eq!(healed["totals"]["messageCount"], 5);
    assert!(healed.get("incomplete").is_none() && healed.get("problems").is_none(), "{healed}");
}

#[test]
fn every_command_reports_incomplete_figures() {
    let home = Home::with_sessions();
    let fault = FailingCall { call: "openat", error: "EIO", place: FOLDER };
    for args in COMMANDS {
        let text = fault.run(&home, args);
        assert_eq!(text.status.code(), Some(DATA_UNREADABLE), "{args:?}: {}", errors_of(&text));
        assert!(errors_of(&text).contains("the figures are incomplete"), "{args:?}: {}", errors_of(&text));
        assert!(!text.stdout.is_empty(), "{args:?} prints what is known");
        if args[0] != "export" {
            let output = fault.run(&home, &[args, &["--json"]].concat());
            let document = document(&output);
            assert_eq!(output.status.code(), Some(DATA_UNREADABLE), "{args:?}");
            assert_eq!(document["incomplete"], true, "{args:?}: {document}");
            let has_reason = |problem: &Value| problem["code"] == "folderUnreadable";
            assert!(document["problems"].as_array().expect("a list").iter().any(has_reason), "{args:?}: {document}");
        }
    }
    for args in COMMANDS {
        let healed = home.run(args);
        assert_eq!((healed.status.code(), errors_of(&healed).as_str()), (Some(0), ""), "{args:?}");
    }
}

/// Runs the program with a limit of open files.
fn run_with_open_files(home: &Home, limit: u32, args: &[&str]) -> Output {
    let script = format!("ulimit -n {limit} && exec \"$0\" \"$@\"");
    home.command_below(&["/bin/sh", "-c", &script], args).output().expect("it runs")
}

#[rstest]
#[case("sessions")]
#[case("days")]
#[case("models")]
#[case("status")]
fn with_too_few_open_files_figures_are_exact_or_called_incomplete(#[case] command: &str) {
    let mut incomplete = 0;
    for limit in 4..=24 {
        let home = Home::with_sessions();
        let output = run_with_open_files(&home, limit, &[command, "--json"]);
        let errors = errors_of(&output);
        if output.status.success() {
            assert_eq!(json(&output)["totals"]["messageCount"], 5, "{limit}: {errors}");
        } else if output.stdout.is_empty() {
            assert!(errors.contains("error: "), "{limit}: {errors}");
        } else {
            let document = document(&output);
            assert_eq!((output.status.code(), &document["incomplete"]), (Some(DATA_UNREADABLE), &Value::Bool(true)));
            assert!(errors.contains("the figures are incomplete"), "{limit}: {errors}");
            incomplete += 1;
        }
        assert_eq!(home.json(&[command])["totals"]["messageCount"], 5, "{limit}: nothing is missing later");
    }
    assert!(incomplete > 0, "some limit keeps a log from being read");
}

#[test]
fn the_guard_warns_and_keeps_its_exit_code() {
    let home = Home::with_sessions();
    let fault = FailingCall { call: "openat", error: "EIO", place: FOLDER };
    let args = ["guard", "--min-left", "20"];
    let healthy = home.run(&args);
    let output = fault.run(&home, &args);
    assert_eq!(output.status.code(), healthy.status.code());
    assert!(errors_of(&output).contains("The figures are incomplete"), "{}", errors_of(&output));
}
