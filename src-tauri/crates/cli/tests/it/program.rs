//! Runs the program in a temporary home folder with a controlled environment.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use token_monitor_test_support::{ClaudeFolder, LogLine, custom_title};

/// A temporary home folder.
pub(crate) struct Home {
    folder: ClaudeFolder,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: ClaudeFolder::new(".claude") }
    }

    /// Creates a home with the sessions that the snapshots show.
    pub(crate) fn with_sessions() -> Self {
        let home = Self::new();
        home.write(
            "-home-x-shop/1f0e9d8c-aaaa.jsonl",
            &[
                custom_title("1f0e9d8c-aaaa", "Fix the login"),
                line("1f0e9d8c-aaaa", "a1", "claude-opus-4-8", "2026-02-03T09:12:00Z", [1200, 350, 20_000, 0]),
                line("1f0e9d8c-aaaa", "a1", "claude-opus-4-8", "2026-02-03T09:12:05Z", [1200, 900, 20_000, 0]),
                line("1f0e9d8c-aaaa", "a2", "claude-opus-4-8", "2026-02-03T11:40:00Z", [15, 2_345, 100, 1_234_567]),
            ],
        );
        home.write(
            "-home-x-shop/1f0e9d8c-aaaa/subagents/agent-1.jsonl",
            &[line("1f0e9d8c-aaaa", "a3", "claude-haiku-4-5", "2026-02-03T11:41:00Z", [7, 70, 0, 700])],
        );
        home.write(
            "-home-x-docs/2b1a0c9d-bbbb.jsonl",
            &[
                line("2b1a0c9d-bbbb", "b1", "claude-sonnet-5", "2026-02-04T23:30:00Z", [3, 30, 300, 3_000]),
                line("2b1a0c9d-bbbb", "b2", "claude-sonnet-5", "2026-02-05T00:30:00Z", [4, 40, 400, 4_000]),
            ],
        );
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path().join("sessions.db")
    }

    /// Writes a log into the projects folder and returns its path.
    pub(crate) fn write(&self, place: &str, lines: &[String]) -> PathBuf {
        self.folder.write_log(place, lines.concat())
    }

    /// Appends to a log in the projects folder, which is created if it does not exist. For the tests of the hub, which runs on
    /// Unix only.
    #[cfg(unix)]
    pub(crate) fn append(&self, place: &str, text: &str) {
        match self.folder.log_path(place).exists() {
            true => self.folder.append_log(place, text),
            false => drop(self.folder.write_log(place, text)),
        }
    }

    /// Runs the program.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("it runs")
    }

    /// Runs the program with this standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut stdin = child.stdin.take().expect("there is a pipe");
        // This fails if the program does not read all of it.
        let _ = stdin.write_all(input);
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }

    /// Runs the program on the logs in another folder and returns its JSON.
    pub(crate) fn run_on(&self, folder: &Path, args: &[&str]) -> Value {
        let output = self.command(args).arg("--json").env("CLAUDE_CONFIG_DIR", folder).output().expect("it runs");
        json(&output)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_token-monitor"));
        command.args(args);
        self.set_environment(&mut command);
        command
    }

    /// Returns a command that runs the program below another one, such as a tracer, which is given with its arguments.
    #[cfg(target_os = "linux")]
    pub(crate) fn command_below(&self, outer: &[&str], args: &[&str]) -> Command {
        let mut command = Command::new(outer[0]);
        command.args(&outer[1..]).arg(env!("CARGO_BIN_EXE_token-monitor")).args(args);
        self.set_environment(&mut command);
        command
    }

    fn set_environment(&self, command: &mut Command) {
        command.env_clear().current_dir(self.path());
        // Windows needs this variable for sockets.
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        command.envs(self.variables()).env("COLUMNS", "100");
    }

    /// Returns the variables with which the program uses this home only.
    pub(crate) fn variables(&self) -> [(&'static str, OsString); 5] {
        let home = self.path().as_os_str();
        [
            ("HOME", home.to_owned()),
            ("USERPROFILE", home.to_owned()),
            ("TZ", "UTC".into()),
            ("TOKEN_MONITOR_DB", self.store().into_os_string()),
            ("XDG_RUNTIME_DIR", home.to_owned()),
        ]
    }

    /// Runs the program, which must succeed without warnings, and returns its output. `~` replaces the home folder.
    pub(crate) fn prints(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?} prints no warnings");
        let printed = String::from_utf8(output.stdout).expect("it prints text");
        let home = self.path().to_str().expect("it is text");
        let lines = printed.lines().map(|line| shorten_home(line, home).trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Runs the program with `--json` and returns its output.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.prints(&[args, &["--json"]].concat())).expect("it prints JSON")
    }
}

/// Returns the JSON that a successful run printed.
pub(crate) fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

/// Returns a log line with usage. `counts` are input, output, cache write and cache read tokens.
pub(crate) fn line(session: &str, id: &str, model: &str, when: &str, counts: [u64; 4]) -> String {
    let line = LogLine::new(id).session(session).model(model).at(when).counts(counts);
    line.field("cwd", "/home/x/work").with_newline()
}

/// Replaces the home folder in a line by `~`, also in JSON, and the separators in the path below it by slashes, as on Unix.
fn shorten_home(line: &str, home: &str) -> String {
    let line = line.replace(&home.replace('\\', r"\\"), "~").replace(home, "~");
    if !cfg!(windows) {
        return line;
    }
    let mut parts = line.split('~');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let end = part.find(|end: char| end.is_whitespace() || end == '"').unwrap_or(part.len());
        let (path, rest) = part.split_at(end);
        text + "~" + &path.replace(r"\\", "/").replace('\\', "/") + rest
    })
}
