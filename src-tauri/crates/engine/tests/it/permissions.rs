//! Logs and folders that the user may not read.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use token_monitor_test_support::DEADLINE;

use crate::harness::{TestEngine, TestEnv, ignored_counts, line};

/// The variable set in the process that runs a test without root.
const HELD_BACK: &str = "TOKEN_MONITOR_TEST_HELD_BACK";

/// Runs a test as a user to whom permissions apply; they do not apply to root.
pub(crate) fn run_without_root(test: &str, body: impl FnOnce()) {
    const NOBODY: u32 = 65534;
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if std::env::var_os(HELD_BACK).is_some() || !is_root {
        return body();
    }
    // That user may not have access to the build folder.
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let program = folder.path().join("it");
    let this = std::env::current_exe().expect("this test");
    fs::hard_link(&this, &program).or_else(|_| fs::copy(&this, &program).map(drop)).expect("a program");
    let output = Command::new(program)
        .args(["--exact", test])
        .env(HELD_BACK, "1")
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// Syncs until the output is reached. A file that could not be read is not retried at every sync.
fn sync_until(running: &TestEngine, output: u128) {
    let began = std::time::Instant::now();
    while running.total().output_tokens != output {
        assert!(began.elapsed() < DEADLINE, "it has {} instead of {output}", running.total().output_tokens);
        running.sync();
    }
}

#[test]
fn a_log_without_permission_is_reported_and_read_once_permitted() {
    run_without_root("permissions::a_log_without_permission_is_reported_and_read_once_permitted", || {
        let env = TestEnv::new();
        env.write("p/s.jsonl", line("1", 5).with_newline());
        let path = env.write("p/t.jsonl", line("2", 6).with_newline());
        set_mode(&path, 0);
        let running = env.start();
        running.sync();
        assert_eq!(running.figures().total.output_tokens, 5);
        let found = running.health().ignored_paths;
        assert!(found.len() == 1 && found[0].example == path.display().to_string(), "{found:?}");
        set_mode(&path, 0o600);
        sync_until(&running, 11);
        assert_eq!(ignored_counts(&running.health()), []);
        running.stop();
    });
}

#[test]
fn a_folder_without_permission_is_reported_and_read_once_permitted() {
    run_without_root("permissions::a_folder_without_permission_is_reported_and_read_once_permitted", || {
        let env = TestEnv::new();
        env.write("p/s.jsonl", line("1", 5).with_newline());
        let path = env.write("q/t.jsonl", line("2", 6).with_newline());
        let folder = path.parent().expect("it has a folder").to_owned();
        set_mode(&folder, 0);
        let running = env.start();
        running.sync();
        assert_eq!(running.figures().total.output_tokens, 5);
        assert_eq!(ignored_counts(&running.health()), [("without permission to read", 1)]);
        let problem = format!("Cannot read the folder {}.", folder.display());
        assert_eq!(running.problems(), [problem.as_str()], "the snapshot has the problem");
        set_mode(&folder, 0o700);
        sync_until(&running, 11);
        assert_eq!(running.problems(), [""; 0]);
        running.stop();
    });
}

#[test]
fn an_unreadable_root_differs_from_a_missing_one() {
    run_without_root("permissions::an_unreadable_root_differs_from_a_missing_one", || {
        let env = TestEnv::new();
        let root = env.projects();
        let above = root.parent().expect("it has a folder").to_owned();
        set_mode(&above, 0);
        let running = env.start();
        running.sync();
        let problem = format!("Cannot read the folder {}.", root.display());
        assert_eq!(running.problems(), [problem.as_str()]);
        set_mode(&above, 0o700);
        running.stop();
    });
}

#[test]
fn figures_are_incomplete_while_a_log_cannot_be_read() {
    run_without_root("permissions::figures_are_incomplete_while_a_log_cannot_be_read", || {
        let env = TestEnv::new();
        env.write("p/s.jsonl", line("1", 5).with_newline());
        let path = env.write("p/t.jsonl", line("2", 6).with_newline());
        set_mode(&path, 0);
        let running = env.live();
        running.sync();
        let problem = format!("Cannot read the log {}.", path.display());
        let before = running.snapshot();
        assert_eq!((before.incomplete, before.problems[0].message.as_str()), (true, problem.as_str()));
        set_mode(&path, 0o600);
        sync_until(&running, 11);
        let after = running.snapshot();
        assert_eq!((after.incomplete, after.problems.len()), (false, 0));
        assert!(after.revision > before.revision, "clients ask again");
        running.stop();
    });
}
