//! The loop of the actor: inputs, parts of an import, timers.

use std::time::{Duration, Instant};

use token_monitor_core::pricing::LiteLlmPrices;
use token_monitor_store::{Safety, StoreError, catch_panic};
use tokio::sync::mpsc;
use tracing::warn;

use crate::actor::effects::Effects;
use crate::actor::input::Input;
use crate::actor::scanner::next_event;
use crate::actor::state::Actor;
use crate::actor::storage::{DamageOutcome, FileCheck};
use crate::actor::sweep_interval::IDLE_SWEEP_INTERVAL;
use crate::clock;
use crate::config::PriceSource;
use crate::engine_mode::EngineMode;
use crate::ingest::title_resolver::ResolvedTitle;
use crate::ingest::watch::ChangeHint;

/// A jump of the calendar clock by this much more than a tick means that the computer was asleep.
const SLEEP_THRESHOLD: Duration = Duration::from_secs(10);

/// The time without news after which the store may be checked or backed up, which takes a moment.
const MIN_IDLE_TIME: Duration = Duration::from_secs(10);

impl Actor {
    /// Runs until it is stopped, then closes the store.
    pub(crate) async fn run(mut self, mut inputs: mpsc::UnboundedReceiver<Input>) -> Result<(), StoreError> {
        loop {
            let deadline = tokio::time::Instant::from_std(self.next_deadline());
            tokio::select! {
                biased;
                input = inputs.recv() => match input {
                    None | Some(Input::Stop) => break,
                    Some(Input::Discard) => return self.discard(),
                    Some(input) => self.run_step(|actor| actor.handle_input(input)),
                },
                event = next_event(&mut self.scanner.import) => {
                    self.run_step(|actor| actor.handle_reader_event(event));
                }
                () = tokio::time::sleep_until(deadline) => {}
            }
            while let Ok(input) = inputs.try_recv() {
                match input {
                    Input::Stop => return self.close(),
                    Input::Discard => return self.discard(),
                    input => self.run_step(|actor| actor.handle_input(input)),
                }
            }
            self.run_step(Self::run_due_timers);
        }
        self.close()
    }

    /// Ends without another access to the store's file.
    fn discard(mut self) -> Result<(), StoreError> {
        self.storage.ledger_store.store.detach_file();
        Ok(())
    }

    fn close(mut self) -> Result<(), StoreError> {
        // After an error, the changes are read from the logs again at the next start.
        let _ = self.check_store_file();
        // The snapshot is not needed any more.
        let _ = self.storage.commit(Safety::Durable) | self.storage.back_up_if_due(clock::now());
        self.storage.close()
    }

    /// Runs a step of the loop. Damage of the store that shows in it, also as a panic over impossible figures, is handled
    /// after it.
    fn run_step(&mut self, step: impl FnOnce(&mut Self)) {
        let panic = catch_panic(|| step(self)).err();
        if let Some(panic) = &panic {
            warn!(panic, "The figures are impossible; the store is checked.");
            self.storage.ledger_store.store.mark_damaged();
        }
        let outcome = self.replace_damaged_store();
        if let (Some(panic), Some(DamageOutcome::Sound)) = (panic, outcome) {
            // The store was not the cause.
            panic!("{panic}");
        }
    }

    /// Replaces the store if damage was found, and reads from the logs what the new one lacks.
    pub(super) fn replace_damaged_store(&mut self) -> Option<DamageOutcome> {
        if !self.storage.is_damaged() {
            return None;
        }
        let outcome = self.storage.replace_damaged();
        if outcome != DamageOutcome::Failed {
            self.continue_after_reload();
        }
        self.apply(Effects::CHANGED);
        Some(outcome)
    }

    /// Checks the store's file, restores it if another program changed it, and applies the result. Messages that a file
    /// lacks are read from the logs.
    pub(super) fn check_store_file(&mut self) -> Result<(), StoreError> {
        match self.storage.check_file() {
            Ok(FileCheck::Intact) => Ok(()),
            Ok(FileCheck::Restored) => {
                self.apply(Effects::CHANGED);
                Ok(())
            }
            Ok(FileCheck::Reloaded) => {
                self.continue_after_reload();
                self.apply(Effects::CHANGED);
                Ok(())
            }
            Err(error) => {
                self.apply(Effects::PUBLISH);
                Err(error)
            }
        }
    }

    fn handle_input(&mut self, input: Input) {
        match input {
            Input::Hint(ChangeHint::Log(path)) => self.scanner.request_read(path),
            Input::Hint(ChangeHint::Inbox) => self.scanner.request_quota_scan(),
            Input::Hint(ChangeHint::Agents) => self.scanner.request_agents(),
            Input::Hint(ChangeHint::Everything) => self.scanner.request_sweep(),
            Input::Request(request, reply) => self.handle_request(request, reply),
            Input::TitlesResolved(titles) => self.apply_titles(&titles),
            Input::Prices(prices) => self.apply_prices(prices),
            Input::Update(update) => self.apply_update(update),
            Input::WslDirs(dirs) => self.scanner.set_wsl_dirs(dirs),
            Input::Stop | Input::Discard => unreachable!("the loop ends on it"),
        }
    }

    fn apply_titles(&mut self, titles: &[ResolvedTitle]) {
        self.scanner.resolving_titles = false;
        self.storage.ledger_store.apply_titles(titles);
        self.storage.mark_dirty();
        self.apply(Effects::REVISION);
        self.scanner.request_sweep();
    }

