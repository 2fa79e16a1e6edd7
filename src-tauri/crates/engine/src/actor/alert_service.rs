//! The state of alerts: the outbox, the cached inputs of the rules, and the test alerts being delivered.

use std::time::{Duration, Instant};

use token_monitor_core::team::ReachedBudget;

use crate::actor::alert_inputs::PeriodUsageCache;
use crate::actor::expiring_logs::ExpiringLogsCache;
use crate::actor::input::{Reply, send_reply};
use crate::alert_outbox::AlertOutbox;
use crate::api::{ApiError, Response};
use crate::clock;

/// The time after the start in which a notifier may subscribe; afterwards alerts are evaluated without one.
const SUBSCRIBE_TIMEOUT: Duration = Duration::from_secs(5);

/// The state of alerts.
pub(crate) struct AlertService {
    pub(crate) outbox: AlertOutbox,
    pub(super) period_usage: PeriodUsageCache,
    pub(super) expiring_logs: ExpiringLogsCache,
    /// The thresholds of a team's budgets that `push` has reported last.
    pub(super) team_budgets: Vec<ReachedBudget>,
    /// The clients waiting for the delivery status of a test alert, by its id.
    pending_tests: Vec<(u64, Reply)>,
    pub(super) next_evaluation: Instant,
    started: Instant,
}

impl AlertService {
    pub(crate) fn new(outbox: AlertOutbox) -> Self {
        Self {
            outbox,
            period_usage: PeriodUsageCache::default(),
            expiring_logs: ExpiringLogsCache::default(),
            team_budgets: Vec::new(),
            pending_tests: Vec::new(),
            next_evaluation: Instant::now(),
            started: Instant::now(),
        }
    }

    /// Returns true if a notifier is subscribed, or had enough time to subscribe.
    pub(crate) fn may_send(&self) -> bool {
        self.outbox.has_subscriber() || self.started.elapsed() > SUBSCRIBE_TIMEOUT
    }

    /// Keeps a reply until the delivery status of a test alert is known.
    pub(crate) fn add_pending_test(&mut self, id: u64, reply: Reply) {
        self.pending_tests.push((id, reply));
    }

    /// Answers the client of a test alert with an error.
    pub(crate) fn fail_test(&mut self, id: u64, error: &ApiError) {
        let failed = self.pending_tests.extract_if(.., |(other, _)| *other == id);
        failed.for_each(|(_, reply)| send_reply(reply, Err(error.clone())));
    }

    /// Answers the clients of all test alerts whose delivery status is known.
    pub(crate) fn answer_finished_tests(&mut self) {
        let (outbox, status) = (&self.outbox, self.outbox.alert_status(clock::now()));
        let finished = self.pending_tests.extract_if(.., |(id, _)| !outbox.is_pending(*id));
        finished.for_each(|(_, reply)| send_reply(reply, Ok(Response::AlertStatus(status.clone()))));
    }
}
