//! All system calls of the commands and of the tray process: nothing of Claude Code's is changed, nothing is sent, and all own
//! files are private from the moment they are created, although the process may give permissions to everybody.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::{calls_with, message};
use crate::program::Home;
use crate::watch::{Running, TIMEOUT, Watch, answered_by};

/// The calls that create, change, move or delete files, or open connections.
const CALLS: &str = "trace=%file,%network,fchmod,fchown,ftruncate";

/// The flags with which a file may be changed.
const WRITE_FLAGS: [&str; 5] = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"];

/// The calls with a path that change nothing.
const READING_CALLS: [&str; 13] = [
    "stat",
    "statx",
    "lstat",
    "newfstatat",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "execve",
    "chdir",
    "statfs",
    "inotify_add_watch",
];

/// Runs the program under a tracer, with all permissions for new files, and returns its calls.
fn trace(home: &Home, number: usize, args: &[&str], input: &str) -> PathBuf {
    let trace = home.path().join(format!("trace-{number}"));
    let path = trace.to_str().expect("it is text");
    let script = format!("umask 0 && exec strace -f -qq -y -s 4096 -o '{path}' -e '{CALLS}' \"$0\" \"$@\"");
    let mut command = home.command_below(&["/bin/sh", "-c", &script], args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it runs");
    // Only some commands read it.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait().expect("it ends");
    trace
}

/// Runs `watch` under a tracer, with all permissions for new files, while a log grows, and returns its calls.
fn trace_watch(home: &Home) -> PathBuf {
    let trace = home.path().join("trace-watch");
    let path = trace.to_str().expect("it is text");
    let script = format!("umask 0 && exec strace -D -f -qq -y -s 4096 -o '{path}' -e '{CALLS}' \"$0\" \"$@\"");
    let mut watch = Watch::start(home.command_below(&["/bin/sh", "-c", &script], &["watch", "--json"]));
    watch.wait_for_messages(5);
    home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message("live"));
    watch.wait_for_messages(6);
    watch.signal("TERM");
    assert!(watch.wait_for_end().success());
    trace
}

/// Runs the tray process in the same way, without a desktop, and returns its calls. The app is not beside it, so it starts no
/// other program.
fn trace_tray(home: &Home) -> PathBuf {
    let (trace, program) = (home.path().join("trace-tray"), home.path().join("token-monitor-tray"));
    let path = trace.to_str().expect("it is text");
    let script = format!("umask 0 && exec strace -D -f -qq -y -s 4096 -o '{path}' -e '{CALLS}' \"$0\"");
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &script]).arg(program).env_clear().envs(home.variables()).current_dir(home.path());
    let mut tray = Running(command.stderr(Stdio::null()).spawn().expect("it runs"));
    let start = Instant::now();
    while answered_by(home) != "running app" {
        assert!(start.elapsed() < TIMEOUT, "it serves commands");
    }
    home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message("tray"));
    assert_eq!(home.json(&["status"])["totals"]["messageCount"], 7);
    let kill = Command::new("kill").args(["-s", "TERM", &tray.0.id().to_string()]).status();
    assert!(kill.expect("it runs").success() && tray.0.wait().expect("it ends").success());
    trace
}

/// Returns true if a call may have changed something.
fn is_change(call: &str) -> bool {
    let name = call.split_once('(').map_or("", |(name, _)| name).rsplit(' ').next().unwrap_or_default();
    match name {
        "openat" | "open" => WRITE_FLAGS.iter().any(|flag| call.contains(flag)),
        name => !name.is_empty() && !READING_CALLS.contains(&name),
    }
}

/// Checks the calls of one run.
fn check(trace: &Path, claude: &str, what: &str) {
    let changes: Vec<String> = calls_with(trace, claude).into_iter().filter(|call| is_change(call)).collect();
    assert_eq!(changes, Vec::<String>::new(), "{what}: Claude Code's folder is only read");
    let sockets = calls_with(trace, "socket(");
    let foreign: Vec<&String> = sockets.iter().filter(|call| !call.contains("AF_UNIX")).collect();
    assert!(foreign.is_empty(), "{what}: nothing uses a network: {foreign:?}");
    for call in calls_with(trace, "O_CREAT") {
        assert!(call.contains("0600)") || call.contains("0600 <"), "{what}: private at creation: {call}");
    }
    for call in calls_with(trace, "mkdir").iter().filter(|call| !call.contains("EEXIST")) {
        assert!(call.contains("0700)") || call.contains("0700 <"), "{what}: private at creation: {call}");
    }
}

