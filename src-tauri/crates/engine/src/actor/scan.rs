//! Sweeping over all logs, reading what is new in them and counting it.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use token_monitor_core::quota::CurrentAccounts;
use token_monitor_store::{Safety, fs_permissions};
use tracing::{debug, info, warn};

use crate::actor::effects::Effects;
use crate::actor::input::{Input, send_reply};
use crate::actor::scanner::Scanner;
use crate::actor::state::Actor;
use crate::actor::sweep_interval::{IDLE_SWEEP_INTERVAL, sweep_interval};
use crate::api::Response;
use crate::clock;
use crate::engine_mode::EngineMode;
use crate::ingest::claude_homes;
use crate::ingest::coalesce::Debouncer;
use crate::ingest::dirs::{self, UnreadableFolders};
use crate::ingest::discover::LogDiscovery;
use crate::ingest::import::LogImport;
use crate::ingest::parsed_chunk::ParsedChunk;
use crate::ingest::quota_files;
use crate::ingest::reader_pool::{ReadJob, ReaderEvent};
use crate::ingest::session_accounts;
use crate::ingest::title_resolver;
use crate::ingest::watch::{ChangeHint, LogWatcher};
use crate::platform;

/// More bytes than this are read by several threads as an import, with progress.
const IMPORT_MIN_BYTES: u64 = 4 << 20;

/// More logs than this are read as an import.
const IMPORT_MIN_FILES: usize = 64;

/// The interval between two snapshots during an import.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(250);

/// A store with more messages than this is compacted after a large import.
const COMPACT_MIN_MESSAGES: u64 = 20_000;

/// An import of more bytes than this is large enough to compact the store after it.
const COMPACT_MIN_BYTES: u64 = IMPORT_MIN_BYTES * 4;

impl Actor {
    /// Reads what was requested, publishes it, and answers sync requests once nothing is left to read.
    pub(super) fn read_changes(&mut self) {
        let dirty_paths = std::mem::take(&mut self.scanner.dirty_paths);
        // A sweep reads the figures too, once it knows the logs and so the accounts.
        if std::mem::take(&mut self.scanner.quota_scan_requested) && !self.scanner.full_sweep_requested {
            self.read_quota();
        }
        if std::mem::take(&mut self.scanner.agents_requested) && !self.scanner.full_sweep_requested {
            self.read_agents();
        }
        if std::mem::take(&mut self.scanner.full_sweep_requested) {
            self.sweep();
        } else {
            let store = &self.storage.ledger_store;
            let jobs: Vec<ReadJob> = dirty_paths.iter().filter_map(|path| self.scanner.job_at(path, store)).collect();
            self.scanner.hinted_logs.extend(jobs.iter().map(|job| (job.log.path.clone(), job.log.clone())));
            self.run_jobs(jobs);
        }
        self.resolve_pending_titles();
        if self.scanner.is_idle() && self.scanner.discovery.has_run() {
            let finished = self.storage.ledger_store.finish_reread();
            let effects = self.storage.note_result(finished);
            self.apply(effects);
        }
        // Sync requests are answered with the figures of a sound store.
        self.replace_damaged_store();
        self.note_completeness();
        self.publish();
        if self.scanner.is_idle() && !self.scanner.resolving_titles && !self.sync_waiters.is_empty() {
            self.evaluate_alerts();
            self.sync_waiters.drain(..).for_each(|reply| send_reply(reply, Ok(Response::Done)));
        }
    }

    /// Increases the revision if figures became complete or incomplete, so that clients ask for them again.
    fn note_completeness(&mut self) {
        let completeness = self.view().completeness();
        if self.completeness != completeness {
            self.completeness = completeness;
            self.apply(Effects::REVISION);
        }
    }

    /// Searches all roots for logs and reads what changed in them.
    pub(super) fn sweep(&mut self) {
        let started = Instant::now();
        // An error is shown as an outage.
        let _ = self.check_store_file();
        self.reload_config_file();
        if self.mode == EngineMode::Live {
            quota_files::remove_old_inbox_files(&self.live.settings.inbox_dir());
            self.look_up_wsl_dirs();
        }
        let mut unreadable = Vec::new();
        self.scanner.roots = self.search_folders(&mut unreadable);
        if self.mode == EngineMode::Live && self.scanner.needs_watcher() {
            self.start_watcher();
        }
        self.scanner.discovery = LogDiscovery::scan_roots(&self.scanner.roots, self.live.settings.follow_links);
        self.scanner.discovery.add_unreadable(&unreadable);
        self.scanner.hinted_logs.clear();
        self.scanner.watch_links();
        self.read_quota();
        self.read_agents();
        self.scanner.note_roots(&self.storage.ledger_store);
        self.scanner.forget_missing_logs(&mut self.storage.ledger_store);
        let jobs = self.scanner.all_jobs(&self.storage.ledger_store);
        self.scanner.sweep_took = started.elapsed();
        let logs = self.scanner.discovery.logs.len();
        debug!(logs, changed = jobs.len(), took = ?self.scanner.sweep_took, "Searched all folders.");
        self.run_jobs(jobs);
        self.scanner.next_sweep = Instant::now() + self.sweep_interval();
    }

