//! Many changes at once: nothing is starved or lost, work is bounded, and nothing stays open.

#[cfg(target_os = "linux")]
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use token_monitor_engine::{Request, Response, SessionQuery};

use crate::harness::{Line, TestEngine, TestEnv, line};

/// Returns the output tokens of a session.
fn output_of(running: &TestEngine, session: &str) -> u128 {
    let query = SessionQuery { limit: usize::MAX, include_hidden: true, ..SessionQuery::default() };
    let Response::Sessions(page) = running.request(Request::Sessions(query)) else { panic!("sessions") };
    page.sessions.iter().find(|row| row.session_id == session).map_or(0, |row| row.totals.output_tokens)
}

#[test]
fn a_log_that_grows_without_a_pause_does_not_delay_another() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("first", 1).with_newline());
    let running = env.live();
    running.until("the log", |snapshot| snapshot.totals.output_tokens == 1);
    let (is_done, written) = (AtomicBool::new(false), AtomicU64::new(1));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                env.append("p/s.jsonl", line(&written.fetch_add(1, Ordering::Relaxed).to_string(), 1).with_newline());
            }
        });
        let before = written.load(Ordering::Relaxed);
        env.append("p/t.jsonl", Line { session: "t", ..line("other", 1000) }.with_newline());
        running.until("the other log", |snapshot| snapshot.totals.output_tokens > 1000);
        while output_of(&running, "t") != 1000 {}
        while written.load(Ordering::Relaxed) == before {}
        is_done.store(true, Ordering::Relaxed);
    });
    running.sync();
    let written = u128::from(written.into_inner());
    assert!(written > 1, "something was injected");
    assert_eq!(running.figures().total.output_tokens, written + 1000);
    running.stop();
}

#[test]
fn a_storm_of_changes_is_collected_and_exact_at_its_end() {
    const LOGS: usize = 50;
    const LINES: usize = 10_000;
    let env = TestEnv::new();
    (0..LOGS).for_each(|log| drop(env.write(&format!("p/{log}.jsonl"), "")));
    let running = env.live();
    running.sync();
    let before = running.snapshot().revision;
    for number in 0..LINES {
        env.append(&format!("p/{}.jsonl", number % LOGS), line(&number.to_string(), 1).with_newline());
    }
    running.until("all lines", |snapshot| snapshot.totals.message_count == LINES as u64);
    running.sync();
    let revisions = running.snapshot().revision - before;
    assert!(revisions < LINES as u64, "several lines are read at once: {revisions} revisions");
    assert_eq!(running.figures().total.output_tokens, LINES as u128);
    running.stop();
}

#[test]
fn folders_that_are_created_together_with_their_logs_are_all_found() {
    const FOLDERS: u64 = 1000;
    let env = TestEnv::new();
    let running = env.live();
    running.until("the root", |snapshot| snapshot.roots.iter().any(|root| root.found));
    for number in 0..FOLDERS {
        env.write(&format!("p{number}/s/subagents/agent-{number}.jsonl"), line(&number.to_string(), 1).with_newline());
    }
    running.until("all logs", |snapshot| snapshot.totals.message_count == FOLDERS);
    running.stop();
}

/// Descriptors and threads, which Linux lists.
#[cfg(target_os = "linux")]
mod open_files {
    use std::path::{Path, PathBuf};
    use std::time::Instant;

    use super::*;

    /// Returns the files below a folder that this process has open.
    fn open_files_below(folder: &Path) -> Vec<PathBuf> {
        let open = fs::read_dir("/proc/self/fd").expect("Linux lists them").flatten();
        let paths = open.filter_map(|descriptor| fs::read_link(descriptor.path()).ok());
        paths.filter(|path| path.starts_with(folder)).collect()
    }

    /// Returns the files below the folder of all projects that stay open.
    fn wait_until_closed(env: &TestEnv) -> Vec<PathBuf> {
        let start = Instant::now();
        loop {
            let open = open_files_below(&env.projects());
            if open.is_empty() || start.elapsed() > token_monitor_test_support::DEADLINE {
                return open;
            }
        }
    }

    #[test]
    fn a_log_is_closed_after_it_was_read_also_if_it_is_deleted() {
        let env = TestEnv::new();
        let log = env.write("p/s.jsonl", line("1", 5).with_newline());
        let held = fs::File::open(&log).expect("it opens");
        assert_eq!(open_files_below(&env.projects()).len(), 1, "an open file is found");
        drop(held);
        for number in 0..100 {
            env.write(&format!("q/{number}.jsonl"), line(&format!("q{number}"), 1).with_newline());
        }
        let running = env.live();
        running.sync();
        assert_eq!(wait_until_closed(&env), Vec::<PathBuf>::new(), "no log stays open");
        env.append("p/s.jsonl", line("2", 6).with_newline());
        running.until("the line", |snapshot| snapshot.totals.output_tokens == 111);
        fs::remove_file(&log).expect("it is deleted");
        running.sync();
        assert_eq!(wait_until_closed(&env), Vec::<PathBuf>::new(), "nor does a deleted one");
        assert_eq!(running.total().output_tokens, 111);
        running.stop();
    }

    /// The variable set in the process that runs only this test, so that all descriptors and threads belong to it.
    const ALONE: &str = "TOKEN_MONITOR_TEST_ALONE";

    #[test]
    fn a_hundred_sweeps_leave_no_descriptor_and_no_thread_behind() {
        const SWEEPS: usize = 100;
        if std::env::var_os(ALONE).is_none() {
            let this = std::env::current_exe().expect("this test");
            let test = ["--exact", "load::open_files::a_hundred_sweeps_leave_no_descriptor_and_no_thread_behind"];
            let output = std::process::Command::new(this).args(test).env(ALONE, "1").output().expect("it runs");
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && text.contains("1 passed"), "{text}");
            return;
        }
        let count = |folder: &str| fs::read_dir(folder).expect("Linux lists them").count();
        let env = TestEnv::new();
        env.write("p/s.jsonl", line("0", 1).with_newline());
        let running = env.live();
        running.sync();
        running.sync();
        let before = (count("/proc/self/fd"), count("/proc/self/task"));
        for number in 1..=SWEEPS {
            env.append("p/s.jsonl", line(&number.to_string(), 1).with_newline());
            running.sync();
        }
        assert_eq!(running.total().message_count, SWEEPS as u64 + 1, "each sweep read something");
        assert_eq!((count("/proc/self/fd"), count("/proc/self/task")), before, "descriptors and threads");
        running.stop();
    }
}
