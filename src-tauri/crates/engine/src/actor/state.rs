//! The state of the actor.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::report::model::{ReportCompleteness, Snapshot};
use token_monitor_store::{StoreError, catch_panic};
use tokio::sync::{broadcast, mpsc, watch};
use tracing::warn;

use crate::actor::alert_service::AlertService;
use crate::actor::history_cache::HistoryCache;
use crate::actor::input::{Input, Reply};
use crate::actor::live_settings::LiveSettings;
use crate::actor::price_updates;
use crate::actor::queries;
use crate::actor::reported_problems::ReportedProblems;
use crate::actor::scanner::Scanner;
use crate::actor::storage::Storage;
use crate::actor::update_checks::UpdateChecks;
use crate::alert_outbox::{AlertOutbox, OutgoingAlert};
use crate::clock;
use crate::config::ConfigSources;
use crate::damage;
use crate::engine_mode::EngineMode;
use crate::outage;
use crate::refresh::Refresher;

/// The number of times a damaged store is replaced before its error ends the start.
const MAX_REPLACEMENTS: u32 = 3;

/// The receivers of snapshots and alerts.
pub(crate) type EngineOutputs = (watch::Receiver<Arc<Snapshot>>, broadcast::Receiver<Arc<OutgoingAlert>>);

/// The state of a running engine: one service for each concern, and the timers of the loop.
pub(crate) struct Actor {
    pub(super) mode: EngineMode,
    pub(super) inputs: mpsc::UnboundedSender<Input>,
    pub(super) live: LiveSettings,
    pub(super) storage: Storage,
    pub(super) scanner: Scanner,
    pub(super) history: HistoryCache,
    pub(super) alerts: AlertService,
    pub(super) price_refresher: Option<Refresher>,
    pub(super) updates: UpdateChecks,
    pub(super) snapshots: watch::Sender<Arc<Snapshot>>,
    pub(super) last_published: Instant,
    /// The number of changes to counted or named data since the start.
    pub(super) revision: u64,
    /// The completeness of the figures at the last revision.
    pub(super) completeness: ReportCompleteness,
    pub(super) reported: ReportedProblems,
    /// The clients waiting until all logs are read.
    pub(super) sync_waiters: Vec<Reply>,
    pub(super) next_tick: Instant,
    pub(super) last_wall_clock: DateTime<Utc>,
}

impl Actor {
    /// Opens the store and publishes a first snapshot of it. Fails if the store cannot be opened.
    pub(crate) fn open(
        lock_timeout: Duration,
        sources: ConfigSources,
        mode: EngineMode,
        inputs: mpsc::UnboundedSender<Input>,
    ) -> Result<(Self, EngineOutputs), StoreError> {
        let path = sources.resolve().db_path;
        for _ in 0..MAX_REPLACEMENTS {
            let judged = damage::file_at(&path);
            let (sources, inputs) = (sources.clone(), inputs.clone());
            let opened = catch_panic(|| Self::open_once(lock_timeout, sources, mode, inputs));
            match opened.unwrap_or_else(|panic| Err(StoreError::corrupt(&path, panic))) {
                // Damage in rows that are only read once the store is open.
                Err(error) if error.is_damage() => {
                    drop(damage::replace_damaged(&path, judged.as_ref(), &CostCalculator::default())?);
                }
                opened => return opened,
            }
        }
        Self::open_once(lock_timeout, sources, mode, inputs)
    }

    fn open_once(
        lock_timeout: Duration,
        mut sources: ConfigSources,
        mode: EngineMode,
        inputs: mpsc::UnboundedSender<Input>,
    ) -> Result<(Self, EngineOutputs), StoreError> {
        let unsaved = sources.resolve();
        let calculator = unsaved.cost_calculator(price_updates::load_cached(&unsaved));
        let (mut ledger_store, outage) = outage::open_store(&unsaved.db_path, &calculator, lock_timeout, mode)?;
        sources.saved = ledger_store.store.load_settings()?;
        let live = LiveSettings::new(sources.resolve(), sources);
        if live.settings.prices_differ(&unsaved) {
            ledger_store.reprice(live.cost_calculator(), clock::now().into())?;
        }
        live.settings.problems.iter().for_each(|problem| warn!("{problem}"));
        let is_live = mode == EngineMode::Live;
        let price_refresher =
            if is_live { price_updates::start_refresher(&live.settings, inputs.clone()) } else { None };
        let updates = UpdateChecks::start(&live.settings, mode, inputs.clone());
        let (snapshots, snapshot_receiver) =
            watch::channel(Arc::new(queries::empty_snapshot(live.zone, &live.settings)));
        let (outbox, alert_receiver) = AlertOutbox::open(&mut ledger_store.store, mode)?;
        let mut actor = Self {
            mode,
            inputs,
            live,
            storage: Storage::new(ledger_store, outage),
            scanner: Scanner::new(is_live),
            history: HistoryCache::default(),
            alerts: AlertService::new(outbox),
            price_refresher,
            updates,
            snapshots,
            last_published: Instant::now(),
            revision: 0,
            completeness: ReportCompleteness::default(),
            reported: ReportedProblems::default(),
            sync_waiters: Vec::new(),
            next_tick: Instant::now(),
            last_wall_clock: clock::now(),
        };
        actor.history.refresh_typical_day(&actor.storage.ledger_store, actor.live.zone, clock::now().into());
        actor.publish();
        Ok((actor, (snapshot_receiver, alert_receiver)))
    }
}
