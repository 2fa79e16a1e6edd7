//! Starting with the session, on Linux: an entry in the user's autostart folder.
//!
//! Written here and not by Tauri's plugin: its entry does not quote the program's path, it looks for no
//! `XDG_CONFIG_HOME`, and asking it takes a display. Nothing is ever turned on that its user did not turn on.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The entry's file, in the autostart folder.
const NAME: &str = "io.github.token-monitor.app.desktop";

/// The entry that starts a program with the session.
#[derive(Clone, Debug)]
pub struct LoginEntry {
    place: PathBuf,
    program: PathBuf,
}

impl LoginEntry {
    /// The entry for a program in a session's autostart folder; nothing is looked at yet.
    pub fn new(folder: &Path, program: PathBuf) -> Self {
        Self { place: folder.join(NAME), program }
    }

    /// Whether the session starts it.
    ///
    /// # Errors
    ///
    /// When there is an entry that cannot be read.
    pub fn is_on(&self) -> io::Result<bool> {
        Ok(self.read()?.as_deref().is_some_and(is_enabled))
    }

    /// Has the session start it from now on.
    ///
    /// # Errors
    ///
    /// When the program is not there, has a path no entry can name, or the entry cannot be written.
    pub fn turn_on(&self) -> io::Result<()> {
        self.write(&self.wanted()?)
    }

    /// Has the session not start it any more.
    ///
    /// # Errors
    ///
    /// When the entry cannot be removed.
    pub fn turn_off(&self) -> io::Result<()> {
        match fs::remove_file(&self.place) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Where it is on, has the session start the program from where that is now; whether it was elsewhere.
    ///
    /// # Errors
    ///
    /// As when it is turned on.
    pub fn repair(&self) -> io::Result<bool> {
        let Some(current) = self.read()?.filter(|entry| is_enabled(entry)) else { return Ok(false) };
        let wanted = self.wanted()?;
        let moved = exec(&current) != exec(&wanted);
        if moved {
            self.write(&wanted)?;
        }
        Ok(moved)
    }

    fn wanted(&self) -> io::Result<String> {
        // A program replaced while it runs has no path of its own any more.
        if !self.program.is_file() {
            let gone = format!("{} is not there any more", self.program.display());
            return Err(io::Error::new(ErrorKind::NotFound, gone));
        }
        entry(&self.program)
    }

    fn read(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.place) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes beside and renames: a session that starts meanwhile finds the old entry or the new one.
    fn write(&self, text: &str) -> io::Result<()> {
        if let Some(folder) = self.place.parent() {
            fs::create_dir_all(folder)?;
        }
        let fresh = self.place.with_extension(format!("{}.tmp", std::process::id()));
        let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, &self.place));
        if written.is_err() {
            // There may be none.
            let _ = fs::remove_file(&fresh);
        }
        written
    }
}

fn entry(program: &Path) -> io::Result<String> {
    let Some(path) = program.to_str().filter(|path| !path.contains(char::is_control)) else {
        let unnamed = format!("an autostart entry cannot name the program {}", program.display());
        return Err(io::Error::new(ErrorKind::InvalidInput, unnamed));
    };
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=Token Monitor\nComment=Live token counter for Claude Code\n\
         Exec={} --background\nIcon=token-monitor-app\nTerminal=false\nStartupNotify=false\n\
         X-GNOME-Autostart-enabled=true\n",
        quoted(path)
    ))
}

/// A path as one argument of an `Exec` line: quoted as the specification has it, then escaped as all its values are.
fn quoted(path: &str) -> String {
    let mut argument = String::from('"');
    for letter in path.chars() {
        match letter {
            '"' | '`' | '$' | '\\' => argument.extend(['\\', letter]),
            '%' => argument.push_str("%%"),
            other => argument.push(other),
        }
    }
    argument.push('"');
    argument.replace('\\', "\\\\")
}

fn exec(entry: &str) -> Option<&str> {
    entry.lines().find_map(|line| line.strip_prefix("Exec="))
}

/// Desktops turn an entry off without removing it.
fn is_enabled(entry: &str) -> bool {
    let says = |line: &str| entry.lines().any(|own| own.trim().eq_ignore_ascii_case(line));
    exec(entry).is_some() && !says("Hidden=true") && !says("X-GNOME-Autostart-enabled=false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_spaces_and_signs_is_one_argument() {
        assert_eq!(quoted("/opt/token monitor/app"), r#""/opt/token monitor/app""#);
        assert_eq!(quoted(r#"/a"b/c$d/100%/e\f`g"#), r#""/a\\"b/c\\$d/100%%/e\\\\f\\`g""#);
    }

    #[test]
    fn a_path_that_would_be_two_lines_is_refused() {
        assert!(entry(Path::new("/opt/a\nExec=evil")).is_err());
    }

    #[test]
    fn an_entry_that_a_desktop_turned_off_is_off() {
        let on = entry(Path::new("/opt/app")).expect("it can be named");
        assert!(is_enabled(&on));
        assert!(!is_enabled(&on.replace("enabled=true", "enabled=false")));
        assert!(!is_enabled(&format!("{on}Hidden=true\n")));
        assert!(!is_enabled(""));
    }

    #[test]
    fn turned_on_and_off_again_nothing_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let (program, autostart) = (folder.path().join("app"), folder.path().join("autostart"));
        fs::write(&program, "").expect("a program");
        let login = LoginEntry::new(&autostart, program);
        assert!(!login.is_on().expect("nothing is there"));
        login.turn_on().expect("it can be written");
        assert!(login.is_on().expect("it can be read"));
        login.turn_off().expect("it can be removed");
        login.turn_off().expect("what is off stays off");
        assert_eq!(fs::read_dir(autostart).expect("it was made").count(), 0);
    }

    #[test]
    fn only_what_is_on_is_repaired() {
        let folder = tempfile::tempdir().expect("a folder");
        let [here, there] = ["here", "there"].map(|name| folder.path().join(name));
        fs::write(&here, "").and(fs::write(&there, "")).expect("two programs");
        let [before, after] = [here, there].map(|program| LoginEntry::new(folder.path(), program));
        assert!(!after.repair().expect("nothing is there"));
        assert!(!after.is_on().expect("nothing was turned on"));
        before.turn_on().expect("it can be written");
        assert!(after.repair().expect("it can be written"), "the program moved");
        assert!(!after.repair().expect("it is right"), "it is where it was");
    }
}
