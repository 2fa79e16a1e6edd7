//! A terminal for tests: a private tmux server with one window, in which a shell runs.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use token_monitor_test_support::DEADLINE;

use crate::program::Home;

/// The prompt of the shell.
const PROMPT: &str = "READY>";

/// The interval at which the screen is looked at: tmux reports no changes.
const LOOK_INTERVAL: Duration = Duration::from_millis(15);

/// A terminal of its own. The server ends with it.
pub(crate) struct Terminal<'a> {
    home: &'a Home,
    socket: PathBuf,
}

impl<'a> Terminal<'a> {
    /// Opens a terminal of a size, and waits for the shell in it.
    pub(crate) fn open(home: &'a Home, (columns, rows): (u16, u16)) -> Self {
        let terminal = Self { home, socket: home.path().join("tmux.socket") };
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let size = ["-x", &columns, "-y", &rows];
        // A home of its own: neither the person's files nor their shell are used.
        let shell = format!("env PS1='{PROMPT}' bash --norc --noprofile");
        terminal.tmux(&[&["new-session", "-d"], &size[..], &["-e", "LC_ALL=C.UTF-8", &shell]].concat());
        terminal.tmux(&["set-option", "-g", "status", "off"]);
        terminal.wait_for("the shell", |screen| screen.contains(PROMPT));
        terminal
    }

    /// Types a command and Enter.
    pub(crate) fn run(&self, command: &str) {
        self.send_text(command);
        self.send_keys(&["Enter"]);
    }

    /// Types a text.
    pub(crate) fn send_text(&self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    /// Presses keys, by their names in tmux.
    pub(crate) fn send_keys(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys", "--"], keys].concat());
    }

    /// Changes the size of the window.
    pub(crate) fn resize(&self, (columns, rows): (u16, u16)) {
        self.tmux(&["resize-window", "-x", &columns.to_string(), "-y", &rows.to_string()]);
    }

    /// Returns the text on the screen, without the spaces at the ends of lines.
    pub(crate) fn screen(&self) -> String {
        let output = self.tmux(&["capture-pane", "-p"]);
        let text = String::from_utf8(output.stdout).expect("the screen is text");
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    /// Waits until the screen satisfies a condition, and returns it.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, condition: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if condition(&screen) {
                return screen;
            }
            assert!(start.elapsed() < DEADLINE, "waiting for {what}:\n{screen}");
            thread::sleep(LOOK_INTERVAL);
        }
    }

    /// Returns the value of a format, such as `#{alternate_on}`.
    pub(crate) fn value_of(&self, format: &str) -> String {
        let output = self.tmux(&["display-message", "-p", format]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Returns the program that runs in the terminal.
    pub(crate) fn program(&self) -> String {
        let mut found = vec![self.value_of("#{pane_pid}")];
        while let Some(process) = found.pop() {
            let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
            if name.trim() == "token-monitor" {
                return process;
            }
            let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
            found.extend(children.unwrap_or_default().split_whitespace().map(str::to_owned));
        }
        panic!("the program does not run:\n{}", self.screen());
    }

    /// Waits until the shell has the terminal again, and asserts that it is as it was: its own screen, a visible cursor,
    /// no mouse, and lines that are edited and echoed by the system.
    #[track_caller]
    pub(crate) fn assert_restored(&self) {
        self.wait_for("the prompt", |screen| screen.trim_end().ends_with(PROMPT));
        let flags = "#{alternate_on} #{cursor_flag} #{mouse_any_flag}";
        assert_eq!(self.value_of(flags), "0 1 0", "main screen, cursor, no mouse");
        self.run("clear; stty -a | tr ';' '\\n' | grep -ow -e '-*icanon' -e '-*echo' | xargs echo MODES");
        self.wait_for("the terminal's modes", |screen| screen.contains("MODES icanon echo"));
        self.run("clear");
    }

    fn tmux(&self, args: &[&str]) -> Output {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).args(["-f", "/dev/null"]).args(args);
        for name in ["CLAUDE_CONFIG_DIR", "TOKEN_MONITOR_CONFIG", "XDG_CONFIG_HOME", "NO_COLOR", "TMUX"] {
            command.env_remove(name);
        }
        command.envs(self.home.variables()).env("TERM", "xterm-256color").current_dir(self.home.path());
        let output = command.output().expect("tmux runs");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        let _ = Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").output();
    }
}
