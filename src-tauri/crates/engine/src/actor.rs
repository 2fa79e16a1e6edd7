//! The one owner of everything that changes.
//!
//! All that happens comes in as an [`Input`], one after the other; all that surfaces may know goes out as a
//! snapshot. Between the two, in this order: read what was hinted at, count it, show it, write it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use token_monitor_core::Moment;
use token_monitor_core::figures::{Problem, Progress, Snapshot};
use token_monitor_store::{Safety, StoreError};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{debug, info, warn};

use crate::answer;
use crate::ask::{Answer, Ask, Refusal, RefusalCode};
use crate::backoff::Backoff;
use crate::books::Books;
use crate::coalesce::Coalesce;
use crate::handle::Conduct;
use crate::harvest::Harvest;
use crate::import::Import;
use crate::outage::{self, Outage};
use crate::pool::{Job, Read};
use crate::roots;
use crate::settings::{Layers, Settings};
use crate::tail::{self, Tail};
use crate::walk::{self, FoundLog, Walk};
use crate::watch::{Hint, Watch};
use crate::zone;

/// Everything that can happen.
#[derive(Debug)]
pub(crate) enum Input {
    /// Something may have changed.
    Hint(Hint),
    /// Somebody wants something.
    Ask(Ask, oneshot::Sender<Result<Answer, Refusal>>),
    /// The end.
    Stop,
}

/// How often everything is looked at while nothing happens, and while something does.
const SWEEP_IDLE: Duration = Duration::from_secs(30);
const SWEEP_ACTIVE: Duration = Duration::from_secs(5);

/// More to read than this, or more logs, is read by several threads and shown as progress.
const LARGE_BYTES: u64 = 4 << 20;
const LARGE_FILES: usize = 64;

/// A commit waits for quiet, but a steady stream is written at least this often, in batch windows.
const LONGEST_GATHER: u32 = 5;

/// Progress is shown four times a second.
const PROGRESS_BEAT: Duration = Duration::from_millis(250);

/// A step this much longer than the clock's own means that the computer slept.
const ASLEEP: Duration = Duration::from_secs(10);

/// After an import this large, the store is made compact.
const WORTH_COMPACTING: u64 = 20_000;

/// The engine's state.
pub(crate) struct Actor {
    pub(crate) settings: Settings,
    conduct: Conduct,
    pub(crate) books: Books,
    pub(crate) outage: Option<Outage>,
    /// What happened at the start that people should know.
    notes: Vec<Problem>,
    /// Goes up with each change of what is counted or named.
    pub(crate) revision: u64,
    /// What was found when everything was looked at last.
    pub(crate) walk: Walk,
    roots: Vec<PathBuf>,
    pub(crate) watch: Option<Watch>,
    inputs: mpsc::UnboundedSender<Input>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    tail: Tail,
    coalesce: Coalesce,
    hinted: FxHashSet<PathBuf>,
    /// Whether everything is to be looked at.
    look_at_everything: bool,
    import: Option<Import>,
    /// Logs that could not be read, and why.
    pub(crate) failing: FxHashMap<PathBuf, (Backoff, &'static str)>,
    waiting: Vec<oneshot::Sender<Result<Answer, Refusal>>>,
    pub(crate) zone: chrono_tz::Tz,
    times: Times,
}

/// When things were done, and are next to be done.
struct Times {
    sweep: Instant,
    tick: Instant,
    dirty: Option<(Instant, Instant)>,
    shown: Instant,
    news: Instant,
    wall: DateTime<Utc>,
    zone: Instant,
}

impl Actor {
    /// Opens the books and shows what is in them.
    pub(crate) fn open(
        mut layers: Layers,
        conduct: Conduct,
        inputs: mpsc::UnboundedSender<Input>,
    ) -> Result<(Self, watch::Receiver<Arc<Snapshot>>), StoreError> {
        let (books, note) = outage::open(&layers.settle().db_path)?;
        layers.saved = books.settings()?;
        let settings = layers.settle();
        settings.problems.iter().for_each(|problem| warn!("{problem}"));
        let zone = zone::system();
        let now = Instant::now();
        let (snapshots, subscriber) = watch::channel(Arc::new(answer::empty_snapshot(zone)));
        let times = Times { sweep: now, tick: now, dirty: None, shown: now, news: now, wall: Utc::now(), zone: now };
        let mut actor = Self {
            settings,
            conduct,
            books,
            outage: None,
            notes: note.into_iter().collect(),
            revision: 0,
            walk: Walk::default(),
            roots: Vec::new(),
            watch: None,
            inputs,
            snapshots,
            tail: Tail::default(),
            coalesce: Coalesce::default(),
            hinted: FxHashSet::default(),
            look_at_everything: conduct == Conduct::Live,
            import: None,
            failing: FxHashMap::default(),
            waiting: Vec::new(),
            zone,
            times,
        };
        actor.show();
        Ok((actor, subscriber))
    }

