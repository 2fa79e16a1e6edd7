//! `token-monitor statusline` as Claude Code runs it: one plain line and exit code 0, also after errors.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program::{Home, line};

/// Returns input as from Claude Code, with official windows that are still open.
fn input_of(session: &str) -> Value {
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

/// Returns the output. Asserts that the exit code is 0 and standard error is empty.
fn output_of(home: &Home, args: &[&str], input: &[u8]) -> String {
    output_in_columns(home, args, input, None)
}

/// Returns the output for a terminal of this width.
fn output_in_columns(home: &Home, args: &[&str], input: &[u8], columns: Option<&str>) -> String {
    let mut command = status_line_command(home, args);
    command.envs(columns.map(|columns| ("COLUMNS", columns)));
    let mut child = command.spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("there is a pipe");
    // This fails if the program does not read all of it.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{args:?} never fails");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// Returns the command with pipes, and without the width of a terminal.
fn status_line_command(home: &Home, args: &[&str]) -> Command {
    let mut command = home.command(args);
    command.env_remove("COLUMNS").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn status_line(home: &Home, args: &[&str], input: &Value) -> String {
    output_of(home, &[&["statusline"], args].concat(), input.to_string().as_bytes())
}

fn inbox_files(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.path().join("inbox")) else { return Vec::new() };
    entries.map(|entry| entry.expect("it can be listed").path()).collect()
}

fn read_note(path: &PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON")
}

const LINE: &str =
    "Opus 5.5 · fix login flow · block 38% used official, 2h 10m left · $3.41 API-equivalent · context 42% official\n";

#[test]
fn without_an_app_it_shows_the_figures_of_the_input() {
    let home = Home::with_sessions();
    assert_eq!(status_line(&home, &[], &input_of("s1")), LINE);
    assert!(!home.store().exists(), "the store is never opened");
}

#[test]
fn only_the_numbers_of_official_windows_are_written_to_the_inbox() {
    let home = Home::new();
    let input = input_of("s1");
    status_line(&home, &[], &input);
    let files = inbox_files(&home);
    assert_eq!(files.len(), 1, "{files:?}");
    let mut note = read_note(&files[0]);
    let at = note["at"].take();
    assert!(at.as_str().is_some_and(|at| at.len() == 27 && at.ends_with('Z')), "{at}: to the microsecond");
    let mut limits = input["rate_limits"].clone();
    limits["five_hour"].as_object_mut().expect("an object").remove("account");
    assert_eq!(note, json!({ "version": 1, "at": null, "session": "s1", "rate_limits": limits }));
}

#[cfg(unix)]
#[test]
fn the_inbox_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    status_line(&home, &[], &input_of("s1"));
    let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&home.path().join("inbox")), mode(&inbox_files(&home)[0])), (0o700, 0o600));
}

#[test]
fn an_unchanged_note_is_not_rewritten() {
    let home = Home::new();
    let mut input = input_of("s1");
    status_line(&home, &[], &input);
    let path = inbox_files(&home).remove(0);
    let first = read_note(&path);
    status_line(&home, &[], &input);
    assert_eq!(read_note(&path), first, "the figures are the same");
    input["rate_limits"]["five_hour"]["used_percentage"] = json!(38);
    status_line(&home, &[], &input);
    assert_ne!(read_note(&path), first, "the figures have changed");
    input["session_id"] = json!("s2");
    status_line(&home, &[], &input);
    assert_eq!(inbox_files(&home).len(), 2, "each session has its own note");
}

#[test]
fn a_broken_note_is_replaced() {
    let home = Home::new();
    let input = input_of("s1");
    status_line(&home, &[], &input);
    let path = inbox_files(&home).remove(0);
    fs::write(&path, "{").expect("it is written");
    status_line(&home, &[], &input);
    assert_eq!(read_note(&path)["session"], "s1");
}

#[test]
fn without_official_windows_nothing_is_written() {
    let home = Home::new();
    let mut input = input_of("s1");
    for limits in [Value::Null, json!({}), json!({ "five_hour": null }), json!("soon")] {
        input["rate_limits"] = limits;
        status_line(&home, &[], &input);
    }
    assert_eq!(inbox_files(&home), Vec::<PathBuf>::new());
}

