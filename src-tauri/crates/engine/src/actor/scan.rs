//! Looking at logs and reading what is new in them.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use chrono::Utc;
use rustc_hash::FxHashSet;
use token_monitor_store::{Safety, create_private_folder};
use tracing::{debug, info, warn};

use crate::actor::{
    Actor, Input, LARGE_BYTES, LARGE_FILES, PROGRESS_BEAT, SWEEP_ACTIVE, SWEEP_IDLE, WORTH_COMPACTING, WSL_OFTEN,
};
use crate::api::Answer;
use crate::backoff::Backoff;
use crate::handle::Conduct;
use crate::ingest::coalesce::Coalesce;
use crate::ingest::dirs;
use crate::ingest::discover::{self, FoundLog, Walk};
use crate::ingest::import::Import;
use crate::ingest::parsed_chunk::Harvest;
use crate::ingest::quota_files;
use crate::ingest::reader_pool::{Job, Read};
use crate::ingest::tail;
use crate::ingest::title_resolver;
use crate::ingest::watch::Watch;
use crate::platform;

impl Actor {
    pub(crate) fn read_what_was_hinted_at(&mut self) {
        let hinted = std::mem::take(&mut self.hinted);
        if std::mem::take(&mut self.look_at_quota) {
            self.read_quota();
        }
        if std::mem::take(&mut self.look_at_everything) {
            self.sweep();
        } else {
            let jobs = hinted.iter().filter_map(|path| self.job_at(path)).collect();
            self.read(jobs);
        }
        self.look_for_leaves();
        self.show();
        if self.import.is_none() && !self.look_at_everything && !self.searching {
            if !self.waiting.is_empty() {
                self.alert();
            }
            self.waiting.drain(..).for_each(|waiting| drop(waiting.send(Ok(Answer::Done))));
        }
    }

    /// Looks at every log there is and reads what changed.
    pub(crate) fn sweep(&mut self) {
        let began = Instant::now();
        self.follow_config_file();
        self.read_quota();
        if self.conduct == Conduct::Live {
            quota_files::tidy(&self.settings.inbox());
        }
        self.ask_for_wsl_folders();
        self.roots = dirs::all(&self.settings.claude_config_dirs, &self.layers.homes, &self.wsl);
        self.watch_roots();
        self.walk = Walk::over(&self.roots);
        self.forget_what_is_gone();
        let logs = std::mem::take(&mut self.walk.logs);
        let jobs: Vec<Job> = logs.iter().filter_map(|log| self.job(log)).collect();
        debug!(logs = logs.len(), changed = jobs.len(), took = ?began.elapsed(), "Looked at all logs.");
        self.walk.logs = logs;
        self.read(jobs);
        let active = self.times.news.elapsed() < SWEEP_IDLE;
        let hears = self.watch.as_ref().is_some_and(|watch| watch.hears_all);
        self.times.sweep = Instant::now()
            + match (hears, active) {
                (false, _) => self.settings.watch_interval,
                (true, true) => SWEEP_ACTIVE,
                (true, false) => SWEEP_IDLE,
            };
    }

    pub(crate) fn watch_roots(&mut self) {
        let there: Vec<bool> = self.roots.iter().map(|root| root.is_dir()).collect();
        let was_there: Vec<bool> = self.walk.by_root.iter().map(|(_, found, _)| *found).collect();
        let current = self.watch.as_ref().is_some_and(|watch| watch.roots == self.roots) && there == was_there;
        if self.conduct == Conduct::Live && !current {
            let inputs = self.inputs.clone();
            // An engine that ended needs no hints.
            let inbox = self.settings.inbox();
            if let Err(error) = create_private_folder(&inbox) {
                warn!(inbox = %inbox.display(), %error, "Cannot make the inbox.");
            }
            self.watch = Some(Watch::start(&self.roots, &inbox, move |hint| drop(inputs.send(Input::Hint(hint)))));
            // What happened before the watch stood was not heard.
            self.look_soon();
        }
    }

    /// A log below a folder that is there, but not found in it, is gone.
    pub(crate) fn forget_what_is_gone(&mut self) {
        let found: FxHashSet<&PathBuf> = self.walk.logs.iter().map(|log| &log.path).collect();
        let there: Vec<&PathBuf> =
            self.walk.by_root.iter().filter(|(_, found, _)| *found).map(|(root, ..)| root).collect();
        let below = |path: &Path| there.iter().any(|root| path.starts_with(root));
        self.books.forget_logs(|path| below(path) && !found.contains(&path.to_path_buf()));
        self.failing.retain(|path, _| found.contains(path));
    }

    pub(crate) fn job_at(&self, path: &Path) -> Option<Job> {
        let (root, path) = self.roots.iter().find_map(|root| Some((root, discover::own_path(root, path)?)))?;
        let look = tail::look_at(&path)?;
        self.job(&discover::log_at(root, path, look)?)
    }

    /// What there is to read in a log, if anything. One that failed is left alone until it is due; one that failed
    /// too often is tried whenever everything is looked at.
    pub(crate) fn job(&self, log: &FoundLog) -> Option<Job> {
        let due = self.failing.get(&log.path).and_then(|(backoff, _)| backoff.due());
        let waits = due.is_some_and(|due| due > Instant::now());
        let cursor = self.books.cursor(&log.path).copied();
        let current = cursor.is_some_and(|cursor| cursor.is_current(&log.look));
        let elsewhere = self.import.as_ref().is_some_and(|import| import.will_read(&log.path));
        (!current && !elsewhere && !waits).then(|| Job { log: log.clone(), cursor })
    }

