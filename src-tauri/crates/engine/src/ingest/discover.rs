//! Finds the logs below a folder.
//!
//! It reads names and metadata only and opens no file, so a named pipe or a device called `x.jsonl` does no harm. Links
//! out of a root are followed only if `monitoring.follow_links` is set. Then each real folder is searched once, under its own
//! path if it is in a root, so links in a circle end.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;
use token_monitor_core::transcript::{FileId, FileStat};

use crate::api::IgnoredPath;
use crate::ingest::dirs::is_whole_file_system;
use crate::ingest::log_place::LogPlace;
use crate::ingest::read_failure::{ReadFailure, UnreadPath};
use crate::platform;

/// A log that was found below a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundLog {
    /// The path.
    pub(crate) path: PathBuf,
    /// The root.
    pub(crate) root: Arc<Path>,
    /// The metadata.
    pub(crate) stat: FileStat,
}

impl FoundLog {
    /// Returns the log at a path, if that is below the root and has the name of a log.
    pub(crate) fn new(root: &Path, path: PathBuf, stat: FileStat) -> Option<Self> {
        let is_log = is_log_file_name(&path) && path.strip_prefix(root).is_ok_and(|inner| inner != Path::new(""));
        is_log.then(|| Self { path, root: root.into(), stat })
    }

    /// Returns what the path tells about the log. It is computed when it is needed: a search finds many logs and reads few.
    pub(crate) fn place(&self) -> LogPlace {
        LogPlace::new(&self.root, &self.path)
    }

    /// Returns true if the log belongs to a session. Most other logs are told apart without computing their place.
    pub(crate) fn is_of_session(&self, session: &str) -> bool {
        self.path.to_string_lossy().contains(session) && self.place().session == session
    }
}

/// A link out of all roots that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FollowedLink {
    /// The path of the link.
    pub(crate) path: PathBuf,
    /// The real path of its target.
    pub(crate) target: PathBuf,
}

impl FollowedLink {
    /// Returns the path below the link that leads to a file of the target.
    pub(crate) fn path_of(&self, file: &Path) -> Option<PathBuf> {
        let inner = file.strip_prefix(&self.target).ok()?;
        Some(if inner.as_os_str().is_empty() { self.path.clone() } else { self.path.join(inner) })
    }
}

/// A root while it is searched.
struct SearchedRoot<'a> {
    number: usize,
    path: Arc<Path>,
    /// The real path.
    base: &'a Path,
}

/// The result of a search for logs.
#[derive(Debug, Default)]
pub(crate) struct LogDiscovery {
    /// The logs.
    pub(crate) logs: Vec<FoundLog>,
    /// The searched roots: path, existence and number of logs.
    pub(crate) roots: Vec<(PathBuf, bool, u64)>,
    ignored: BTreeMap<&'static str, (u64, PathBuf)>,
    /// The folders that cannot be read. Logs in them are not counted.
    unreadable_dirs: Vec<UnreadPath>,
    /// The logs of which not even the metadata can be read.
    unreadable_logs: Vec<UnreadPath>,
    visited: FxHashSet<FileId>,
    has_run: bool,
    follow_links: bool,
    /// The real paths of the folders that were searched, if links are followed.
    visited_dirs: FxHashSet<PathBuf>,
    /// The real paths of all roots.
    root_bases: Vec<PathBuf>,
    /// The links that are followed.
    pub(crate) links: Vec<FollowedLink>,
    /// The links to folders that are not searched yet, with the number of their root.
    linked_dirs: Vec<(usize, PathBuf)>,
}

impl LogDiscovery {
    /// Returns true if a search was made.
    pub(crate) fn has_run(&self) -> bool {
        self.has_run
    }

    /// Searches roots for logs.
    pub(crate) fn scan_roots(roots: &[PathBuf], follow_links: bool) -> Self {
        let root_bases = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
        let mut discovery = Self { has_run: true, follow_links, root_bases, ..Self::default() };
        for root in roots {
            let found = discovery.root_exists(root);
            let number = discovery.roots.len();
            discovery.roots.push((root.clone(), found, 0));
            if found {
                discovery.visit_root_folder(number, root);
            }
        }
        while let Some((number, folder)) = discovery.linked_dirs.pop() {
            discovery.visit_root_folder(number, &folder);
        }
        discovery
    }

    /// Searches a folder of a root and counts its logs for the root.
    fn visit_root_folder(&mut self, number: usize, folder: &Path) {
        let before = self.logs.len();
        let root = self.roots[number].0.clone();
        let base = root.canonicalize().unwrap_or_else(|_| root.clone());
        self.visit_folder(&SearchedRoot { number, path: root.into(), base: &base }, folder);
        self.roots[number].2 += (self.logs.len() - before) as u64;
    }

    /// Returns the folders that cannot be read.
    pub(crate) fn unreadable_dirs(&self) -> &[UnreadPath] {
        &self.unreadable_dirs
    }

    /// Returns the logs of which not even the metadata can be read.
    pub(crate) fn unreadable_logs(&self) -> &[UnreadPath] {
        &self.unreadable_logs
    }

    /// Adds folders that could not be read while the roots were looked up.
    pub(crate) fn add_unreadable(&mut self, errors: &[(PathBuf, io::Error)]) {
        errors.iter().for_each(|(folder, error)| self.record_unreadable(error, folder));
    }