#[test]
fn invalid_input_becomes_a_plain_line() {
    let home = Home::new();
    for input in ["{", "[]", "null", "hello", "\u{1b}]0;x\u{7}"] {
        let printed = output_of(&home, &["statusline"], input.as_bytes());
        assert_eq!(printed, "Token Monitor: no status (standard input is not a JSON object)\n", "{input}");
    }
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20));
    let printed = output_of(&home, &["statusline"], large.as_bytes());
    assert!(printed.starts_with("Token Monitor: no status (standard input is larger than 1 MiB)"), "{printed}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let home = Home::new();
    let mut input = input_of("s1");
    input["model"]["display_name"] = json!("作品五");
    let shown = |columns| output_in_columns(&home, &["statusline"], input.to_string().as_bytes(), Some(columns));
    assert_eq!(shown("80"), "作品五 · fix login flow · block 38% used official, 2h 10m left\n");
    assert_eq!(shown("50"), "作品五 · block 38% used official, 2h 10m left\n");
    assert_eq!(shown("40"), "block 38% used official, 2h 10m left\n");
    assert_eq!(shown("24"), "38%, 2h 10m left\n");
    assert_eq!(shown("0"), shown("500"), "a width of zero is unknown");
    let error = output_in_columns(&home, &["statusline"], b"[]", Some("30"));
    assert_eq!(error, "Token Monitor: no status…\n");
}

#[test]
fn the_context_is_unknown_right_after_a_compaction() {
    let home = Home::new();
    let mut input = input_of("s1");
    input["context_window"] = json!({ "used_percentage": 0, "total_input_tokens": 0, "current_usage": null });
    assert!(!status_line(&home, &[], &input).contains("context"));
}

#[test]
fn empty_input_prints_how_to_set_it_up() {
    let home = Home::new();
    assert!(output_of(&home, &["statusline"], b"").contains("`token-monitor statusline install`"));
}

#[test]
fn a_pipe_that_stays_open_is_not_waited_for() {
    let home = Home::new();
    let mut child = status_line_command(&home, &["statusline"]).spawn().expect("it runs");
    child.stdin.as_mut().expect("a pipe").write_all(input_of("s1").to_string().as_bytes()).expect("it reads");
    let mut printed = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut printed).expect("it prints text");
    assert_eq!(printed, LINE);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn bad_options_and_settings_become_a_plain_line() {
    let home = Home::new();
    let input = input_of("s1").to_string();
    for args in [
        ["statusline", "--config", "missing.yaml"],
        ["--config", "missing.yaml", "statusline"],
        ["statusline", "--nonsense", "--json"],
        ["statusline", "nonsense", "--log-level"],
    ] {
        let printed = output_of(&home, &args, input.as_bytes());
        assert!(printed.starts_with("Token Monitor: no status ("), "{args:?}: {printed}");
        assert_eq!(printed.lines().count(), 1, "{args:?}: {printed}");
    }
    fs::write(home.path().join("odd.yaml"), "{").expect("it is written");
    assert_eq!(output_of(&home, &["statusline", "--config", "odd.yaml"], input.as_bytes()), LINE);
}

#[test]
fn an_inbox_that_cannot_be_written_is_reported_on_the_line() {
    let home = Home::new();
    fs::write(home.path().join("inbox"), "a file").expect("it is written");
    let printed = status_line(&home, &[], &input_of("s1"));
    assert_eq!(printed, format!("{} · official figures not saved\n", LINE.trim_end()));
}

#[test]
fn control_characters_in_names_are_not_printed() {
    let home = Home::new();
    let mut input = input_of("s1");
    input["session_name"] = json!("\u{1b}]0;owned\u{7}a\nb\u{9b}2J\u{202e}");
    input["model"] = json!("\u{1b}[31mred");
    let printed = status_line(&home, &[], &input);
    assert!(!printed.trim_end().contains(|c: char| c.is_control() || c == '\u{202e}'), "{printed:?}");
}