    /// Runs until told to stop.
    pub(crate) async fn run(mut self, mut inputs: mpsc::UnboundedReceiver<Input>) -> Result<(), StoreError> {
        loop {
            let deadline = tokio::time::Instant::from_std(self.deadline());
            tokio::select! {
                biased;
                input = inputs.recv() => match input {
                    None | Some(Input::Stop) => break,
                    Some(input) => self.take(input),
                },
                part = next_part(&mut self.import) => self.take_part(part),
                () = tokio::time::sleep_until(deadline) => {}
            }
            while let Ok(input) = inputs.try_recv() {
                match input {
                    Input::Stop => return self.close(),
                    input => self.take(input),
                }
            }
            self.on_time();
        }
        self.close()
    }

    /// What could not be written is read from the logs again next time.
    fn close(self) -> Result<(), StoreError> {
        if self.outage.is_some() {
            return Ok(());
        }
        self.books.close()
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Hint(Hint::Log(path)) => {
                self.hinted.insert(path);
                self.coalesce.hint();
            }
            Input::Hint(Hint::Everything) => self.look_soon(),
            Input::Ask(Ask::CatchUp, reply) => {
                self.waiting.push(reply);
                self.look_soon();
            }
            Input::Ask(ask, reply) => {
                let renames = matches!(ask, Ask::Rename { .. });
                let answer = answer::to(self, ask);
                if renames && answer.is_ok() {
                    self.revision += 1;
                    self.show();
                }
                // Whoever asked may be gone.
                let _ = reply.send(answer);
            }
            Input::Stop => unreachable!("the loop ends on it"),
        }
    }

    fn look_soon(&mut self) {
        self.look_at_everything = true;
        self.coalesce.hint();
    }

    /// The next instant at which something is to be done even if nothing happens.
    fn deadline(&self) -> Instant {
        let now = Instant::now();
        let live = self.conduct == Conduct::Live;
        let retries = self.failing.values().filter_map(|(backoff, _)| backoff.due());
        let regular = live.then_some(self.times.tick.min(self.times.sweep));
        let outage = self.outage.as_ref().and_then(Outage::due);
        [self.coalesce.due(now), self.commit_due(), regular, outage]
            .into_iter()
            .flatten()
            .chain(retries)
            .min()
            .unwrap_or(now + SWEEP_IDLE)
    }

    /// Does what is due.
    fn on_time(&mut self) {
        let now = Instant::now();
        let live = self.conduct == Conduct::Live;
        let regular = live && (self.slept() || now >= self.times.sweep);
        if regular || self.retry_is_due(now) {
            self.look_soon();
        }
        if self.coalesce.due(now).is_some_and(|due| due <= now) {
            self.coalesce.act();
            self.read_what_was_hinted_at();
            self.coalesce.acted(now, Instant::now());
        }
        if live && now >= self.times.tick {
            self.times.tick = now + self.settings.update_frequency;
            self.follow_zone(now);
            self.show();
        }
        if self.commit_due().is_some_and(|due| due <= now) {
            self.commit(Safety::Durable);
        }
        if self.outage.as_ref().and_then(Outage::due).is_some_and(|due| due <= now) {
            self.try_to_recover();
        }
    }

    /// Whether more time passed by the calendar than by the clock that stops while the computer sleeps.
    fn slept(&mut self) -> bool {
        let wall = Utc::now();
        let passed = (wall - self.times.wall).abs().to_std().unwrap_or_default();
        self.times.wall = wall;
        passed > ASLEEP + self.settings.update_frequency
    }

    fn follow_zone(&mut self, now: Instant) {
        if now.duration_since(self.times.zone) > Duration::from_secs(60) {
            (self.zone, self.times.zone) = (zone::system(), now);
        }
    }

    fn retry_is_due(&self, now: Instant) -> bool {
        self.failing.values().filter_map(|(backoff, _)| backoff.due()).any(|due| due <= now)
    }

