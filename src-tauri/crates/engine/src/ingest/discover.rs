//! Finds the logs below a folder.
//!
//! Looks at names and stats only and opens nothing, so a named pipe or a device called `x.jsonl` does no harm.
//! Folders behind links are not entered; a log behind a link counts if it lies within the same folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use token_monitor_core::transcript::{FileId, Look};

use crate::api::PassedOver;
use crate::platform;

/// A log as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundLog {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The session it belongs to, by its place.
    pub(crate) session: String,
    /// The subagent's run it tells of, by its place: `<id>`, or `<workflow>/<id>`.
    pub(crate) run: Option<String>,
    /// Its place below its project, which it keeps when it is moved or copied.
    pub(crate) name: String,
    /// What it looks like.
    pub(crate) look: Look,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// The logs.
    pub(crate) logs: Vec<FoundLog>,
    /// Logs by the folder they were found from.
    pub(crate) by_root: Vec<(PathBuf, bool, u64)>,
    passed_over: BTreeMap<&'static str, (u64, PathBuf)>,
    /// Folders that cannot be looked into; what is in them is not counted.
    closed: Vec<PathBuf>,
    met: FxHashSet<FileId>,
    is_done: bool,
}

impl Walk {
    /// Whether anything was looked at.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Searches folders.
    pub(crate) fn over(roots: &[PathBuf]) -> Self {
        let mut walk = Self { is_done: true, ..Self::default() };
        for root in roots {
            let before = walk.logs.len();
            let found = walk.is_there(root);
            if found {
                let base = root.canonicalize().unwrap_or_else(|_| root.clone());
                walk.folder(root, &base, root);
            }
            let logs = (walk.logs.len() - before) as u64;
            walk.by_root.push((root.clone(), found, logs));
        }
        walk
    }

    /// Folders that cannot be looked into.
    pub(crate) fn closed(&self) -> &[PathBuf] {
        &self.closed
    }

    /// What was passed over, by reason.
    pub(crate) fn passed_over(&self) -> Vec<PassedOver> {
        let row = |(reason, (count, example)): (&&str, &(u64, PathBuf))| PassedOver {
            reason: (*reason).to_owned(),
            count: *count,
            example: example.display().to_string(),
        };
        self.passed_over.iter().map(row).collect()
    }

    fn is_there(&mut self, root: &Path) -> bool {
        match fs::metadata(root) {
            Ok(metadata) => metadata.is_dir(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                self.refused(&error, root);
                false
            }
        }
    }

    fn folder(&mut self, root: &Path, base: &Path, folder: &Path) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.refused(&error, folder),
        };
        for entry in entries.flatten() {
            let (Ok(kind), path) = (entry.file_type(), entry.path()) else { continue };
            if kind.is_dir() {
                if is_log_name(&path) {
                    self.pass("folders named like logs", &path);
                }
                self.folder(root, base, &path);
            } else if is_log_name(&path) {
                self.file(root, base, path, kind.is_symlink());
            }
        }
    }

    fn file(&mut self, root: &Path, base: &Path, path: PathBuf, linked: bool) {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(_) if linked => return self.pass("links that lead nowhere", &path),
            Err(error) => return self.pass(reason_of(&error), &path),
        };
        if !metadata.is_file() {
            return self.pass("named like logs but no files", &path);
        }
        if linked && !path.canonicalize().is_ok_and(|target| target.starts_with(base)) {
            return self.pass("links out of the folder", &path);
        }
        let look = look(&metadata);
        if look.file != FileId::default() && !self.met.insert(look.file) {
            return self.pass("further names of a log", &path);
        }
        if let Some(log) = log_at(root, path, look) {
            self.logs.push(log);
        }
    }

    fn refused(&mut self, error: &io::Error, folder: &Path) {
        // One that is gone was deleted with all that was in it.
        if error.kind() != io::ErrorKind::NotFound {
            self.closed.push(folder.to_owned());
        }
        self.pass(reason_of(error), folder);
    }

    fn pass(&mut self, reason: &'static str, path: &Path) {
        let (count, _) = self.passed_over.entry(reason).or_insert_with(|| (0, path.to_owned()));
        *count += 1;
    }
}

/// The path below a root of what a path leads to; none where that lies elsewhere. A watcher follows links that a
/// walk does not.
pub(crate) fn own_path(root: &Path, path: &Path) -> Option<PathBuf> {
    path.strip_prefix(root).ok()?;
    let (base, target) = (root.canonicalize().ok()?, path.canonicalize().ok()?);
    target.strip_prefix(base).ok().map(|inner| root.join(inner))
}

/// The log at a path below a root, if it is one by its name.
pub(crate) fn log_at(root: &Path, path: PathBuf, look: Look) -> Option<FoundLog> {
    let inner = path.strip_prefix(root).ok()?;
    let mut parts = inner.components().map(|part| part.as_os_str().to_string_lossy());
    let first = parts.next()?;
    let rest: Vec<_> = parts.collect();
    let (session, name) = match rest.as_slice() {
        [] => (first.trim_end_matches(".jsonl").to_owned(), first.into_owned()),
        [file] => (file.trim_end_matches(".jsonl").to_owned(), file.clone().into_owned()),
        [session, ..] => (session.clone().into_owned(), rest.join("/")),
    };
    let run = run_at(&rest);
    is_log_name(&path).then_some(FoundLog { path, session, run, name, look })
}

/// The run of a subagent that a log tells of. Old versions kept such logs beside those of the sessions.
fn run_at(place: &[Cow<'_, str>]) -> Option<String> {
    let (file, folders) = place.split_last()?;
    let name = file.trim_end_matches(".jsonl");
    let agent = name.strip_prefix("agent-");
    let is_run = agent.is_some() || folders.iter().skip(1).any(|folder| folder == "subagents");
    let after = folders.iter().skip_while(|folder| *folder != "workflows").nth(1);
    let workflow = after.map_or(String::new(), |workflow| format!("{workflow}/"));
    is_run.then(|| format!("{workflow}{}", agent.unwrap_or(name)))
}

/// Whether a file is a transcript by its name; workflow journals and Claude Desktop's audits repeat what is counted
/// elsewhere.
pub(crate) fn is_log_name(path: &Path) -> bool {
    let repeats = |name: &OsStr| name == "journal.jsonl" || name == "audit.jsonl";
    path.extension().is_some_and(|end| end == "jsonl") && !path.file_name().is_some_and(repeats)
}

/// What a file looks like.
pub(crate) fn look(metadata: &Metadata) -> Look {
    let modified = metadata.modified().ok();
    let since = modified.and_then(|when| when.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    Look {
        file: platform::file_id(metadata),
        len: metadata.len(),
        modified: i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
    }
}

/// Why something could not be read, in words.
pub(crate) fn reason_of(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "without permission to read",
        io::ErrorKind::NotFound => "gone while looking",
        _ => "unreadable",
    }
}
