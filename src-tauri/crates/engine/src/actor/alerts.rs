//! Evaluating alert rules and handling requests about alerts.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use token_monitor_core::alerts::{AlertContext, CostlySession, evaluate_alerts, pause_end, sample_alert};
use token_monitor_core::report::model::{AlertRule, Amount, DeliveryStatus, Pause, Snapshot};
use token_monitor_store::StoreError;

use crate::actor::alert_inputs;
use crate::actor::effects::Effects;
use crate::actor::input::{Reply, send_reply};
use crate::actor::queries;
use crate::actor::state::Actor;
use crate::api::{ApiError, ErrorCode, Response};
use crate::clock;
use crate::engine_mode::EngineMode;

/// The longest interval between two evaluations, however seldom snapshots are published: a condition that has to
/// last for minutes has to be observed.
const MAX_EVALUATION_INTERVAL: Duration = Duration::from_secs(5);

impl Actor {
    /// Returns when alerts are evaluated next, or a delivery times out.
    pub(super) fn alerts_due(&self) -> Option<Instant> {
        let evaluation = (self.mode == EngineMode::Live).then_some(self.alerts.next_evaluation);
        evaluation.into_iter().chain(self.alerts.outbox.next_expiry()).min()
    }

    /// Fails deliveries that timed out and evaluates alerts if that is due.
    pub(super) fn run_alert_timers(&mut self, now: Instant) {
        if self.alerts.outbox.next_expiry().is_some_and(|due| due <= now) {
            let expired = self.alerts.outbox.expire_pending(now, self.storage.writable_store());
            // There is no client to report an error to; an outage shows as a problem.
            let (_, effects) = self.finish_alert_change(expired);
            self.apply(effects);
            self.alerts.answer_finished_tests();
        }
        if self.mode == EngineMode::Live && now >= self.alerts.next_evaluation {
            self.alerts.next_evaluation = now + self.live.settings.update_frequency.min(MAX_EVALUATION_INTERVAL);
            self.evaluate_alerts();
        }
    }

    /// Evaluates all alert rules and sends the alerts that result. Does nothing before the logs are read.
    pub(super) fn evaluate_alerts(&mut self) {
        if self.mode == EngineMode::OnDemand || !self.scanner.is_settled() || !self.alerts.may_send() {
            return;
        }
        let now = clock::now();
        let snapshot = self.recent_snapshot(MAX_EVALUATION_INTERVAL);
        let (week_usage, month_usage) = self.period_usage(&snapshot, now);
        let costly_sessions = self.costly_sessions(&snapshot, now);
        let expiring_logs = self.alerts.expiring_logs.find(&self.scanner, &self.live.settings, now);
        let context = AlertContext {
            snapshot: &snapshot,
            now,
            zone: self.live.zone,
            week_start: self.live.settings.display.week_start,
            week_usage,
            month_usage,
            costly_sessions: &costly_sessions,
            expiring_logs,
            team_budgets: &self.alerts.team_budgets,
        };
        let outbox = &mut self.alerts.outbox;
        let (state, decisions) = evaluate_alerts(&outbox.state, &self.live.settings.alerts, &context);
        let has_unsaved = outbox.has_unsaved() && !self.storage.is_out();
        if state == outbox.state && decisions.is_empty() && !has_unsaved {
            return;
        }
        // The list of alerts changes with each decision.
        let changed = if decisions.is_empty() { Effects::NONE } else { Effects::REVISION };
        let settings = &self.live.settings.alerts;
        let applied = outbox.apply_decisions(state, decisions, settings, self.storage.writable_store());
        let effects = changed | self.storage.note_result(applied);
        self.apply(effects);
    }

    /// Returns the usage of the calendar week and month, if a budget needs it.
    fn period_usage(&mut self, snapshot: &Snapshot, now: DateTime<Utc>) -> (Option<Amount>, Option<Amount>) {
        let settings = &self.live.settings;
        if settings.alerts.weekly_budget.is_none() && settings.alerts.monthly_budget.is_none() {
            return (None, None);
        }
        let calendar = (self.live.zone, settings.display.week_start);
        let effects = self.storage.write_history();
        self.apply(effects);
        self.alerts.period_usage.usage(&self.storage.ledger_store, snapshot, calendar, now)
    }

    fn costly_sessions(&self, snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<CostlySession> {
        let threshold = self.live.settings.alerts.session_cost;
        threshold.map_or_else(Vec::new, |most| alert_inputs::costly_sessions(&self.view(), snapshot, most, now))
    }

    /// Records that the app was opened, and evaluates the rules at once: conditions that hold now are not reported later.
    pub(super) fn mark_app_opened(&mut self) -> (Result<Response, ApiError>, Effects) {
        let marked = self.alerts.outbox.mark_app_opened(self.storage.writable_store());
        let result = self.finish_alert_change(marked);
        self.evaluate_alerts();
        result
    }

    /// Marks all alerts in the list as seen.
    pub(super) fn mark_alerts_seen(&mut self) -> (Result<Response, ApiError>, Effects) {
        let marked = self.alerts.outbox.mark_seen(self.storage.writable_store());
        self.finish_alert_change(marked)
    }

    /// Pauses alerts, or ends a pause. A user who does so knows the app, which counts as opened from then on.
    pub(super) fn pause_alerts(&mut self, pause: Pause) -> (Result<Response, ApiError>, Effects) {
        let now = clock::now();
        let block_end = queries::snapshot(&self.view(), now.into()).current_block.map(|block| block.end_time);
        let until = pause_end(pause, now, self.live.zone, block_end);
        let opened = self.alerts.outbox.mark_app_opened(self.storage.writable_store());
        let paused = opened.and_then(|()| self.alerts.outbox.set_pause(until, self.storage.writable_store()));
        let result = self.finish_alert_change(paused);
        self.evaluate_alerts();
        result
    }

    /// Records the delivery status of an alert.
    pub(super) fn report_alert_status(
        &mut self,
        id: u64,
        status: DeliveryStatus,
        unavailable: Option<String>,
    ) -> (Result<Response, ApiError>, Effects) {
        let store = self.storage.writable_store();
        let recorded = self.alerts.outbox.set_delivery_status(id, status, unavailable, store);
        self.finish_alert_change(recorded)
    }

    /// Sends a test alert. The reply is sent once its delivery status is known.
    pub(super) fn send_test_alert(&mut self, rule: AlertRule, reply: Reply) {
        if self.mode == EngineMode::OnDemand {
            let error = ApiError::new(ErrorCode::Offline, "Token Monitor is not running, so no alert can be shown")
                .with_hint("Start the app, then try again.");
            return send_reply(reply, Err(error));
        }
        let settings = &self.live.settings.alerts;
        let alert = sample_alert(rule, clock::now(), self.live.zone, settings.sound);
        let (id, sent) = self.alerts.outbox.send_test(alert, settings, self.storage.writable_store());
        self.alerts.add_pending_test(id, reply);
        let (result, effects) = self.finish_alert_change(sent);
        self.apply(effects);
        if let Err(error) = result {
            self.alerts.fail_test(id, &error);
        }
        // Without a notifier it has failed already.
        self.alerts.answer_finished_tests();
    }

    /// Returns the alert status after a change, or the error of the store.
    fn finish_alert_change(&mut self, result: Result<(), StoreError>) -> (Result<Response, ApiError>, Effects) {
        let error = result.as_ref().err().map(ApiError::from);
        let effects = self.storage.note_result(result) | Effects::CHANGED;
        let status = Response::AlertStatus(self.alerts.outbox.alert_status(clock::now()));
        (error.map_or(Ok(status), Err), effects)
    }
}
