//! Faults that are injected into the whole program: by a tracer, by limits, and in namespaces, where mounts and limits of the
//! system can be changed without rights on the machine.
//!
//! Each test asserts that something was injected. Where a machine forbids it, the test fails and says so.

mod clock;
mod disk;
mod kill_points;
mod locale;
mod memory;
mod reading;
mod signals;
mod traced_run;
mod watching;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program::Home;

/// The options of `unshare` with which an ordinary user may mount, and change limits that apply to the namespace alone.
const NAMESPACES: [&str; 4] = ["--user", "--map-root-user", "--mount", "--"];

/// Returns a command that runs the program in namespaces of its own, after a shell script that prepares them.
fn command_in_namespaces(home: &Home, script: &str, args: &[&str]) -> Command {
    let attempt = Command::new("unshare").args(NAMESPACES).arg("true").output();
    let refusal = attempt.map_or_else(|error| error.to_string(), |output| stderr_of(&output.stderr));
    assert_eq!(refusal, "", "this machine allows no user namespaces, which this test needs");
    let run = format!("{script}\nexec \"$0\" \"$@\"");
    home.command_below(&[&["unshare"][..], &NAMESPACES, &["/bin/sh", "-ec", &run]].concat(), args)
}

/// Runs a shell script in the namespaces of a process, and asserts that it succeeds.
fn run_in_namespaces_of(process: u32, script: &str) {
    let target = process.to_string();
    let options = ["--user", "--preserve-credentials", "--mount", "--target", &target, "/bin/sh", "-ec", script];
    let output = Command::new("nsenter").args(options).output().expect("nsenter is installed: it changes mounts");
    assert!(output.status.success(), "{script}: {}", stderr_of(&output.stderr));
}

/// Returns a command that runs the program under `strace`, which makes calls fail. The program is the process that is
/// started, and not the tracer. The calls are written to the file.
fn command_below_tracer(home: &Home, options: &[&str], args: &[&str]) -> (Command, PathBuf) {
    let trace = home.path().join("trace");
    let path = trace.to_str().expect("it is text").to_owned();
    let tracer = [&["strace", "-D", "-f", "-qq", "-o", &path][..], options].concat();
    (home.command_below(&tracer, args), trace)
}

/// Returns the traced calls that contain a text.
fn calls_with(trace: &Path, text: &str) -> Vec<String> {
    let calls = fs::read(trace).expect("strace is installed: it traces the calls");
    let calls = String::from_utf8_lossy(&calls).into_owned();
    calls.lines().filter(|call| call.contains(text)).map(str::to_owned).collect()
}

/// Redirects the standard error of a command to a file and returns its path.
fn log_to_file(home: &Home, command: &mut Command, level: &str) -> PathBuf {
    let log = home.path().join("stderr");
    command.env("TOKEN_MONITOR_LOG_LEVEL", level);
    command.stderr(Stdio::from(File::create(&log).expect("it is created")));
    log
}

fn stderr_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// Returns a message of a session of its own, at a time on 2026-02-06.
fn message(id: &str) -> String {
    crate::program::line(id, id, "claude-opus-4-8", "2026-02-06T09:12:00Z", [1, 2, 3, 4])
}
