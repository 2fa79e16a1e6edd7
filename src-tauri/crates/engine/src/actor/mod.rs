//! The one owner of everything that changes.
//!
//! All that happens comes in as an [`Input`], one after the other; all that surfaces may know goes out as a
//! snapshot. Between the two, in this order: read what was hinted at, count it, show it, write it.

mod alerts;
mod commit;
pub(crate) mod diagnostics;
mod expiring_logs;
pub(crate) mod history_cache;
pub(crate) mod price_updates;
mod publish;
pub(crate) mod queries;
mod scan;
mod settings;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use token_monitor_core::pricing::LiteLlm;
use token_monitor_core::report::model::{Problem, Snapshot};
use token_monitor_store::{Safety, StoreError};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tracing::warn;

use crate::actor::history_cache::Hindsight;
use crate::alert_outbox::{AlertOut, Alerting};
use crate::api::{Answer, Ask, Refusal};
use crate::backoff::Backoff;
use crate::config::{Layers, Settings};
use crate::handle::Conduct;
use crate::ingest::coalesce::Coalesce;
use crate::ingest::discover::Walk;
use crate::ingest::import::Import;
use crate::ingest::quota_files::QuotaFiles;
use crate::ingest::reader_pool::Read;
use crate::ingest::tail::Tail;
use crate::ingest::title_resolver::Named;
use crate::ingest::watch::{Hint, Watch};
use crate::ledger_store::Books;
use crate::outage::{self, Outage};
use crate::prices::fetch::Refresh;
use crate::zone;

/// Who waits for an answer.
type Reply = oneshot::Sender<Result<Answer, Refusal>>;

/// Everything that can happen.
#[derive(Debug)]
pub(crate) enum Input {
    /// Something may have changed.
    Hint(Hint),
    /// Somebody wants something.
    Ask(Ask, Reply),
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

/// How often the system is asked for its time zone: people travel.
const ZONE_OFTEN: Duration = Duration::from_secs(60);

/// A step this much longer than the clock's own means that the computer slept.
const ASLEEP: Duration = Duration::from_secs(10);

/// After an import this large, the store is made compact.
const WORTH_COMPACTING: u64 = 20_000;

/// The engine's state.
pub(crate) struct Actor {
    pub(crate) settings: Settings,
    /// Where they come from, and where the user's folders are.
    pub(crate) layers: Layers,
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
    /// What is known of alerts, and who listens.
    alerting: Alerting,
    lookups: alerts::Lookups,
    /// Whether the sessions of summaries are being looked for.
    searching: bool,
    prices: Option<Refresh>,
    waiting: Vec<Reply>,
    /// Who waits for the fate of an alert, by its number.
    tests: Vec<(u64, Reply)>,
    pub(crate) zone: chrono_tz::Tz,
    /// Claude Code tells times by it, whatever zone figures are told in.
    system_zone: chrono_tz::Tz,
    times: Times,
}

/// Where snapshots and alerts come out.
pub(crate) type Outlets = (watch::Receiver<Arc<Snapshot>>, broadcast::Receiver<Arc<AlertOut>>);

/// When things were done, and are next to be done.
struct Times {
    began: Instant,
    sweep: Instant,
    tick: Instant,
    alert: Instant,
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
    ) -> Result<(Self, Outlets), StoreError> {
        let unsaved = layers.settle();
        let (mut books, note) = outage::open(&unsaved.db_path, &unsaved.pricing(price_updates::cached(&unsaved)))?;
        layers.saved = books.settings()?;
        let settings = layers.settle();
        if settings.prices_differ(&unsaved) {
            books.reprice(settings.pricing(price_updates::cached(&settings)), Utc::now().into())?;
        }
        settings.problems.iter().for_each(|problem| warn!("{problem}"));
        let prices = (conduct == Conduct::Live).then(|| price_updates::refresh(&settings, inputs.clone())).flatten();
        let system_zone = zone::system();
        let zone = settings.zone.unwrap_or(system_zone);
        let now = Instant::now();
        let (snapshots, subscriber) = watch::channel(Arc::new(queries::empty_snapshot(zone, &settings)));
        let times = Times {
            began: now,
            sweep: now,
            tick: now,
            alert: now,
            dirty: None,
            shown: now,
            news: now,
            wall: Utc::now(),
            zone: now,
            wsl: None,
        };
        let (alerting, alerts) = Alerting::open(&mut books, conduct)?;
        let mut actor = Self {
            settings,
            layers,
            conduct,
            books,
            outage: None,
            notes: note.into_iter().collect(),
            revision: 0,
            walk: Walk::default(),
            roots: Vec::new(),
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
            alerting,
            lookups: alerts::Lookups::default(),
            searching: false,
            prices,
            waiting: Vec::new(),
            tests: Vec::new(),
            zone,
            system_zone,
            times,
        };
        actor.look_at_usual_days(Utc::now().into());
        actor.show();
        Ok((actor, (subscriber, alerts)))
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
            Input::Ask(Ask::TestAlert { rule }, reply) => self.test_alert(rule, reply),
            Input::Ask(ask, reply) => {
                let describes = matches!(ask, Ask::Rename { .. } | Ask::Describe { .. });
                let answer = queries::to(self, ask);
                if describes && answer.is_ok() {
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
        [self.coalesce.due(now), self.commit_due(), regular, self.alerts_due(), outage]
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
            self.tick(now);
        }
        self.alert_on_time(now);
        if self.commit_due().is_some_and(|due| due <= now) {
            self.commit(Safety::Durable);
        }
        if self.outage.as_ref().and_then(Outage::due).is_some_and(|due| due <= now) {
            self.try_to_recover();
        }
    }

    /// Works out anew what changes by itself, and shows it. What was shown since, of a line that came, has all of it: to
    /// show it again between two lines would only have surfaces hold back the second.
    fn tick(&mut self, now: Instant) {
        if now.duration_since(self.times.zone) > ZONE_OFTEN {
            self.follow_zone(now);
        }
        self.look_back(Utc::now().into());
        let next = self.times.shown + self.settings.update_frequency;
        if next <= now {
            self.show();
            self.times.tick = now + self.settings.update_frequency;
        } else {
            self.times.tick = next;
        }
    }

    /// Whether more time passed by the calendar than by the clock that stops while the computer sleeps.
    fn slept(&mut self) -> bool {
        let wall = Utc::now();
        let passed = (wall - self.times.wall).abs().to_std().unwrap_or_default();
        self.times.wall = wall;
        passed > ASLEEP + self.settings.update_frequency
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
