//! A temporary home folder with Claude Code's folder in it.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A temporary home folder. Claude Code's folder is below it, at the path given on creation.
#[derive(Debug)]
pub struct ClaudeFolder {
    home: TempDir,
    projects: PathBuf,
}

impl ClaudeFolder {
    /// Creates an empty home folder. `claude` is the path of Claude Code's folder below it, such as `.claude`.
    pub fn new(claude: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let projects = home.path().join(claude).join("projects");
        Self { home, projects }
    }

    /// Returns the home folder.
    pub fn path(&self) -> &Path {
        self.home.path()
    }

    /// Returns the folder with the projects. It exists once a log is written.
    pub fn projects(&self) -> &Path {
        &self.projects
    }

    /// Returns the path of a log such as `project/session.jsonl`, and creates its folder.
    pub fn log_path(&self, place: &str) -> PathBuf {
        let path = self.projects.join(place);
        fs::create_dir_all(path.parent().expect("a log is in a folder")).expect("the folder is created");
        path
    }

    /// Writes a log and returns its path.
    pub fn write_log(&self, place: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.log_path(place);
        fs::write(&path, bytes).expect("the log is written");
        path
    }

    /// Appends to a log, and creates it if it does not exist.
    pub fn append_log(&self, place: &str, bytes: impl AsRef<[u8]>) {
        let mut log = OpenOptions::new().create(true).append(true).open(self.log_path(place)).expect("the log opens");
        log.write_all(bytes.as_ref()).expect("the log is written");
    }
}