    pub(crate) fn read(&mut self, jobs: Vec<Job>) {
        let large = jobs.len() > LARGE_FILES || jobs.iter().map(Job::bytes).sum::<u64>() > LARGE_BYTES;
        if large && self.import.is_none() {
            info!(logs = jobs.len(), "Reading logs.");
            self.import = Some(Import::start(jobs, self.settings.worker_pool_size, self.settings.cache_size));
        } else if large {
            // One large reading at a time; the next sweep finds these again.
        } else {
            for job in jobs {
                let mut parts = Vec::new();
                let done = self.tail.read(&job.log, job.cursor.as_ref(), |part| parts.push(part));
                parts.iter().for_each(|part| self.count(part));
                self.finished(&job, done);
            }
        }
    }

    pub(crate) fn take_part(&mut self, part: Option<Read>) {
        match part {
            Some(Read::Part(part)) => {
                if let Some(import) = &mut self.import {
                    import.part(&part);
                }
                self.count(&part);
            }
            Some(Read::Done(job, done)) => {
                if let Some(import) = &mut self.import {
                    import.finished(&job);
                }
                self.finished(&job, done);
            }
            None => return self.finish_import(),
        }
        if self.books.is_full() {
            self.commit(Safety::Deferred);
        }
        if self.times.shown.elapsed() > PROGRESS_BEAT {
            self.show();
        }
    }

    pub(crate) fn finish_import(&mut self) {
        let Some(import) = self.import.take() else { return };
        let (took, files, bytes) = import.so_far();
        info!(files, bytes, ?took, messages = self.books.message_count(), "Read logs.");
        self.commit(Safety::Durable);
        if self.outage.is_none() && self.books.message_count() > WORTH_COMPACTING && bytes > LARGE_BYTES * 4 {
            let compacted = self.books.compact();
            self.tried(compacted);
        }
        platform::give_back_memory();
        // Logs that grew meanwhile.
        self.look_soon();
        self.coalesce = Coalesce::default();
        self.coalesce.hint();
    }

    pub(crate) fn count(&mut self, part: &Harvest) {
        let counted = self.books.count(part, self.system_zone, Utc::now().into());
        self.tried(counted);
        if !part.is_empty() {
            let now = Instant::now();
            self.times.news = now;
            self.times.sweep = self.times.sweep.min(now + SWEEP_ACTIVE);
            self.past.may_have_changed(self.books.ledger.take_touched(), Utc::now().into());
            self.revision += 1;
        }
        self.mark_dirty();
    }

    /// Something that surfaces show changed.
    pub(crate) fn changed(&mut self) {
        self.revision += 1;
        self.mark_dirty();
    }

    fn mark_dirty(&mut self) {
        let now = Instant::now();
        if self.books.is_dirty() {
            let began = self.times.dirty.map_or(now, |(began, _)| began);
            self.times.dirty = Some((began, now));
        }
    }

    /// Takes in what the vendor's figures say now.
    fn read_quota(&mut self) {
        let now = Utc::now().into();
        let mut news = false;
        for reading in self.quota_files.look(&self.layers.homes, &self.settings.inbox()) {
            news |= self.books.read_quota(reading, now);
        }
        if news {
            self.changed();
        }
    }

    /// Asks for the folders of Linux distributions on Windows now and then; the answer comes as an input.
    fn ask_for_wsl_folders(&mut self) {
        let due = self.times.wsl.is_none_or(|asked| asked.elapsed() > WSL_OFTEN);
        if !cfg!(windows) || self.conduct == Conduct::OnDemand || !due {
            return;
        }
        self.times.wsl = Some(Instant::now());
        let (homes, inputs) = (self.layers.homes.clone(), self.inputs.clone());
        // An engine that ended needs no folders, and a thread that cannot be started is tried again later.
        let _ = thread::Builder::new().spawn(move || drop(inputs.send(Input::Wsl(dirs::wsl_folders(&homes)))));
    }

    /// Starts to look for the sessions that summaries name, if there are any and nobody looks yet.
    fn look_for_leaves(&mut self) {
        if self.searching || self.import.is_some() || self.books.summaries.is_empty() {
            return;
        }
        let summaries = std::mem::take(&mut self.books.summaries);
        let (logs, inputs) = (self.walk.logs.clone(), self.inputs.clone());
        self.searching = true;
        let named = thread::Builder::new().name("summaries".to_owned());
        // An engine that ended needs no names.
        let search = move || drop(inputs.send(Input::Named(title_resolver::find(&summaries, &logs))));
        self.searching = named.spawn(search).is_ok();
    }

    pub(crate) fn finished(&mut self, job: &Job, done: std::io::Result<()>) {
        let now = Instant::now();
        match done {
            Ok(()) => drop(self.failing.remove(&job.log.path)),
            Err(error) => {
                let before = self.failing.get(&job.log.path).map(|(backoff, _)| *backoff);
                let backoff = before.map_or_else(|| Backoff::first(now), |before| before.again(now));
                if before.is_none_or(|before| before.is_paused() != backoff.is_paused()) {
                    warn!(log = %job.log.path.display(), %error, paused = backoff.is_paused(), "Cannot read a log.");
                }
                self.failing.insert(job.log.path.clone(), (backoff, discover::reason_of(&error)));
            }
        }
    }
}
