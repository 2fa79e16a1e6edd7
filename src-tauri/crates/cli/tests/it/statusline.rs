//! `token-monitor statusline` as Claude Code runs it: always one plain line and exit code 0.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program::{Home, line};

/// What Claude Code tells, with official windows that are open for a while.
fn told(session: &str) -> Value {
    let soon = chrono::Utc::now().timestamp();
    json!({
        "session_id": session, "session_name": "fix login flow", "transcript_path": "/secret/path.jsonl",
        "model": { "id": "claude-opus-5-5", "display_name": "Opus 5.5" }, "cost": { "total_cost_usd": 3.41 },
        "context_window": { "used_percentage": 42 },
        "rate_limits": {
            "five_hour": { "used_percentage": 37.5, "resets_at": soon + 7830, "account": "a@b.c" },
            "seven_day": { "used_percentage": 12, "resets_at": soon + 300_000 },
            "other": { "used_percentage": 1 },
        },
    })
}

/// What it prints; it always ends well and complains nowhere.
fn prints(home: &Home, args: &[&str], input: &[u8]) -> String {
    let output = home.run_with(args, input);
    assert_eq!(output.status.code(), Some(0), "{args:?}: it never fails Claude Code");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    String::from_utf8(output.stdout).expect("it prints text")
}

fn status(home: &Home, args: &[&str], told: &Value) -> String {
    prints(home, &[&["statusline"], args].concat(), told.to_string().as_bytes())
}

fn inbox(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.path().join("inbox")) else { return Vec::new() };
    entries.map(|entry| entry.expect("it can be listed").path()).collect()
}

fn note(path: &PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON")
}

const LINE: &str =
    "Opus 5.5 · fix login flow · block 38 % official, 2 h 10 m left · $3.41 API-equivalent · context 42 % official\n";

#[test]
fn without_an_app_it_shows_what_it_was_told() {
    let home = Home::with_sessions();
    assert_eq!(status(&home, &[], &told("s1")), LINE);
    assert!(!home.store().exists(), "the store is never opened");
}

#[test]
fn official_windows_and_nothing_else_go_into_the_inbox() {
    let home = Home::new();
    let told = told("s1");
    status(&home, &[], &told);
    let files = inbox(&home);
    assert_eq!(files.len(), 1, "{files:?}");
    let mut note = note(&files[0]);
    let at = note["at"].take();
    assert!(at.as_str().is_some_and(|at| at.len() == 27 && at.ends_with('Z')), "{at}: to the microsecond");
    let mut limits = told["rate_limits"].clone();
    limits.as_object_mut().expect("an object").remove("other");
    limits["five_hour"].as_object_mut().expect("an object").remove("account");
    assert_eq!(note, json!({ "version": 1, "at": null, "session": "s1", "rate_limits": limits }));
}

#[cfg(unix)]
#[test]
fn the_inbox_is_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    status(&home, &[], &told("s1"));
    let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&home.path().join("inbox")), mode(&inbox(&home)[0])), (0o700, 0o600));
}

#[test]
fn the_same_again_is_not_written_again() {
    let home = Home::new();
    let mut told = told("s1");
    status(&home, &[], &told);
    let path = inbox(&home).remove(0);
    let first = note(&path);
    status(&home, &[], &told);
    assert_eq!(note(&path), first, "nothing new was told");
    told["rate_limits"]["five_hour"]["used_percentage"] = json!(38);
    status(&home, &[], &told);
    assert_ne!(note(&path), first, "that is new");
    told["session_id"] = json!("s2");
    status(&home, &[], &told);
    assert_eq!(inbox(&home).len(), 2, "each session has its own");
}

#[test]
fn a_broken_note_is_replaced() {
    let home = Home::new();
    let told = told("s1");
    status(&home, &[], &told);
    let path = inbox(&home).remove(0);
    fs::write(&path, "{").expect("it is written");
    status(&home, &[], &told);
    assert_eq!(note(&path)["session"], "s1");
}

