//! The state of finding, watching and reading logs.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use token_monitor_core::report::model::Progress;
use tracing::warn;

use crate::backoff::Backoff;
use crate::ingest::agent_registry::AgentRegistry;
use crate::ingest::coalesce::Debouncer;
use crate::ingest::dirs;
use crate::ingest::discover::{self, FoundLog, LogDiscovery};
use crate::ingest::import::LogImport;
use crate::ingest::quota_files::QuotaFiles;
use crate::ingest::read_failure::{ReadFailure, UnreadPath};
use crate::ingest::reader_pool::{ReadJob, ReaderEvent};
use crate::ingest::tail::{self, Tail};
use crate::ingest::watch::LogWatcher;
use crate::ledger_store::LedgerStore;
use crate::platform;

/// The interval between two lookups of running WSL distributions, each of which starts a program.
const WSL_LOOKUP_INTERVAL: Duration = Duration::from_secs(600);

/// The state of finding, watching and reading logs.
pub(crate) struct Scanner {
    /// The result of the last sweep.
    pub(crate) discovery: LogDiscovery,
    /// The folders that are searched.
    pub(super) roots: Vec<PathBuf>,
    /// The Claude Code folders of running WSL distributions.
    pub(super) wsl_dirs: Vec<PathBuf>,
    pub(crate) watcher: Option<LogWatcher>,
    pub(super) tail: Tail,
    pub(super) debouncer: Debouncer,
    /// The logs reported as changed since the last read.
    pub(super) dirty_paths: FxHashSet<PathBuf>,
    pub(super) full_sweep_requested: bool,
    pub(super) quota_scan_requested: bool,
    pub(super) agents_requested: bool,
    pub(super) import: Option<LogImport>,
    /// The logs that could not be read, with the reason.
    pub(crate) failed_logs: FxHashMap<PathBuf, (Backoff, ReadFailure)>,
    pub(crate) quota_files: QuotaFiles,
    /// The running sessions.
    pub(crate) agents: AgentRegistry,
    /// The logs that were read since the last sweep because a change was reported.
    pub(super) hinted_logs: FxHashMap<PathBuf, FoundLog>,
    /// True while a thread resolves pending titles.
    pub(super) resolving_titles: bool,
    pub(super) next_sweep: Instant,
    /// The time that the last sweep took, without reading logs.
    pub(super) sweep_took: Duration,
    /// The time something new was last read.
    pub(super) last_news: Instant,
    wsl_lookup: Option<Instant>,
    /// The roots in which logs were found, since the start or before, and missing ones without any.
    seen_roots: BTreeMap<PathBuf, SeenRoot>,
}

/// A root as it was when logs were last found in it.
#[derive(Clone, Copy, Debug)]
struct SeenRoot {
    logs: u64,
    device: Option<u64>,
}

impl Scanner {
    /// Creates a scanner that has read nothing. A live one starts with a sweep.
    pub(crate) fn new(is_live: bool) -> Self {
        let now = Instant::now();
        Self {
            discovery: LogDiscovery::default(),
            roots: Vec::new(),
            wsl_dirs: Vec::new(),
            watcher: None,
            tail: Tail::default(),
            debouncer: Debouncer::default(),
            dirty_paths: FxHashSet::default(),
            full_sweep_requested: is_live,
            quota_scan_requested: true,
            agents_requested: false,
            import: None,
            failed_logs: FxHashMap::default(),
            quota_files: QuotaFiles::default(),
            agents: AgentRegistry::default(),
            hinted_logs: FxHashMap::default(),
            resolving_titles: false,
            next_sweep: now,
            sweep_took: Duration::ZERO,
            last_news: now,
            wsl_lookup: None,
            seen_roots: BTreeMap::new(),
        }
    }

    /// Requests a sweep over all logs.
    pub(crate) fn request_sweep(&mut self) {
        self.full_sweep_requested = true;
        self.debouncer.add_hint();
    }

    /// Requests reading one log.
    pub(crate) fn request_read(&mut self, log: PathBuf) {
        self.dirty_paths.insert(log);
        self.debouncer.add_hint();
    }

    /// Requests reading the files with quota figures.
    pub(crate) fn request_quota_scan(&mut self) {
        self.quota_scan_requested = true;
        self.debouncer.add_hint();
    }

    /// Requests reading the files of running sessions.
    pub(crate) fn request_agents(&mut self) {
        self.agents_requested = true;
        self.debouncer.add_hint();
    }