    /// Returns the ignored files and folders by reason.
    pub(crate) fn ignored_paths(&self) -> Vec<IgnoredPath> {
        let row = |(reason, (count, example)): (&&str, &(u64, PathBuf))| IgnoredPath {
            reason: (*reason).to_owned(),
            count: *count,
            example: example.display().to_string(),
        };
        self.ignored.iter().map(row).collect()
    }

    fn root_exists(&mut self, root: &Path) -> bool {
        match fs::metadata(root) {
            Ok(metadata) => metadata.is_dir(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                self.record_unreadable(&error, root);
                false
            }
        }
    }

    fn visit_folder(&mut self, root: &SearchedRoot<'_>, folder: &Path) {
        if self.follow_links && folder.canonicalize().is_ok_and(|real| !self.visited_dirs.insert(real)) {
            return;
        }
        // All entries are collected first, so that a deep tree needs only one open folder.
        let entries: Vec<_> = match fs::read_dir(folder) {
            Ok(entries) => entries.collect(),
            Err(error) => return self.record_unreadable(&error, folder),
        };
        for entry in entries {
            let (path, kind) = match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
                Ok(found) => found,
                // The rest of the folder is unknown.
                Err(error) => {
                    self.record_unreadable(&error, folder);
                    continue;
                }
            };
            if kind.is_dir() {
                if is_log_file_name(&path) {
                    self.ignore("folders named like logs", &path);
                }
                self.visit_folder(root, &path);
            } else if is_log_file_name(&path) {
                self.visit_file(root, path, kind.is_symlink());
            } else if kind.is_symlink() && path.is_dir() {
                self.visit_linked_folder(root, path);
            }
        }
    }

    /// Notes a link to a folder. A folder in a root is found under its own path.
    fn visit_linked_folder(&mut self, root: &SearchedRoot<'_>, path: PathBuf) {
        match path.canonicalize() {
            Ok(real) if self.root_bases.iter().any(|base| real.starts_with(base)) => {}
            Ok(real) if is_whole_file_system(&real) => self.ignore("links to whole file systems", &path),
            Ok(target) if self.follow_links => {
                self.links.push(FollowedLink { path: path.clone(), target });
                self.linked_dirs.push((root.number, path));
            }
            Ok(_) => self.ignore("links to folders (see monitoring.follow_links)", &path),
            Err(error) => self.record_unreadable(&error, &path),
        }
    }

    fn visit_file(&mut self, root: &SearchedRoot<'_>, path: PathBuf, linked: bool) {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(_) if linked => return self.ignore("links that lead nowhere", &path),
            Err(error) => return self.record_unreadable_log(&error, &path),
        };
        if !metadata.is_file() {
            return self.ignore("named like logs but no files", &path);
        }
        let target = if linked { path.canonicalize().ok() } else { None };
        if linked && !target.as_ref().is_some_and(|target| target.starts_with(root.base)) {
            match target.filter(|_| self.follow_links) {
                Some(target) => self.links.push(FollowedLink { path: path.clone(), target }),
                None => return self.ignore("links out of the folder", &path),
            }
        }
        let stat = file_stat(&metadata);
        if stat.file != FileId::default() && !self.visited.insert(stat.file) {
            return self.ignore("further names of a log", &path);
        }
        self.logs.push(FoundLog { path, root: root.path.clone(), stat });
    }

    fn record_unreadable(&mut self, error: &io::Error, folder: &Path) {
        let failure = ReadFailure::from(error);
        // A missing folder was deleted with everything in it.
        if failure != ReadFailure::Gone && self.unreadable_dirs.last().is_none_or(|last| last.path != folder) {
            self.unreadable_dirs.push(UnreadPath { path: folder.to_owned(), failure });
        }
        self.ignore(failure.description(), folder);
    }

    fn record_unreadable_log(&mut self, error: &io::Error, path: &Path) {
        let failure = ReadFailure::from(error);
        if failure != ReadFailure::Gone {
            self.unreadable_logs.push(UnreadPath { path: path.to_owned(), failure });
        }
        self.ignore(failure.description(), path);
    }

    fn ignore(&mut self, reason: &'static str, path: &Path) {
        let (count, _) = self.ignored.entry(reason).or_insert_with(|| (0, path.to_owned()));
        *count += 1;
    }
}

/// Resolves links in a path. Returns the resolved path below the root, or None if the target is outside it. A watcher
/// follows links that a search does not.
pub(crate) fn resolve_within(root: &Path, path: &Path) -> Option<PathBuf> {
    path.strip_prefix(root).ok()?;
    let (base, target) = (root.canonicalize().ok()?, path.canonicalize().ok()?);
    target.strip_prefix(base).ok().map(|inner| root.join(inner))
}

/// Returns true if a path has the name of a transcript. Workflow journals and Claude Desktop's audit files repeat
/// messages of other logs.
pub(crate) fn is_log_file_name(path: &Path) -> bool {
    let repeats = |name: &OsStr| name == "journal.jsonl" || name == "audit.jsonl";
    path.extension().is_some_and(|end| end == "jsonl") && !path.file_name().is_some_and(repeats)
}

/// Returns the metadata by which a changed file is recognized.
pub(crate) fn file_stat(metadata: &Metadata) -> FileStat {
    let modified = metadata.modified().ok();
    let since = modified.and_then(|when| when.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    FileStat {
        file: platform::file_id(metadata),
        len: metadata.len(),
        modified: i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
    }
}