    /// Recomputes all costs with a list that was just fetched, unless the setting was turned off meanwhile.
    fn apply_prices(&mut self, prices: LiteLlmPrices) {
        match self.live.settings.price_source {
            PriceSource::Bundled => return,
            PriceSource::LiteLlm if prices.is_empty() => warn!("LiteLLM's list has no prices."),
            PriceSource::LiteLlm => {}
        }
        let effects = self.storage.reprice(self.live.settings.cost_calculator(Some(prices)));
        self.history.invalidate();
        self.storage.mark_dirty();
        self.apply(effects | Effects::CHANGED);
    }

    /// Returns the next instant at which a timer is due.
    fn next_deadline(&self) -> Instant {
        let now = Instant::now();
        let is_live = self.mode == EngineMode::Live;
        let regular = is_live.then_some(self.next_tick.min(self.scanner.next_sweep));
        let agents = self.scanner.agents.next_check();
        [self.scanner.next_read(now), self.commit_due(), regular, self.alerts_due(), self.storage.next_retry(), agents]
            .into_iter()
            .flatten()
            .chain(self.scanner.retries())
            .min()
            .unwrap_or(now + IDLE_SWEEP_INTERVAL)
    }

    fn run_due_timers(&mut self) {
        let now = Instant::now();
        let is_live = self.mode == EngineMode::Live;
        let sweep_is_due = is_live && (self.was_asleep() || now >= self.scanner.next_sweep);
        if sweep_is_due || self.scanner.retries().any(|due| due <= now) {
            self.scanner.request_sweep();
        }
        if self.scanner.agents.take_due_check(now) {
            self.scanner.request_agents();
        }
        if is_due(self.scanner.next_read(now), now) {
            self.scanner.debouncer.start_read();
            self.read_changes();
            self.scanner.debouncer.finish_read(now, Instant::now());
        }
        if is_live && now >= self.next_tick {
            self.tick(now);
        }
        self.run_alert_timers(now);
        if is_due(self.commit_due(), now) {
            // An error is shown as an outage, which the commit respects.
            let _ = self.check_store_file();
            let effects = self.storage.commit(Safety::Durable);
            self.apply(effects);
        }
        if is_due(self.storage.next_retry(), now) {
            self.try_to_recover();
        }
    }

    /// Returns when pending changes have to be written. An import commits by size instead.
    fn commit_due(&self) -> Option<Instant> {
        let due = self.storage.commit_due(self.live.settings.batch_window);
        due.filter(|_| !self.scanner.is_importing())
    }

    /// Publishes the figures that change with time alone. If something was published within the interval, the tick
    /// moves behind it: a second snapshot so soon would only delay the next real change in throttled surfaces.
    fn tick(&mut self, now: Instant) {
        // An error is shown as an outage.
        let _ = self.check_store_file();
        self.maintain_store();
        if self.scanner.root_states_changed() {
            self.scanner.request_sweep();
        }
        self.live.update_zone_if_due(now);
        self.refresh_history(clock::now().into());
        let interval = self.live.settings.update_frequency;
        let next = self.last_published + interval;
        if next <= now {
            self.publish();
            self.next_tick = now + interval;
        } else {
            self.next_tick = next;
        }
    }

    /// Checks and backs up the store if that is due and nothing is being read.
    fn maintain_store(&mut self) {
        self.storage.refresh_set_aside();
        if self.scanner.is_idle() && self.scanner.last_news.elapsed() > MIN_IDLE_TIME {
            let now = clock::now();
            self.storage.check_if_due(now);
            let effects = self.storage.back_up_if_due(now);
            self.apply(effects);
        }
    }

    /// Returns true if the calendar clock moved further than the monotonic one, which stops during sleep.
    fn was_asleep(&mut self) -> bool {
        let now = clock::now();
        let passed = (now - self.last_wall_clock).abs().to_std().unwrap_or_default();
        self.last_wall_clock = now;
        passed > SLEEP_THRESHOLD + self.live.settings.update_frequency
    }

    /// Tries to end an outage. On success everything that was counted in memory only is read from the logs again.
    fn try_to_recover(&mut self) {
        if !self.storage.try_reopen() {
            return;
        }
        self.continue_after_reload();
    }

    /// Continues with memory that was loaded from the store again.
    pub(super) fn continue_after_reload(&mut self) {
        self.history.invalidate();
        // The rest of an import builds on parts that memory no longer has.
        self.scanner.import = None;
        let saved = self.save_settings_again();
        let mut effects = self.storage.note_result(saved);
        // The prices may have changed during the outage.
        effects |= self.storage.reprice(self.live.cost_calculator());
        self.apply(effects);
        // Before anything is published, or totals would drop for a moment.
        self.sweep();
    }

    /// Saves settings that another file lacks.
    fn save_settings_again(&mut self) -> Result<(), StoreError> {
        let store = &mut self.storage.ledger_store.store;
        let stored = store.load_settings()?;
        for (key, value) in &self.live.sources.saved {
            if stored.get(key) != Some(value) {
                store.save_setting(key, Some(value))?;
            }
        }
        self.alerts.outbox.continue_in(store)
    }
}

fn is_due(deadline: Option<Instant>, now: Instant) -> bool {
    deadline.is_some_and(|deadline| deadline <= now)
}
