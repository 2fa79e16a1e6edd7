//! Compares programs named in Claude Code's settings with the running one.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use token_monitor_engine::UserDirs;

use crate::statusline::claude_settings::own_command::{ProgramMatch, is_own_name};

/// The number of bytes that are compared at once.
const CHUNK_BYTES: usize = 64 << 10;

/// The path of the running program.
pub(crate) struct RunningProgram {
    path: PathBuf,
    /// The path without symbolic links.
    canonical: PathBuf,
    home: Option<PathBuf>,
}

impl RunningProgram {
    /// Finds the path of this process's program.
    pub(crate) fn current(dirs: &UserDirs) -> io::Result<Self> {
        let path = env::current_exe()?;
        let canonical = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        Ok(Self { path, canonical, home: dirs.home.clone() })
    }

    /// Returns the path for the settings: that of the program, or of the wrapper by which Nix starts it, which sets its
    /// environment.
    pub(crate) fn path_to_install(&self) -> PathBuf {
        let name = self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let wrapped = name.strip_prefix('.').and_then(|name| name.trim_end_matches('_').strip_suffix("-wrapped"));
        let wrapper = wrapped.map(|name| self.path.with_file_name(name)).filter(|wrapper| wrapper.is_file());
        wrapper.unwrap_or_else(|| self.path.clone())
    }

    /// Compares the program that a command names with the running one.
    pub(crate) fn compare(&self, program: &str) -> ProgramMatch {
        let Some(file) = self.find_program(program).and_then(|path| fs::canonicalize(path).ok()) else {
            return ProgramMatch::Missing;
        };
        let is_running = file == self.canonical || file == self.path_to_install();
        let is_named = || file.file_name().and_then(|name| name.to_str()).is_some_and(is_own_name);
        if is_running {
            ProgramMatch::Running
        } else if is_named() || has_same_content(&file, &self.canonical).unwrap_or(false) {
            ProgramMatch::Copy
        } else {
            ProgramMatch::Other
        }
    }

    /// Returns the file of a program as a shell finds it. Only a home folder at the beginning is expanded.
    fn find_program(&self, program: &str) -> Option<PathBuf> {
        let in_home = ["~/", "$HOME/", "${HOME}/"].iter().find_map(|home| program.strip_prefix(home));
        if let Some(rest) = in_home {
            return Some(self.home.as_ref()?.join(rest));
        }
        if program.contains(std::path::is_separator) {
            return Some(PathBuf::from(program));
        }
        let folders = env::var_os("PATH")?;
        env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
    }
}

fn has_same_content(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if !one.metadata()?.is_file() || one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let mut readers = [one, other].map(|file| BufReader::with_capacity(CHUNK_BYTES, file));
    loop {
        let [one, other] = &mut readers;
        let mut chunks = [Vec::new(), Vec::new()];
        one.take(CHUNK_BYTES as u64).read_to_end(&mut chunks[0])?;
        other.take(CHUNK_BYTES as u64).read_to_end(&mut chunks[1])?;
        match (chunks[0] == chunks[1], chunks[0].is_empty()) {
            (false, _) => return Ok(false),
            (true, true) => return Ok(true),
            (true, false) => {}
        }
    }
}