#[test]
fn the_help_text_is_unchanged() {
    let home = Home::new();
    insta::assert_snapshot!("help-statusline", home.prints(&["statusline", "--help"]));
}

/// A running app, ended with the test.
struct Watch {
    child: Child,
    /// Keeps the pipe open: the process ends when nothing reads its output.
    _printed: BufReader<ChildStdout>,
}

impl Watch {
    /// Starts the app and waits until it prints a snapshot.
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
fn with_a_running_app_it_shows_the_block_and_the_burn_rate() {
    let home = Home::new();
    let now = chrono::Utc::now().to_rfc3339();
    home.write("p/s1.jsonl", &[line("s1", "1", "claude-opus-5-5", &now, [100, 200, 3_000, 40_000])]);
    let _watch = Watch::start(&home);
    let mut input = input_of("s1");
    input["rate_limits"] = Value::Null;
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let printed = status_line(&home, &[], &input);
        if printed.contains("block 43,300 tokens measured, ") && printed.contains(" tok/min measured · $3.41") {
            break;
        }
        assert!(Instant::now() < deadline, "{printed}");
    }
    let official = status_line(&home, &[], &self::input_of("s1"));
    assert!(!official.contains("tokens measured"), "official figures win: {official}");
}

#[cfg(unix)]
mod chained {
    use super::*;

    fn status_line_after(home: &Home, script: &str) -> String {
        status_line(home, &["--", "/bin/sh", "-c", script], &input_of("s1"))
    }

    /// Returns true if a process is running and not a zombie.
    fn is_running(process: &str) -> bool {
        let ps = Command::new("ps").args(["-o", "stat=", "-p", process]).output().expect("ps runs");
        !ps.stdout.is_empty() && !ps.stdout.starts_with(b"Z")
    }

    #[test]
    fn a_chained_command_gets_the_same_input_and_prints_first() {
        let home = Home::new();
        let printed = status_line_after(&home, "cat > received.json; printf 'one\\ntwo'");
        assert_eq!(printed, format!("one\ntwo\n{LINE}"));
        let received: Value =
            serde_json::from_slice(&fs::read(home.path().join("received.json")).expect("it is there"))
                .expect("it is JSON");
        assert_eq!(received["session_name"], "fix login flow");
    }

    #[test]
    fn a_chained_command_that_fails_changes_nothing() {
        let home = Home::new();
        assert_eq!(status_line_after(&home, "echo oops >&2; exit 3"), LINE);
        assert_eq!(status_line(&home, &["--", "no-such-program"], &input_of("s1")), LINE);
        assert_eq!(status_line(&home, &["--"], &input_of("s1")), LINE);
    }

    #[test]
    fn a_chained_command_prints_even_if_the_status_line_fails() {
        let home = Home::new();
        let printed = output_of(&home, &["statusline", "--config", "no.yaml", "--", "/bin/echo", "mine"], b"{}");
        assert!(printed.starts_with("mine\nToken Monitor: no status ("), "{printed}");
        let printed = output_of(&home, &["statusline", "--nonsense", "--", "/bin/cat"], b"not JSON");
        assert!(printed.starts_with("not JSON\nToken Monitor: no status ("), "{printed}");
    }

    #[test]
    fn a_chained_command_that_hangs_is_ended_with_its_children() {
        let home = Home::new();
        let start = Instant::now();
        let printed = status_line_after(&home, "echo early; sleep 60 & echo $! > child; wait");
        assert_eq!(printed, format!("early\n{LINE}"));
        assert!(start.elapsed() < Duration::from_secs(10), "it does not wait for a minute");
        let child = fs::read_to_string(home.path().join("child")).expect("it was started");
        while is_running(child.trim()) {
            assert!(start.elapsed() < Duration::from_secs(30), "the child is ended as well");
        }
    }

    #[test]
    fn a_chained_command_may_print_a_lot_and_read_nothing() {
        let home = Home::new();
        let printed = status_line_after(&home, "head -c 2000000 /dev/zero | tr '\\0' x");
        assert!(printed.ends_with(LINE) && printed.len() > 256 << 10, "{} bytes", printed.len());
    }

