//! The one owner of everything that changes.
//!
//! All that happens comes in as an [`Input`], one after the other; all that surfaces may know goes out as a
//! snapshot. Between the two, in this order: read what was hinted at, count it, show it, write it.

mod keeping;
mod reading;
mod showing;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use token_monitor_core::LiteLlm;
use token_monitor_core::figures::{Problem, Snapshot};
use token_monitor_store::{Safety, StoreError};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::warn;

use crate::answer;
use crate::ask::{Answer, Ask, Refusal};
use crate::backoff::Backoff;
use crate::books::Books;
use crate::coalesce::Coalesce;
use crate::handle::Conduct;
use crate::hindsight::Hindsight;
use crate::import::Import;
use crate::leaves::Named;
use crate::litellm::Refresh;
use crate::outage::{self, Outage};
use crate::pool::Read;
use crate::prices;
use crate::quota_files::QuotaFiles;
use crate::roots::Homes;
use crate::settings::{Layers, Settings};
use crate::tail::Tail;
use crate::walk::Walk;
use crate::watch::{Hint, Watch};
use crate::zone;

/// Everything that can happen.
#[derive(Debug)]
pub(crate) enum Input {
    /// Something may have changed.
    Hint(Hint),
    /// Somebody wants something.
    Ask(Ask, oneshot::Sender<Result<Answer, Refusal>>),
    /// Summaries found the sessions they name.
    Named(Vec<Named>),
    /// Prices were fetched.
    Prices(LiteLlm),
    /// The folders of Linux distributions on Windows were found.
    Wsl(Vec<PathBuf>),
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

/// How often Windows is asked which Linux distributions run: that starts a program.
const WSL_OFTEN: Duration = Duration::from_secs(600);

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
    /// Where the user's folders are.
    homes: Homes,
    /// The folders of Linux distributions on Windows.
    wsl: Vec<PathBuf>,
    pub(crate) watch: Option<Watch>,
    inputs: mpsc::UnboundedSender<Input>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    tail: Tail,
    coalesce: Coalesce,
    hinted: FxHashSet<PathBuf>,
    /// Whether everything is to be looked at.
    look_at_everything: bool,
    /// Whether the vendor's own figures are to be looked at.
    look_at_quota: bool,
    import: Option<Import>,
    /// Logs that could not be read, and why.
    pub(crate) failing: FxHashMap<PathBuf, (Backoff, &'static str)>,
    /// The files in which the vendor's own figures lie.
    pub(crate) quota_files: QuotaFiles,
    /// What past blocks came to.
    pub(crate) past: Hindsight,
    /// Whether the sessions of summaries are being looked for.
    searching: bool,
    _prices: Option<Refresh>,
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
    wsl: Option<Instant>,
}

impl Actor {
    /// Opens the books and shows what is in them.
    pub(crate) fn open(
        mut layers: Layers,
        conduct: Conduct,
        inputs: mpsc::UnboundedSender<Input>,
    ) -> Result<(Self, watch::Receiver<Arc<Snapshot>>), StoreError> {
        let unsaved = layers.settle();
        let (mut books, note) = outage::open(&unsaved.db_path, &unsaved.pricing(prices::cached(&unsaved)))?;
        layers.saved = books.settings()?;
        let settings = layers.settle();
        if settings.prices_differ(&unsaved) {
            books.reprice(settings.pricing(prices::cached(&settings)), Utc::now().into())?;
        }
        settings.problems.iter().for_each(|problem| warn!("{problem}"));
        let prices = (conduct == Conduct::Live).then(|| prices::refresh(&settings, inputs.clone())).flatten();
        let zone = zone::system();
        let now = Instant::now();
        let (snapshots, subscriber) = watch::channel(Arc::new(answer::empty_snapshot(zone)));
        let times =
            Times { sweep: now, tick: now, dirty: None, shown: now, news: now, wall: Utc::now(), zone: now, wsl: None };
        let mut actor = Self {
            settings,
            conduct,
            books,
            outage: None,
            notes: note.into_iter().collect(),
            revision: 0,
            walk: Walk::default(),
            roots: Vec::new(),
            homes: layers.homes,
            wsl: Vec::new(),
            watch: None,
            inputs,
            snapshots,
            tail: Tail::default(),
            coalesce: Coalesce::default(),
            hinted: FxHashSet::default(),
            look_at_everything: conduct == Conduct::Live,
            look_at_quota: true,
            import: None,
            failing: FxHashMap::default(),
            quota_files: QuotaFiles::default(),
            past: Hindsight::default(),
            searching: false,
            _prices: prices,
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
            Input::Hint(Hint::Inbox) => {
                self.look_at_quota = true;
                self.coalesce.hint();
            }
            Input::Named(named) => {
                self.searching = false;
                self.books.name_all(&named);
                self.changed();
                self.look_soon();
            }
            Input::Prices(prices) => self.reprice(prices),
            Input::Wsl(folders) if folders != self.wsl => {
                self.wsl = folders;
                self.look_soon();
            }
            Input::Wsl(_) => {}
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
            self.look_back(Utc::now().into());
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
}

async fn next_part(import: &mut Option<Import>) -> Option<Read> {
    match import {
        Some(import) => import.next().await,
        None => std::future::pending().await,
    }
}