    /// Returns the folders to search. Homes beside the default one are included unless folders are configured.
    fn search_folders(&self, unreadable: &mut UnreadableFolders) -> Vec<PathBuf> {
        let (settings, dirs) = (&self.live.settings, &self.live.sources.dirs);
        let mut configured = settings.claude_config_dirs.clone();
        if settings.searches_sibling_homes(dirs) {
            configured.extend(claude_homes::find_sibling_homes(dirs, unreadable));
        }
        dirs::search_folders(&configured, dirs, &self.scanner.wsl_dirs, unreadable)
    }

    /// Returns the time until the next sweep: the configured one where the watcher does not cover all logs.
    fn sweep_interval(&self) -> Duration {
        let is_active = self.scanner.last_news.elapsed() < IDLE_SWEEP_INTERVAL;
        let is_covered = self.scanner.watcher.as_ref().is_some_and(|watcher| watcher.covers_all);
        match is_covered {
            true => sweep_interval(is_active, self.scanner.sweep_took),
            false => self.live.settings.watch_interval,
        }
    }

    fn start_watcher(&mut self) {
        let inbox = self.live.settings.inbox_dir();
        if let Err(error) = fs_permissions::create_own_folder(&inbox) {
            warn!(inbox = %inbox.display(), %error, "The inbox is not used.");
        }
        let inputs = self.inputs.clone();
        // The engine may have stopped; then the hint is dropped.
        let on_hint = move |hint| drop(inputs.send(Input::Hint(hint)));
        self.scanner.watcher = Some(LogWatcher::start(&self.scanner.roots, &inbox, on_hint));
        // Changes made before the watcher started were not reported.
        self.scanner.request_sweep();
    }

    /// Reads a few logs at once, or starts an import for many.
    fn run_jobs(&mut self, jobs: Vec<ReadJob>) {
        let bytes = jobs.iter().map(ReadJob::remaining_bytes).sum::<u64>();
        let is_large = jobs.len() > IMPORT_MIN_FILES || bytes > IMPORT_MIN_BYTES;
        if is_large && !self.scanner.is_importing() {
            info!(logs = jobs.len(), "Reading logs.");
            let settings = &self.live.settings;
            match LogImport::start(jobs, settings.worker_pool_size, settings.cache_size) {
                Ok(import) => self.scanner.import = Some(import),
                Err((jobs, error)) => {
                    warn!(%error, "No thread can be started; logs are read one after the other.");
                    for job in &jobs {
                        self.run_job(job);
                        self.commit_import();
                    }
                }
            }
        } else if !is_large {
            jobs.iter().for_each(|job| self.run_job(job));
        }
        // One import at a time: the sweep after it finds the other logs again.
    }

    fn run_job(&mut self, job: &ReadJob) {
        let mut chunks = Vec::new();
        let result = self.scanner.tail.read(&job.log, job.cursor.as_ref(), |chunk| chunks.push(chunk));
        chunks.iter().for_each(|chunk| self.count_chunk(chunk));
        self.finish_job(job, result);
    }

    fn finish_job(&mut self, job: &ReadJob, result: std::io::Result<()>) {
        self.storage.ledger_store.orphan_titles.note_read(job);
        self.scanner.finish_job(job, result);
    }

    /// Handles an event of the import; None is its end.
    pub(super) fn handle_reader_event(&mut self, event: Option<ReaderEvent>) {
        match event {
            Some(ReaderEvent::Chunk(chunk)) => {
                if let Some(import) = &mut self.scanner.import {
                    import.record_chunk(&chunk);
                }
                self.count_chunk(&chunk);
            }
            Some(ReaderEvent::Done(job, result)) => {
                if let Some(import) = &mut self.scanner.import {
                    import.finish_job(&job);
                }
                self.finish_job(&job, result);
            }
            None => return self.finish_import(),
        }
        self.commit_import();
        if self.last_published.elapsed() > PROGRESS_INTERVAL {
            self.publish();
        }
    }

    /// Writes what an import has counted, if that is much or a durable commit is due.
    fn commit_import(&mut self) {
        let is_durable = self.scanner.import.as_mut().is_some_and(LogImport::take_durable_commit);
        if is_durable || self.storage.ledger_store.is_full() {
            let safety = if is_durable { Safety::Durable } else { Safety::Deferred };
            let effects = self.storage.commit(safety);
            self.apply(effects);
        }
    }