    #[test]
    fn a_background_process_of_a_chained_command_is_not_ended() {
        let home = Home::new();
        assert_eq!(
            status_line_after(&home, "sleep 5 >/dev/null 2>&1 & echo $! > child; echo mine"),
            format!("mine\n{LINE}")
        );
        let child = fs::read_to_string(home.path().join("child")).expect("it was started");
        assert!(is_running(child.trim()), "such as one that refreshes a cache");
    }

    /// The longest time that a test waits for the background.
    const BACKGROUND_TIMEOUT: Duration = Duration::from_secs(30);

    #[test]
    fn the_last_output_of_a_slow_command_is_shown_at_once() {
        let home = Home::new();
        let script = "echo run >> runs; sleep 1.5; echo \u{1b}[1mmine$(wc -l < runs | tr -d ' ')";
        assert_eq!(status_line_after(&home, script), format!("\u{1b}[1mmine1\n{LINE}"), "nothing was kept before");
        for _ in 0..2 {
            let start = Instant::now();
            assert_eq!(status_line_after(&home, script), format!("\u{1b}[1mmine1\n{LINE}"));
            assert!(start.elapsed() < Duration::from_millis(1_200), "it does not wait for the command");
        }
        wait_until(|| status_line_after(&home, script).starts_with("\u{1b}[1mmine2\n"));
        assert!(!status_line(&home, &["--", "/bin/sh", "-c", "sleep 0.1"], &input_of("s1")).contains("mine"));
    }

    #[test]
    fn only_one_run_is_in_progress() {
        let home = Home::new();
        let script = "echo run >> runs; [ -e slow ] && sleep 3; echo mine";
        status_line_after(&home, script);
        fs::write(home.path().join("slow"), "").expect("it is written");
        for _ in 0..3 {
            assert_eq!(status_line_after(&home, script), format!("mine\n{LINE}"));
        }
        assert_eq!(fs::read_to_string(home.path().join("runs")).expect("it is there"), "run\nrun\n");
    }

    #[test]
    fn each_session_has_its_own_output() {
        let home = Home::new();
        let script = "if [ -e second ]; then sleep 2; else touch second; fi; echo mine";
        assert_eq!(status_line_after(&home, script), format!("mine\n{LINE}"));
        let start = Instant::now();
        let printed = status_line(&home, &["--", "/bin/sh", "-c", script], &input_of("s2"));
        assert_eq!(printed, format!("mine\n{LINE}"));
        assert!(start.elapsed() >= Duration::from_secs(2), "nothing was kept for this session");
    }

    #[test]
    fn a_run_survives_the_end_of_the_status_line() {
        let home = Home::new();
        let script = "touch started; sleep 2; echo mine";
        let mut child =
            status_line_command(&home, &["statusline", "--", "/bin/sh", "-c", script]).spawn().expect("runs");
        child.stdin.take().expect("a pipe").write_all(input_of("s1").to_string().as_bytes()).expect("it reads");
        wait_until(|| home.path().join("started").exists());
        let group = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
        assert!(group.success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&output.stdout), LINE, "it prints its own line");
        let start = Instant::now();
        assert_eq!(status_line_after(&home, script), format!("mine\n{LINE}"));
        assert!(start.elapsed() < Duration::from_secs(2) + BACKGROUND_TIMEOUT / 2);
    }

    #[test]
    fn kept_outputs_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        status_line_after(&home, "echo mine");
        let folder = home.path().join("statusline");
        let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        let files = fs::read_dir(&folder).expect("it is there").flatten().map(|file| file.path());
        let modes: Vec<_> = files.map(|path| mode(&path)).collect();
        assert_eq!(modes, [0o600; 3], "the output, its lock and the time of the last call");
    }

    fn wait_until(mut is_done: impl FnMut() -> bool) {
        let start = Instant::now();
        while !is_done() {
            assert!(start.elapsed() < BACKGROUND_TIMEOUT);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