#[test]
fn without_official_windows_nothing_is_written() {
    let home = Home::new();
    let mut told = told("s1");
    for limits in [Value::Null, json!({}), json!({ "five_hour": null }), json!("soon")] {
        told["rate_limits"] = limits;
        status(&home, &[], &told);
    }
    assert_eq!(inbox(&home), Vec::<PathBuf>::new());
}

#[test]
fn what_is_told_wrongly_becomes_a_plain_line() {
    let home = Home::new();
    for input in ["{", "[]", "null", "hello", "\u{1b}]0;x\u{7}"] {
        let printed = prints(&home, &["statusline"], input.as_bytes());
        assert_eq!(printed, "Token Monitor: no status (what came on standard input is no JSON object)\n", "{input}");
    }
    let much = format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20));
    let printed = prints(&home, &["statusline"], much.as_bytes());
    assert!(printed.starts_with("Token Monitor: no status (more came"), "{printed}");
}

#[test]
fn nothing_told_says_how_it_is_used() {
    let home = Home::new();
    assert!(prints(&home, &["statusline"], b"").contains("`token-monitor statusline install`"));
}

#[test]
fn a_pipe_nobody_closes_is_not_waited_for() {
    let home = Home::new();
    let mut command = home.command(&["statusline"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    std::io::Write::write_all(child.stdin.as_mut().expect("a pipe"), told("s1").to_string().as_bytes())
        .expect("it listens");
    let mut printed = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut printed).expect("it prints text");
    assert_eq!(printed, LINE);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn bad_options_and_settings_become_a_plain_line() {
    let home = Home::new();
    let input = told("s1").to_string();
    for args in [
        ["statusline", "--config", "missing.yaml"],
        ["--config", "missing.yaml", "statusline"],
        ["statusline", "--nonsense", "--json"],
        ["statusline", "nonsense", "--log-level"],
    ] {
        let printed = prints(&home, &args, input.as_bytes());
        assert!(printed.starts_with("Token Monitor: no status ("), "{args:?}: {printed}");
        assert_eq!(printed.lines().count(), 1, "{args:?}: {printed}");
    }
    fs::write(home.path().join("odd.yaml"), "{").expect("it is written");
    assert_eq!(prints(&home, &["statusline", "--config", "odd.yaml"], input.as_bytes()), LINE);
}

#[test]
fn an_inbox_that_cannot_be_written_is_said_on_the_line() {
    let home = Home::new();
    fs::write(home.path().join("inbox"), "a file").expect("it is written");
    let printed = status(&home, &[], &told("s1"));
    assert_eq!(printed, format!("{} · official figures not passed on\n", LINE.trim_end()));
}

#[test]
fn names_command_no_terminal() {
    let home = Home::new();
    let mut told = told("s1");
    told["session_name"] = json!("\u{1b}]0;owned\u{7}a\nb\u{9b}2J\u{202e}");
    told["model"] = json!("\u{1b}[31mred");
    let printed = status(&home, &[], &told);
    assert!(!printed.trim_end().contains(|c: char| c.is_control() || c == '\u{202e}'), "{printed:?}");
}

#[test]
fn its_help_says_how_it_is_used() {
    let home = Home::new();
    insta::assert_snapshot!("help-statusline", home.prints(&["statusline", "--help"]));
}

/// The app that runs, ended with the test.
struct Watch {
    child: Child,
    /// It ends when nobody reads what it prints.
    _printed: BufReader<ChildStdout>,
}

impl Watch {
    /// Starts it, and waits until it says something.
    fn start(home: &Home) -> Self {
        let mut child = home.command(&["watch", "--json"]).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut printed = BufReader::new(child.stdout.take().expect("a pipe"));
        printed.read_line(&mut String::new()).expect("it prints text");
        Self { child, _printed: printed }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn beside_a_running_app_it_shows_block_and_burn_rate() {
    let home = Home::new();
    let now = chrono::Utc::now().to_rfc3339();
    home.write("p/s1.jsonl", &[line("s1", "1", "claude-opus-5-5", &now, [100, 200, 3_000, 40_000])]);
    let _watch = Watch::start(&home);
    let mut told = told("s1");
    told["rate_limits"] = Value::Null;
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let printed = status(&home, &[], &told);
        if printed.contains("block 43,300 tokens measured, ") && printed.contains(" tok/min measured · $3.41") {
            break;
        }
        assert!(Instant::now() < deadline, "{printed}");
    }
    let official = status(&home, &[], &self::told("s1"));
    assert!(!official.contains("tokens measured"), "official figures win: {official}");
}

#[cfg(unix)]
mod chained {
    use std::process::Command;

    use super::*;

    fn after(home: &Home, script: &str) -> String {
        status(home, &["--", "/bin/sh", "-c", script], &told("s1"))
    }

    /// One that ended and is not buried yet does not run.
    fn is_running(process: &str) -> bool {
        let ps = Command::new("ps").args(["-o", "stat=", "-p", process]).output().expect("it can be asked");
        !ps.stdout.is_empty() && !ps.stdout.starts_with(b"Z")
    }

    #[test]
    fn a_chained_command_gets_the_same_input_and_prints_first() {
        let home = Home::new();
        let printed = after(&home, "cat > told.json; printf 'one\\ntwo'");
        assert_eq!(printed, format!("one\ntwo\n{LINE}"));
        let heard: Value =
            serde_json::from_slice(&fs::read(home.path().join("told.json")).expect("it is there")).expect("it is JSON");
        assert_eq!(heard["session_name"], "fix login flow");
    }

    #[test]
    fn a_chained_command_that_fails_changes_nothing() {
        let home = Home::new();
        assert_eq!(after(&home, "echo oops >&2; exit 3"), LINE);
        assert_eq!(status(&home, &["--", "no-such-program"], &told("s1")), LINE);
        assert_eq!(status(&home, &["--"], &told("s1")), LINE);
    }

    #[test]
    fn a_chained_command_speaks_even_where_we_cannot() {
        let home = Home::new();
        let printed = prints(&home, &["statusline", "--config", "no.yaml", "--", "/bin/echo", "mine"], b"{}");
        assert!(printed.starts_with("mine\nToken Monitor: no status ("), "{printed}");
        let printed = prints(&home, &["statusline", "--nonsense", "--", "/bin/cat"], b"not JSON");
        assert!(printed.starts_with("not JSON\nToken Monitor: no status ("), "{printed}");
    }

    #[test]
    fn a_chained_command_that_hangs_is_ended_with_its_children() {
        let home = Home::new();
        let begun = Instant::now();
        let printed = after(&home, "echo early; sleep 60 & echo $! > child; wait");
        assert_eq!(printed, format!("early\n{LINE}"));
        assert!(begun.elapsed() < Duration::from_secs(10), "a minute was not waited for");
        let child = fs::read_to_string(home.path().join("child")).expect("it was started");
        while is_running(child.trim()) {
            assert!(begun.elapsed() < Duration::from_secs(30), "the child is ended, too");
        }
    }

    #[test]
    fn a_chained_command_may_print_much_and_read_nothing() {
        let home = Home::new();
        let printed = after(&home, "head -c 2000000 /dev/zero | tr '\\0' x");
        assert!(printed.ends_with(LINE) && printed.len() > 256 << 10, "{} bytes", printed.len());
    }

    #[test]
    fn what_a_chained_command_leaves_running_is_left_alone() {
        let home = Home::new();
        assert_eq!(after(&home, "sleep 5 >/dev/null 2>&1 & echo $! > child; echo mine"), format!("mine\n{LINE}"));
        let child = fs::read_to_string(home.path().join("child")).expect("it was started");
        assert!(is_running(child.trim()), "it refreshes its own cache");
    }
}