    /// Replaces the folders of WSL distributions.
    pub(crate) fn set_wsl_dirs(&mut self, dirs: Vec<PathBuf>) {
        if dirs != self.wsl_dirs {
            self.wsl_dirs = dirs;
            self.request_sweep();
        }
    }

    /// Returns true while an import is running.
    pub(crate) fn is_importing(&self) -> bool {
        self.import.is_some()
    }

    /// Returns true if everything that was there at the start is counted.
    pub(crate) fn is_settled(&self) -> bool {
        self.discovery.has_run() && self.is_idle()
    }

    /// Returns true if no sweep is pending and no import is running.
    pub(crate) fn is_idle(&self) -> bool {
        !self.full_sweep_requested && self.import.is_none()
    }

    /// Returns the progress of the import, if any.
    pub(crate) fn progress(&self) -> Progress {
        self.import.as_ref().map_or(Progress::Live, LogImport::progress)
    }

    /// Returns when to read the requested logs; None if none are.
    pub(crate) fn next_read(&self, now: Instant) -> Option<Instant> {
        self.debouncer.next_due(now)
    }

    /// Returns when to retry the logs that could not be read.
    pub(crate) fn retries(&self) -> impl Iterator<Item = Instant> {
        self.failed_logs.values().filter_map(|(backoff, _)| backoff.next_retry())
    }

    /// Returns true if the watcher does not cover the current roots, or a root appeared or vanished since the last
    /// sweep.
    pub(crate) fn needs_watcher(&self) -> bool {
        self.root_states_changed() || self.watcher.as_ref().is_none_or(|watcher| watcher.roots != self.roots)
    }

    /// Returns true if a root appeared or vanished since the last sweep.
    pub(crate) fn root_states_changed(&self) -> bool {
        let exists: Vec<bool> = self.roots.iter().map(|root| root.is_dir()).collect();
        let existed: Vec<bool> = self.discovery.roots.iter().map(|(_, found, _)| *found).collect();
        exists != existed
    }

    /// Watches the targets of the links that the last search followed.
    pub(crate) fn watch_links(&mut self) {
        let targets = self.discovery.links.iter().map(|link| link.target.as_path());
        if self.watcher.as_mut().is_some_and(|watcher| watcher.watch_targets(targets)) {
            self.request_sweep();
        }
    }

    /// Notes the roots in which the last sweep found logs, and the missing ones from which the store knows logs. Existing
    /// folders that are no longer searched are forgotten.
    pub(crate) fn note_roots(&mut self, store: &LedgerStore) {
        self.seen_roots.retain(|root, _| self.roots.contains(root) || !root.is_dir());
        for (root, _, logs) in self.discovery.roots.iter().filter(|(_, found, logs)| *found && *logs > 0) {
            self.seen_roots.insert(root.clone(), SeenRoot { logs: *logs, device: device_of(root) });
        }
        for (root, ..) in self.discovery.roots.iter().filter(|(_, found, _)| !found) {
            let seen = self.seen_roots.entry(root.clone());
            seen.or_insert_with(|| SeenRoot { logs: store.known_logs_below(root), device: None });
        }
    }

    /// Returns the roots that had logs and have vanished, with the number of their logs. A root has also
    /// vanished if its drive was disconnected and an empty folder is left.
    pub(crate) fn missing_roots(&self) -> Vec<(&Path, u64)> {
        let is_missing = |(root, seen): &(&PathBuf, &SeenRoot)| {
            match self.discovery.roots.iter().find(|(path, ..)| path == *root) {
                Some((_, true, 0)) => device_of(root) != seen.device,
                Some((_, found, _)) => !found,
                // Claude Desktop deletes the folders of its sessions.
                None => !root.is_dir() && !dirs::is_desktop_folder(root),
            }
        };
        let seen = self.seen_roots.iter().filter(|(_, seen)| seen.logs > 0);
        seen.filter(is_missing).map(|(root, seen)| (root.as_path(), seen.logs)).collect()
    }

    /// Returns true if running WSL distributions have to be looked up, and notes the time if so.
    pub(crate) fn take_wsl_lookup(&mut self) -> bool {
        let is_due = cfg!(windows) && self.wsl_lookup.is_none_or(|looked_up| looked_up.elapsed() > WSL_LOOKUP_INTERVAL);
        if is_due {
            self.wsl_lookup = Some(Instant::now());
        }
        is_due
    }