/// Returns all files and folders below a folder.
fn list_all(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let with_inner = |path: PathBuf| match path.is_dir() && !path.is_symlink() {
        true => [vec![path.clone()], list_all(&path)].concat(),
        false => vec![path],
    };
    entries.flat_map(with_inner).collect()
}

#[test]
fn commands_change_nothing_of_claude_code_send_nothing_and_create_private_files() {
    let home = Home::with_sessions();
    let settings = home.path().join(".claude/settings.json");
    fs::write(&settings, "{}").expect("it is written");
    let (tray, link) = (Path::new(env!("CARGO_BIN_EXE_token-monitor-tray")), home.path().join("token-monitor-tray"));
    fs::hard_link(tray, &link).or_else(|_| fs::copy(tray, &link).map(drop)).expect("a program");
    let before = list_all(home.path());
    let claude = home.path().join(".claude").to_str().expect("it is text").to_owned();
    check(&trace_watch(&home), &claude, "watch");
    check(&trace_tray(&home), &claude, "the tray process");
    let input =
        r#"{"session_id":"1f0e9d8c-aaaa","rate_limits":{"five_hour":{"used_percentage":38,"resets_at":4102444800}}}"#;
    let runs: [(&[&str], &str); 14] = [
        (&["status"], ""),
        (&["sessions"], ""),
        (&["session", "1f0e9d8c-aaaa"], ""),
        (&["days", "--json"], ""),
        (&["blocks"], ""),
        (&["export"], ""),
        (&["explain", "--all"], ""),
        (&["doctor"], ""),
        (&["backups", "create"], ""),
        (&["rename", "1f0e9d8c-aaaa", "Login"], ""),
        (&["settings", "set", "display.theme", "dark"], ""),
        (&["statusline"], input),
        (&["statusline", "check"], ""),
        (&["bar", "--format", "json"], ""),
    ];
    let mut reads = 0;
    for (number, (args, input)) in runs.into_iter().enumerate() {
        home.append("-home-x-shop/1f0e9d8c-aaaa.jsonl", &message(&format!("new-{number}")));
        let trace = trace(&home, number, args, input);
        reads += calls_with(&trace, &claude).len();
        check(&trace, &claude, &format!("{args:?}"));
    }
    assert!(reads > 100, "the calls are seen");
    let created = list_all(home.path()).into_iter().filter(|path| !before.contains(path));
    let own: Vec<PathBuf> = created.filter(|path| !path.to_string_lossy().contains("/trace-")).collect();
    assert!(own.iter().any(|path| path.ends_with("sessions.db")), "{own:?}");
    for path in own {
        let mode = fs::symlink_metadata(&path).expect("it exists").permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
}

/// The checks above find what they look for.
#[test]
fn a_changing_call_is_told_from_a_reading_one() {
    for call in [
        r#"12 openat(AT_FDCWD, "/h/.claude/x", O_WRONLY|O_CLOEXEC) = 3"#,
        r#"12 openat(AT_FDCWD, "/h/.claude/x", O_RDONLY|O_CREAT, 0600) = 3"#,
        r#"12 rename("/h/.claude/x", "/h/.claude/y") = 0"#,
        r#"12 unlink("/h/.claude/x") = 0"#,
        r#"12 mkdir("/h/.claude/x", 0700) = 0"#,
        r#"12 utimensat(AT_FDCWD, "/h/.claude/x", NULL, 0) = 0"#,
    ] {
        assert!(is_change(call), "{call}");
    }
    for call in [
        r#"12 openat(AT_FDCWD, "/h/.claude/x", O_RDONLY|O_CLOEXEC) = 3"#,
        r#"12 statx(AT_FDCWD, "/h/.claude/x", AT_STATX_SYNC_AS_STAT, STATX_ALL, {}) = 0"#,
        r#"12 readlink("/h/.claude/x", "y", 4096) = 1"#,
    ] {
        assert!(!is_change(call), "{call}");
    }
}