    fn finish_import(&mut self) {
        let Some(import) = self.scanner.import.take() else { return };
        let (took, files, bytes) = import.totals();
        let messages = self.storage.ledger_store.message_count();
        info!(files, bytes, ?took, messages, "Read logs.");
        let mut effects = self.storage.commit(Safety::Durable);
        if messages > COMPACT_MIN_MESSAGES && bytes > COMPACT_MIN_BYTES {
            effects |= self.storage.compact();
            if self.mode == EngineMode::Live {
                effects |= self.storage.reload_after_import();
            }
        }
        platform::trim_heap();
        self.apply(effects);
        // Logs may have grown during the import.
        self.scanner.debouncer = Debouncer::default();
        self.scanner.request_sweep();
    }

    fn count_chunk(&mut self, chunk: &ParsedChunk) {
        let account = self.scanner.quota_files.account_of_path(&chunk.path);
        let counted = self.storage.ledger_store.count_chunk(chunk, account, self.live.system_zone, clock::now().into());
        let mut effects = self.storage.note_result(counted);
        if !chunk.is_empty() {
            let now = Instant::now();
            self.scanner.last_news = now;
            self.scanner.next_sweep = self.scanner.next_sweep.min(now + sweep_interval(true, self.scanner.sweep_took));
            if let Some(changed) = self.storage.ledger_store.ledger.take_earliest_change() {
                self.history.invalidate_from(changed, clock::now().into());
            }
            effects |= Effects::REVISION;
        }
        self.storage.mark_dirty();
        self.apply(effects);
    }

    /// Reads the files with quota figures that changed.
    fn read_quota(&mut self) {
        if self.scanner.roots.is_empty() {
            // The sweep reports what cannot be read.
            self.scanner.roots = self.search_folders(&mut Vec::new());
        }
        let (dirs, inbox) = (&self.live.sources.dirs, self.live.settings.inbox_dir());
        let (roots, logs) = (&self.scanner.roots, &self.scanner.discovery.logs);
        let now = clock::now().into();
        let notes = std::mem::take(&mut self.scanner.quota_files.session_notes);
        let readings = self.scanner.quota_files.read_changed(dirs, roots, logs, &inbox);
        let mut changed = notes != self.scanner.quota_files.session_notes;
        for reading in readings {
            changed |= self.storage.ledger_store.record_quota_reading(reading, now);
        }
        changed |= self.update_accounts();
        if changed {
            self.storage.mark_dirty();
            self.apply(Effects::REVISION);
        }
    }

    /// Reads the files of running sessions.
    fn read_agents(&mut self) {
        if let Some(watcher) = &mut self.scanner.watcher {
            watcher.watch_agents();
        }
        let inputs = self.inputs.clone();
        // The engine may have stopped; then the hint is dropped.
        let on_exit = move || drop(inputs.send(Input::Hint(ChangeHint::Agents)));
        if self.scanner.agents.read(&self.scanner.roots, on_exit) {
            self.apply(Effects::REVISION);
        }
    }

    /// Updates the accounts in use and those of the sessions. Returns true if they changed, and with them the blocks.
    fn update_accounts(&mut self) -> bool {
        let names = &self.storage.ledger_store.ledger.names;
        let accounts = CurrentAccounts {
            sessions: session_accounts::find_session_accounts(&self.scanner.quota_files, names),
            ..self.scanner.quota_files.accounts.clone()
        };
        let changed = self.storage.ledger_store.set_accounts(accounts);
        if changed {
            self.history.invalidate();
        }
        changed
    }

    /// Starts a lookup of running WSL distributions if one is due. The result arrives as an input.
    fn look_up_wsl_dirs(&mut self) {
        if !self.scanner.take_wsl_lookup() {
            return;
        }
        let (user_dirs, inputs) = (self.live.sources.dirs.clone(), self.inputs.clone());
        let look_up = move || drop(inputs.send(Input::WslDirs(dirs::find_wsl_folders(&user_dirs))));
        // If no thread can be started, the next lookup tries again.
        let _ = thread::Builder::new().spawn(look_up);
    }

    /// Starts a thread that finds the sessions of titles, unless one is running or nothing is to be searched.
    fn resolve_pending_titles(&mut self) {
        if self.scanner.resolving_titles || self.scanner.is_importing() {
            return;
        }
        let Scanner { discovery, hinted_logs, .. } = &self.scanner;
        let logs = discovery.logs.iter().chain(hinted_logs.values());
        let searches = self.storage.ledger_store.orphan_titles.take_searches(logs);
        if searches.is_empty() {
            return;
        }
        let inputs = self.inputs.clone();
        let resolve = move || drop(inputs.send(Input::TitlesResolved(title_resolver::resolve_titles(&searches))));
        self.scanner.resolving_titles = thread::Builder::new().name("titles".to_owned()).spawn(resolve).is_ok();
    }
}
