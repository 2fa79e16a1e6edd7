//! The autostart entry of the app on Linux.
//!
//! Tauri's plugin is not used: its entry does not quote the program's path, it ignores `XDG_CONFIG_HOME`, and querying
//! it requires a display. An entry is only ever created by [`AutostartEntry::enable`].

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The name of the entry's file in the autostart folder.
const FILE_NAME: &str = "io.github.token-monitor.app.desktop";

/// The autostart entry of a program.
#[derive(Clone, Debug)]
pub struct AutostartEntry {
    path: PathBuf,
    program: PathBuf,
}

impl AutostartEntry {
    /// Creates the entry of a program in an autostart folder, without accessing the file system.
    pub fn new(folder: &Path, program: PathBuf) -> Self {
        Self { path: folder.join(FILE_NAME), program }
    }

    /// Returns true if the session starts the program.
    ///
    /// # Errors
    ///
    /// Fails if the entry exists and cannot be read.
    pub fn is_enabled(&self) -> io::Result<bool> {
        Ok(self.read()?.as_deref().is_some_and(is_entry_enabled))
    }

    /// Writes the entry, so that the session starts the program.
    ///
    /// # Errors
    ///
    /// Fails if the program does not exist, if its path cannot be part of an entry, or if the entry cannot be written.
    pub fn enable(&self) -> io::Result<()> {
        self.write(&self.current_entry()?)
    }

    /// Removes the entry, if there is one.
    ///
    /// # Errors
    ///
    /// Fails if the entry cannot be removed.
    pub fn disable(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Updates the program's path in an enabled entry. Returns true if the path was another one.
    ///
    /// # Errors
    ///
    /// Fails if the entry cannot be read, and for the reasons of [`AutostartEntry::enable`].
    pub fn repair_path(&self) -> io::Result<bool> {
        let Some(current) = self.read()?.filter(|entry| is_entry_enabled(entry)) else { return Ok(false) };
        let current_entry = self.current_entry()?;
        let moved = exec_value(&current) != exec_value(&current_entry);
        if moved {
            self.write(&current_entry)?;
        }
        Ok(moved)
    }

    fn current_entry(&self) -> io::Result<String> {
        // A program that was replaced while it runs has no valid path anymore.
        if !self.program.is_file() {
            let message = format!("{} no longer exists", self.program.display());
            return Err(io::Error::new(ErrorKind::NotFound, message));
        }
        format_entry(&self.program)
    }

    fn read(&self) -> io::Result<Option<String>> {
        // Reading a pipe would wait for a writer.
        if fs::metadata(&self.path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file"));
        }
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a temporary file and renames it, so that a starting session reads the old entry or the new one.
    fn write(&self, text: &str) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let temporary = self.path.with_extension(format!("{}.tmp", std::process::id()));
        let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, &self.path));
        if written.is_err() {
            // The file may not exist.
            let _ = fs::remove_file(&temporary);
        }
        written
    }
}

fn format_entry(program: &Path) -> io::Result<String> {
    let Some(path) = program.to_str().filter(|path| !path.contains(char::is_control)) else {
        let message = format!("an autostart entry cannot name the program {}", program.display());
        return Err(io::Error::new(ErrorKind::InvalidInput, message));
    };
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=Token Monitor\nComment=Live token counter for Claude Code\n\
         Exec={} --background\nIcon=token-monitor-app\nTerminal=false\nStartupNotify=false\n\
         X-GNOME-Autostart-enabled=true\n",
        quote_exec_argument(path)
    ))
}

/// Returns a path as one argument of an `Exec` line, quoted and escaped as the Desktop Entry Specification requires.
fn quote_exec_argument(path: &str) -> String {
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

fn exec_value(entry: &str) -> Option<&str> {
    entry.lines().find_map(|line| line.strip_prefix("Exec="))
}

/// Returns true if an entry is enabled. Desktops disable an entry by a key, without removing the file.
fn is_entry_enabled(entry: &str) -> bool {
    let has_line = |line: &str| entry.lines().any(|own| own.trim().eq_ignore_ascii_case(line));
    exec_value(entry).is_some() && !has_line("Hidden=true") && !has_line("X-GNOME-Autostart-enabled=false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_special_characters_is_one_argument() {
        assert_eq!(quote_exec_argument("/opt/token monitor/app"), r#""/opt/token monitor/app""#);
        assert_eq!(quote_exec_argument(r#"/a"b/c$d/100%/e\f`g"#), r#""/a\\"b/c\\$d/100%%/e\\\\f\\`g""#);
    }

    #[test]
    fn a_path_with_a_line_break_is_rejected() {
        assert!(format_entry(Path::new("/opt/a\nExec=evil")).is_err());
    }

    #[test]
    fn an_entry_disabled_by_the_desktop_is_disabled() {
        let on = format_entry(Path::new("/opt/app")).expect("the path is valid");
        assert!(is_entry_enabled(&on));
        assert!(!is_entry_enabled(&on.replace("enabled=true", "enabled=false")));
        assert!(!is_entry_enabled(&format!("{on}Hidden=true\n")));
        assert!(!is_entry_enabled(""));
    }

    #[test]
    fn disabling_removes_the_entry() {
        let folder = tempfile::tempdir().expect("a folder");
        let (program, autostart) = (folder.path().join("app"), folder.path().join("autostart"));
        fs::write(&program, "").expect("a program");
        let login = AutostartEntry::new(&autostart, program);
        assert!(!login.is_enabled().expect("there is no entry"));
        login.enable().expect("it can be written");
        assert!(login.is_enabled().expect("it can be read"));
        login.disable().expect("it can be removed");
        login.disable().expect("removing a missing entry succeeds");
        assert_eq!(fs::read_dir(autostart).expect("the folder was created").count(), 0);
    }

    #[test]
    fn only_an_enabled_entry_is_repaired() {
        let folder = tempfile::tempdir().expect("a folder");
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        fs::write(&old, "").and(fs::write(&new, "")).expect("two programs");
        let [before, after] = [old, new].map(|program| AutostartEntry::new(folder.path(), program));
        assert!(!after.repair_path().expect("there is no entry"));
        assert!(!after.is_enabled().expect("the entry was not enabled"));
        before.enable().expect("it can be written");
        assert!(after.repair_path().expect("it can be written"), "the program moved");
        assert!(!after.repair_path().expect("it can be read"), "the path is up to date");
    }
}