    /// Removes the state of logs that are gone: those below an existing root that were not found in it.
    pub(crate) fn forget_missing_logs(&mut self, store: &mut LedgerStore) {
        // Comparing bytes is faster than comparing the parts of paths.
        let found: FxHashSet<&OsStr> = self.discovery.logs.iter().map(|log| log.path.as_os_str()).collect();
        let roots: Vec<&PathBuf> =
            self.discovery.roots.iter().filter(|(_, found, _)| *found).map(|(root, ..)| root).collect();
        let is_below_root = |path: &Path| roots.iter().any(|root| path.starts_with(root));
        store.forget_missing_logs(|path| !found.contains(path.as_os_str()) && is_below_root(path));
        self.failed_logs.retain(|path, _| found.contains(path.as_os_str()));
    }

    /// Returns the jobs for all logs found by the last sweep.
    pub(crate) fn all_jobs(&self, store: &LedgerStore) -> Vec<ReadJob> {
        self.discovery.logs.iter().filter_map(|log| self.job_for(log, store)).collect()
    }

    /// Returns the job for a path that was reported as changed, if it is a log with something new.
    pub(crate) fn job_at(&self, path: &Path, store: &LedgerStore) -> Option<ReadJob> {
        let inside = self.roots.iter().find_map(|root| Some((root, discover::resolve_within(root, path)?)));
        let Some((root, path)) = inside else { return self.linked_job_at(path, store) };
        let stat = tail::stat_log(&path)?;
        self.job_for(&FoundLog::new(root, path, stat)?, store)
    }

    /// Returns the job for a log that the last sweep found behind a link.
    fn linked_job_at(&self, path: &Path, store: &LedgerStore) -> Option<ReadJob> {
        let path = self.discovery.links.iter().find_map(|link| link.path_of(path))?;
        let log = self.discovery.logs.iter().find(|log| log.path == path)?;
        self.job_for(&FoundLog { stat: tail::stat_log(&path)?, ..log.clone() }, store)
    }

    /// Returns the job for a log; None if nothing is new, the import reads it, or it failed a moment ago. A log that failed too
    /// often is tried at the sweeps, which an import requests at its end as well.
    fn job_for(&self, log: &FoundLog, store: &LedgerStore) -> Option<ReadJob> {
        let must_wait = self.failed_logs.get(&log.path).is_some_and(|(backoff, _)| backoff.must_wait(Instant::now()));
        let cursor = store.cursor_of(&log.path).copied();
        let is_current = cursor.is_some_and(|cursor| cursor.is_current(&log.stat));
        let in_import = self.import.as_ref().is_some_and(|import| import.is_reading(&log.path));
        (!is_current && !in_import && !must_wait).then(|| ReadJob { log: log.clone(), cursor })
    }

    /// Returns the logs that were found and cannot be read, in the order of their paths.
    pub(crate) fn unread_logs(&self) -> Vec<UnreadPath> {
        let failed = self.failed_logs.iter().filter(|(_, (_, failure))| *failure != ReadFailure::Gone);
        let failed = failed.map(|(path, (_, failure))| UnreadPath { path: path.clone(), failure: *failure });
        let mut logs: Vec<UnreadPath> = failed.chain(self.discovery.unreadable_logs().iter().cloned()).collect();
        logs.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        logs
    }

    /// Records how reading a log ended.
    pub(crate) fn finish_job(&mut self, job: &ReadJob, result: std::io::Result<()>) {
        let Err(error) = result else {
            self.failed_logs.remove(&job.log.path);
            return;
        };
        let now = Instant::now();
        let before = self.failed_logs.get(&job.log.path).map(|(backoff, _)| *backoff);
        let backoff =
            before.map_or_else(|| Backoff::after_first_failure(now), |before| before.after_another_failure(now));
        if before.is_none_or(|before| before.is_paused() != backoff.is_paused()) {
            warn!(log = %job.log.path.display(), %error, paused = backoff.is_paused(), "Cannot read a log.");
        }
        self.failed_logs.insert(job.log.path.clone(), (backoff, ReadFailure::from(&error)));
    }
}

/// Returns the device of a folder; None if the folder does not exist.
fn device_of(folder: &Path) -> Option<u64> {
    std::fs::metadata(folder).ok().map(|metadata| platform::file_id(&metadata).device)
}

/// Returns the next event of an import, None at its end. Waits forever if there is no import.
pub(crate) async fn next_event(import: &mut Option<LogImport>) -> Option<ReaderEvent> {
    match import {
        Some(import) => import.next().await,
        None => std::future::pending().await,
    }
}
