//! `watch` beside other processes: a reader that does not read, an owner that is killed, and a long runtime folder.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{Home, line};

/// Long enough for a busy machine.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// A process that is killed with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running `watch --json`.
pub(crate) struct Watch {
    pub(crate) process: Running,
    lines: Receiver<Value>,
}

impl Watch {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it runs");
        let printed = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in printed.lines() {
                let snapshot = serde_json::from_str(&line.expect("text")).expect("JSON");
                if sender.send(snapshot).is_err() {
                    // The test has ended.
                    return;
                }
            }
        });
        Self { process: Running(child), lines }
    }

    /// Waits for a snapshot with this number of messages.
    pub(crate) fn wait_for_messages(&self, count: u64) {
        self.wait_for(&format!("{count} messages"), |snapshot| snapshot["totals"]["messageCount"] == count);
    }

    /// Waits for a snapshot that meets a condition.
    pub(crate) fn wait_for(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let (start, mut last) = (Instant::now(), Value::Null);
        loop {
            let left = TIMEOUT.saturating_sub(start.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(snapshot) if holds(&snapshot) => return snapshot,
                Ok(snapshot) => last = snapshot,
                Err(error) => panic!("{what}: {error}; the last snapshot is {last}"),
            }
        }
    }

    /// Sends a signal to the process.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.process.0.id().to_string()]).status();
        assert!(kill.expect("it runs").success(), "the signal is sent");
    }

    /// Waits for the end of the process.
    #[cfg(unix)]
    pub(crate) fn wait_for_end(&mut self) -> std::process::ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.0.try_wait().expect("its status") {
                return status;
            }
            assert!(start.elapsed() < TIMEOUT, "it ends");
            thread::yield_now();
        }
    }
}

/// Returns the process that answers commands.
pub(crate) fn answered_by(home: &Home) -> String {
    home.json(&["doctor"])["answeredBy"].as_str().expect("text").to_owned()
}

#[test]
fn a_watch_continues_when_the_process_with_the_engine_is_killed() {
    let home = Home::with_sessions();
    let mut owner = Watch::start(home.command(&["watch", "--json"]));
    owner.wait_for_messages(5);
    let follower = Watch::start(home.command(&["watch", "--json"]));
    follower.wait_for_messages(5);
    owner.process.0.kill().and_then(|()| owner.process.0.wait()).expect("it is killed");
    home.write("p/new.jsonl", &[line("new", "n1", "claude-opus-4-8", "2026-02-06T09:12:00Z", [1, 2, 3, 4])]);
    follower.wait_for_messages(6);
    assert_eq!(answered_by(&home), "running app", "the second one has the engine now");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_pipe_blocks_neither_other_commands_nor_signals() {
    use std::io::{Read, Write};
    /// The capacity of a pipe on Linux.
    const PIPE_BYTES: usize = 65_536;
    let home = Home::with_sessions();
    let (mut reader, mut writer) = std::io::pipe().expect("a pipe");
    writer.write_all(&vec![b'x'; PIPE_BYTES]).expect("the pipe has room for it");
    let child = home.command(&["watch", "--json"]).stdout(writer).spawn().expect("it runs");
    let mut watch = Running(child);
    let start = Instant::now();
    while answered_by(&home) != "running app" {
        assert!(start.elapsed() < TIMEOUT, "it serves other commands");
    }
    assert_eq!(home.json(&["status"])["totals"]["messageCount"], 5);
    let signaled = Instant::now();
    let kill = Command::new("kill").args(["-TERM", &watch.0.id().to_string()]).status();
    assert!(kill.expect("it runs").success());
    let status = loop {
        if let Some(status) = watch.0.try_wait().expect("its status") {
            break status;
        }
        assert!(signaled.elapsed() < TIMEOUT, "it ends");
        thread::yield_now();
    };
    assert!(status.success(), "{status:?}");
    let mut left = Vec::new();
    reader.read_to_end(&mut left).expect("it is readable");
    assert_eq!(left.len(), PIPE_BYTES, "the pipe was full all the time");
}

#[cfg(unix)]
#[test]
fn processes_find_each_other_although_the_runtime_folder_has_a_long_path() {
    let home = Home::with_sessions();
    let runtime = home.path().join("r".repeat(120));
    std::fs::create_dir(&runtime).expect("a folder");
    let command = |args: &[&str]| {
        let mut command = home.command(args);
        command.env("XDG_RUNTIME_DIR", &runtime).env("TMPDIR", home.path());
        command
    };
    let owner = Watch::start(command(&["watch", "--json"]));
    owner.wait_for_messages(5);
    let output = command(&["doctor", "--json"]).output().expect("it runs");
    assert_eq!(
        crate::program::json(&output)["answeredBy"],
        "running app",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(!runtime.join("token-monitor").exists(), "the socket is in another folder");
}