    fn read_what_was_hinted_at(&mut self) {
        let hinted = std::mem::take(&mut self.hinted);
        if std::mem::take(&mut self.look_at_everything) {
            self.sweep();
        } else {
            let jobs = hinted.iter().filter_map(|path| self.job_at(path)).collect();
            self.read(jobs);
        }
        self.show();
        if self.import.is_none() && !self.look_at_everything {
            self.waiting.drain(..).for_each(|waiting| drop(waiting.send(Ok(Answer::Done))));
        }
    }

    /// Looks at every log there is and reads what changed.
    fn sweep(&mut self) {
        let began = Instant::now();
        self.roots = roots::projects_folders(&self.settings.claude_config_dirs);
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

    fn watch_roots(&mut self) {
        let there: Vec<bool> = self.roots.iter().map(|root| root.is_dir()).collect();
        let was_there: Vec<bool> = self.walk.by_root.iter().map(|(_, found, _)| *found).collect();
        let current = self.watch.as_ref().is_some_and(|watch| watch.roots == self.roots) && there == was_there;
        if self.conduct == Conduct::Live && !current {
            let inputs = self.inputs.clone();
            // An engine that ended needs no hints.
            self.watch = Some(Watch::start(&self.roots, move |hint| drop(inputs.send(Input::Hint(hint)))));
            // What happened before the watch stood was not heard.
            self.look_soon();
        }
    }

    /// A log below a folder that is there, but not found in it, is gone.
    fn forget_what_is_gone(&mut self) {
        let found: FxHashSet<&PathBuf> = self.walk.logs.iter().map(|log| &log.path).collect();
        let there: Vec<&PathBuf> =
            self.walk.by_root.iter().filter(|(_, found, _)| *found).map(|(root, ..)| root).collect();
        let below = |path: &Path| there.iter().any(|root| path.starts_with(root));
        self.books.forget_logs(|path| below(path) && !found.contains(&path.to_path_buf()));
        self.failing.retain(|path, _| found.contains(path));
    }

    fn job_at(&self, path: &Path) -> Option<Job> {
        let (root, path) = self.roots.iter().find_map(|root| Some((root, walk::own_path(root, path)?)))?;
        let look = tail::look_at(&path)?;
        self.job(&walk::log_at(root, path, look)?)
    }

    /// What there is to read in a log, if anything. One that failed is left alone until it is due; one that failed
    /// too often is tried whenever everything is looked at.
    fn job(&self, log: &FoundLog) -> Option<Job> {
        let due = self.failing.get(&log.path).and_then(|(backoff, _)| backoff.due());
        let waits = due.is_some_and(|due| due > Instant::now());
        let cursor = self.books.cursor(&log.path).copied();
        let current = cursor.is_some_and(|cursor| cursor.is_current(&log.look));
        let elsewhere = self.import.as_ref().is_some_and(|import| import.will_read(&log.path));
        (!current && !elsewhere && !waits).then(|| Job { log: log.clone(), cursor })
    }

    fn read(&mut self, jobs: Vec<Job>) {
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

    fn take_part(&mut self, part: Option<Read>) {
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

    fn finish_import(&mut self) {
        let Some(import) = self.import.take() else { return };
        let (took, files, bytes) = import.so_far();
        info!(files, bytes, ?took, messages = self.books.message_count(), "Read logs.");
        self.commit(Safety::Durable);
        if self.outage.is_none() && self.books.message_count() > WORTH_COMPACTING && bytes > LARGE_BYTES * 4 {
            let compacted = self.books.compact();
            self.tried(compacted);
        }
        // Logs that grew meanwhile.
        self.look_soon();
        self.coalesce = Coalesce::default();
        self.coalesce.hint();
    }

    fn count(&mut self, part: &Harvest) {
        let counted = self.books.count(part);
        self.tried(counted);
        let now = Instant::now();
        if !part.is_empty() {
            self.revision += 1;
            self.times.news = now;
            self.times.sweep = self.times.sweep.min(now + SWEEP_ACTIVE);
        }
        if self.books.is_dirty() {
            let began = self.times.dirty.map_or(now, |(began, _)| began);
            self.times.dirty = Some((began, now));
        }
    }

    fn finished(&mut self, job: &Job, done: std::io::Result<()>) {
        let now = Instant::now();
        match done {
            Ok(()) => drop(self.failing.remove(&job.log.path)),
            Err(error) => {
                let before = self.failing.get(&job.log.path).map(|(backoff, _)| *backoff);
                let backoff = before.map_or_else(|| Backoff::first(now), |before| before.again(now));
                if before.is_none_or(|before| before.is_paused() != backoff.is_paused()) {
                    warn!(log = %job.log.path.display(), %error, paused = backoff.is_paused(), "Cannot read a log.");
                }
                self.failing.insert(job.log.path.clone(), (backoff, walk::reason_of(&error)));
            }
        }
    }

    fn commit_due(&self) -> Option<Instant> {
        let (began, last) = self.times.dirty.filter(|_| self.outage.is_none() && self.import.is_none())?;
        let window = self.settings.batch_window;
        Some((last + window).min(began + window * LONGEST_GATHER))
    }

    pub(crate) fn commit(&mut self, safety: Safety) {
        if self.outage.is_none() {
            self.times.dirty = None;
            let committed = self.books.commit(safety);
            self.tried(committed);
            let refreshed = self.books.refresh(Utc::now().into());
            self.tried(refreshed);
        }
    }

    /// Notes that the store failed: what is counted from now on is counted in memory.
    pub(crate) fn tried(&mut self, result: Result<(), StoreError>) {
        if let Err(error) = result {
            self.store_failed(&error);
        }
    }

    pub(crate) fn store_failed(&mut self, error: &StoreError) {
        if self.outage.is_none() {
            warn!(error = error as &dyn std::error::Error, "The store failed.");
            self.outage = Some(Outage::began(error, Instant::now()));
        }
        self.show();
    }

    fn try_to_recover(&mut self) {
        let Some(outage) = self.outage.take() else { return };
        let path = self.books.path().to_owned();
        match outage::reopen(&mut self.books, &path) {
            Ok(()) => {
                info!("The store works again.");
                self.times.dirty = None;
                // Before anything is shown: what was counted in memory alone is read from the logs again.
                self.sweep();
            }
            Err(error) => self.outage = Some(outage.goes_on(&error, Instant::now())),
        }
    }

    /// Publishes what holds now, if it differs from what was published.
    fn show(&mut self) {
        self.times.shown = Instant::now();
        let now = Utc::now();
        let snapshot = answer::snapshot(self, now.into());
        self.snapshots.send_if_modified(|shown| {
            let changed = differs(shown, &snapshot);
            if changed {
                *shown = Arc::new(snapshot);
            }
            changed
        });
    }

    /// How far the reading is.
    pub(crate) fn progress(&self) -> Progress {
        self.import.as_ref().map_or(Progress::Live, Import::progress)
    }

    /// What people should know.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let paused = self.failing.values().filter(|(backoff, _)| backoff.is_paused()).count();
        let unread = (paused > 0).then(|| Problem {
            message: match paused {
                1 => "A log cannot be read.".to_owned(),
                several => format!("{several} logs cannot be read."),
            },
            hint: "token-monitor doctor says which and why.".to_owned(),
        });
        let settings = self.settings.problems.first().map(|problem| Problem {
            message: problem.clone(),
            hint: "Correct it in the settings file; until then the default holds.".to_owned(),
        });
        self.outage.iter().map(Outage::problem).chain(self.notes.clone()).chain(unread).chain(settings).collect()
    }

    /// Where sessions too old for the list begin.
    pub(crate) fn oldest_listed(&self, now: Moment) -> Moment {
        let kept = i64::try_from(self.settings.session_retention.as_micros()).unwrap_or(i64::MAX);
        Moment(now.0.saturating_sub(kept))
    }
}

async fn next_part(import: &mut Option<Import>) -> Option<Read> {
    match import {
        Some(import) => import.next().await,
        None => std::future::pending().await,
    }
}

/// Time alone is news once a minute, so that what is shown is never older.
fn differs(shown: &Snapshot, new: &Snapshot) -> bool {
    let same_minute = shown.at.timestamp() / 60 == new.at.timestamp() / 60;
    let moved = Snapshot { at: shown.at, ..new.clone() };
    !same_minute || moved != *shown
}

/// A refusal for what the store could not do.
pub(crate) fn refusal(error: &StoreError) -> Refusal {
    match error {
        StoreError::NameTaken { .. } => {
            Refusal::new(RefusalCode::NameTaken, error.to_string()).hint("Choose another name.")
        }
        StoreError::NameInvalid { .. } => Refusal::new(RefusalCode::NameInvalid, error.to_string()),
        StoreError::Busy { .. } => Refusal::new(RefusalCode::Busy, error.to_string()),
        _ => Refusal::new(RefusalCode::Busy, error.to_string()).hint("token-monitor doctor tells more."),
    }
}
