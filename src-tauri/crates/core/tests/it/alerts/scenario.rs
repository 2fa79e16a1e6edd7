//! A random scenario, whose every evaluation is compared with the reference model.

use super::properties::{Event, SettingsChoice, Turn, settings};
use super::reference_model::{
    AlertId, DAY, ExpectedAlert, Figures, HOUR, ReferenceModel, Window, alert_id, is_quiet, window_number,
};
use super::*;

/// A scenario with the alerts that are expected from it.
pub(super) struct Scenario {
    harness: AlertHarness,
    choice: SettingsChoice,
    figures: Figures,
    /// The shifts of the block's and the week's reset times, in minutes.
    drifts: [i64; 2],
    is_stale: bool,
    model: ReferenceModel,
    /// The expected alerts that were not sent yet.
    pending: Vec<ExpectedAlert>,
    /// The alerts suppressed by quiet hours that were not summarized yet.
    deferred: Vec<ExpectedAlert>,
    paused_until: Option<DateTime<Utc>>,
    /// The times of sent alerts by the clock.
    sent: Vec<DateTime<Utc>>,
    /// The seconds since the start, independent of clock changes.
    elapsed: i64,
    /// The times of sent alerts in elapsed seconds, in a new list after each time the clock ran ahead.
    sent_by_elapsed: Vec<Vec<i64>>,
    clock_jumped: bool,
}

impl Scenario {
    pub(super) fn new(choice: SettingsChoice) -> Self {
        let mut harness = AlertHarness::unprimed();
        (harness.settings, harness.zone) = (settings(choice), choice.3);
        let mut scenario = Self {
            harness,
            choice,
            figures: Figures::default(),
            drifts: [0, 0],
            is_stale: false,
            model: ReferenceModel::default(),
            pending: Vec::new(),
            deferred: Vec::new(),
            paused_until: None,
            sent: Vec::new(),
            elapsed: 0,
            sent_by_elapsed: vec![Vec::new()],
            clock_jumped: false,
        };
        scenario.show_figures();
        assert_eq!(scenario.harness.evaluate(), [], "the first evaluation sends nothing");
        scenario
    }

    /// Applies an event, then advances the clock in steps.
    pub(super) fn run_turn(&mut self, (event, step_seconds, steps): &Turn) {
        self.apply_event(event);
        (0..*steps).for_each(|_| self.advance(*step_seconds));
    }

    fn apply_event(&mut self, event: &Event) {
        let runs_out_in =
            |is_forecast: bool, minutes| is_forecast.then(|| self.harness.now + TimeDelta::minutes(minutes));
        // The end is set when the figures are shown.
        let end = DateTime::UNIX_EPOCH;
        match *event {
            Event::Block { percent, is_forecast, is_reached, drift } => {
                let runs_out_at = runs_out_in(is_forecast, 90);
                self.figures.block = Some(Window { percent, runs_out_at, end, is_reached });
                self.drifts[0] = drift;
            }
            Event::BlockCost { percent, is_forecast } => {
                let runs_out_at = runs_out_in(is_forecast, 80);
                self.figures.block_cost = Some(Window { percent, runs_out_at, end, is_reached: false });
            }
            Event::Week { percent, is_forecast, is_reached, drift } => {
                // Before or after the block.
                let runs_out_at = runs_out_in(is_forecast, 90 + drift);
                self.figures.week = Some(Window { percent, runs_out_at, end, is_reached });
                self.drifts[1] = drift;
            }
            Event::BurnRate { tokens, cost } => (self.figures.tokens, self.figures.cost) = (tokens, cost),
            Event::Spend { today, month } => (self.figures.today, self.figures.month) = (today, month),
            Event::Session { id, cost, is_muted } => {
                self.figures.sessions.insert(id.to_string(), (cost, is_muted));
            }
            Event::Unreadable { logs, folders } => (self.figures.logs, self.figures.folders) = (logs, folders),
            Event::Stale => {
                self.is_stale = true;
                self.advance(400);
                self.is_stale = false;
                self.remove_windows();
            }
            Event::Missing => self.remove_windows(),
            Event::Pause { minutes } => {
                self.paused_until = Some(self.harness.now + TimeDelta::minutes(minutes));
                self.harness.state = self.harness.state.with_pause(self.paused_until);
            }
            Event::Import => {
                let importing = Progress::Importing { files_done: 1, files: 2, bytes_done: 1, bytes: 2 };
                self.harness.snapshot.progress = importing;
                self.harness.now += TimeDelta::seconds(400);
                self.elapsed += 400;
                assert_eq!(self.harness.evaluate(), [], "no alerts during an import");
                self.harness.snapshot.progress = Progress::Live;
            }
            Event::ClockBack => self.jump(-HOUR),
            Event::ClockAhead => {
                // By a clock that is a year ahead, the last hour is long over.
                for year in [365, -365] {
                    self.sent_by_elapsed.push(Vec::new());
                    self.jump(year * DAY);
                }
            }
            Event::Sleep => self.advance(8 * HOUR),
        }
    }

    /// Removes the figures of all windows for a while, so that earlier streaks end.
    fn remove_windows(&mut self) {
        (self.figures.block, self.figures.block_cost, self.figures.week) = (None, None, None);
        self.advance(400);
    }

    fn jump(&mut self, seconds: i64) {
        (self.clock_jumped, self.harness.now) = (true, self.harness.now + TimeDelta::seconds(seconds - 1));
        self.advance(1);
    }

    fn advance(&mut self, seconds: i64) {
        self.harness.now += TimeDelta::seconds(seconds);
        self.elapsed += seconds.clamp(0, 100 * DAY);
        self.show_figures();
        // At any time, also during a streak.
        if self.elapsed % 5 == 0 {
            self.harness.restart();
        }
        let decisions = self.harness.evaluate();
        let known = Figures {
            block: self.figures.block.filter(|_| !self.is_stale),
            block_cost: self.figures.block_cost.filter(|_| self.figures.block.is_some()),
            week: self.figures.week.filter(|_| !self.is_stale),
            ..self.figures.clone()
        };
        let has_block = self.figures.block.is_some();
        let (now, zone) = (self.harness.now, self.harness.zone);
        let expected = self.model.evaluate(&known, has_block, &self.harness.settings, now, zone);
        self.compare(expected, &decisions);
    }

    /// Copies the figures into the snapshot, with shifted reset times.
    fn show_figures(&mut self) {
        let now = self.harness.now;
        let shifted_end = |subject: &str, length: i64, drift: i64| {
            let start_with = |drift| {
                let start = window_number(subject, now) * length;
                DateTime::from_timestamp(start, 0).expect("a time") + TimeDelta::minutes(drift)
            };
            let contains_now = |start: DateTime<Utc>| start <= now && now < start + TimeDelta::seconds(length);
            let shifted = start_with(drift);
            let start = if contains_now(shifted) { shifted } else { start_with(0) };
            start + TimeDelta::seconds(length)
        };
        let snapshot = &mut self.harness.snapshot;
        snapshot.quota.clear();
        (snapshot.current_block, snapshot.block_use, snapshot.block_cost_use) = (None, None, None);
        if let Some(block) = &mut self.figures.block {
            block.end = shifted_end("block", 5 * HOUR, self.drifts[0]);
            snapshot.current_block = Some(block_starting_at(block.end - TimeDelta::hours(5)));
            let row = row_of(WindowKind::FiveHour, block, now);
            snapshot.block_use = Some(row.share.clone());
            snapshot.quota.push(row);
            if let Some(cost) = &mut self.figures.block_cost {
                cost.end = block.end;
                let share = row_of(WindowKind::FiveHour, cost, now).share;
                let (basis, label) = (LimitBasis::Number, Provenance::Measured);
                snapshot.block_cost_use = Some(LimitUse { basis, label, ..share });
            }
        }
        if let Some(week) = &mut self.figures.week {
            week.end = shifted_end("week", 7 * DAY, self.drifts[1]);
            snapshot.quota.push(row_of(WindowKind::Weekly, week, now));
        }
        snapshot.quota.iter_mut().for_each(|row| row.is_stale = self.is_stale);
        snapshot.burn_rate.tokens_per_minute = self.figures.tokens;
        snapshot.burn_rate.cost_per_hour = Some(self.figures.cost);
        snapshot.today.date = now.with_timezone(&self.harness.zone).date_naive();
        snapshot.today.totals.total_cost = Some(self.figures.today);
        self.harness.month_usage = Some(Amount { tokens: 1, cost: Some(self.figures.month) });
        let sessions = self.figures.sessions.iter();
        let session = |(id, (cost, is_muted)): (&String, &(f64, bool))| CostlySession {
            id: id.clone(),
            name: id.clone(),
            cost: *cost,
            is_muted: *is_muted,
        };
        self.harness.costly_sessions = sessions.map(session).collect();
        self.harness.expiring_logs = ExpiringLogs {
            logs: self.figures.logs.then_some((3, now)),
            unreadable_folders: self.figures.folders.into(),
            retention_days: 30,
        };
    }

    /// Returns the status of new alerts during a pause or in quiet hours.
    fn suppression_status(&self) -> Option<DeliveryStatus> {
        let now = self.harness.now;
        let max_pause = TimeDelta::hours(25);
        let is_paused = self.paused_until.is_some_and(|until| until > now && until - now <= max_pause);
        let is_quiet = is_quiet(self.choice.0, now, self.harness.zone);
        is_paused.then_some(DeliveryStatus::Paused).or(is_quiet.then_some(DeliveryStatus::QuietHours))
    }

    /// Compares the decisions with the expected alerts.
    fn compare(&mut self, expected: Vec<ExpectedAlert>, decisions: &[DeliveryDecision]) {
        let (now, suppression) = (self.harness.now, self.suppression_status());
        let mut new: Vec<ExpectedAlert> = Vec::new();
        for alert in expected {
            let status = if alert.is_muted { Some(DeliveryStatus::Muted) } else { suppression };
            if status == Some(DeliveryStatus::QuietHours) && self.choice.1 {
                enqueue(&mut self.deferred, alert.clone());
            }
            match status {
                Some(status) => {
                    let is_listed = |decision: &&DeliveryDecision| {
                        (decision.status, decision.alert.at) == (status, now)
                            && self.ids_of(decision) == [alert.id.clone()]
                    };
                    let listed = decisions.iter().filter(is_listed);
                    assert_eq!(listed.count(), 1, "{alert:?} is listed as {status:?}: {decisions:?}");
                }
                None => new.push(alert),
            }
        }
        new.into_iter().for_each(|alert| enqueue(&mut self.pending, alert));
        self.expect_summary(suppression);
        decisions.iter().for_each(|decision| self.check_decision(decision, suppression));
        self.pending.retain(|alert| alert.expires_at > now || suppression.is_none());
        let is_rate_limited = || {
            let sent_within = |seconds| self.sent.iter().filter(|sent| (now - **sent).num_seconds() < seconds).count();
            sent_within(60) > 0 || sent_within(HOUR) >= 6
        };
        if suppression.is_none() && !self.pending.is_empty() && !self.clock_jumped {
            assert!(is_rate_limited(), "delayed without need: {:?}", self.pending);
        }
    }

    fn expect_summary(&mut self, suppression: Option<DeliveryStatus>) {
        if suppression.is_some() {
            return;
        }
        let now = self.harness.now;
        let deferred = std::mem::take(&mut self.deferred);
        let expires_at = deferred.iter().map(|alert| alert.expires_at).filter(|expiry| *expiry > now).max();
        if let Some(expires_at) = expires_at {
            let id = AlertId { rule: AlertRule::Summary, subject: "quiet".to_owned(), window: 0, threshold: 0 };
            enqueue(&mut self.pending, ExpectedAlert { id, expires_at, is_muted: false });
        }
    }

    fn ids_of(&self, decision: &DeliveryDecision) -> Vec<AlertId> {
        decision.alert.keys.iter().map(|key| alert_id(key, self.harness.zone)).collect()
    }

    fn check_decision(&mut self, decision: &DeliveryDecision, suppression: Option<DeliveryStatus>) {
        let (now, ids) = (self.harness.now, self.ids_of(decision));
        match decision.status {
            DeliveryStatus::Sent => {
                assert_eq!(suppression, None, "{decision:?}");
                self.sent.push(now);
                self.sent_by_elapsed.last_mut().expect("there is one").push(self.elapsed);
            }
            DeliveryStatus::RateLimited => {
                assert_eq!(suppression, None, "{decision:?}");
                let is_expired = self.pending.iter().any(|alert| alert.id == ids[0] && alert.expires_at <= now);
                assert!(is_expired || self.pending.len() > 12, "dropped without need: {decision:?}");
            }
            DeliveryStatus::Muted => return,
            DeliveryStatus::QuietHours | DeliveryStatus::Paused => {
                assert_eq!(Some(decision.status), suppression);
                // It is new, or expired in the queue and is then no longer pending.
                return;
            }
            DeliveryStatus::Shown | DeliveryStatus::Failed => panic!("only known after delivery"),
        }
        for id in ids {
            let index = self.pending.iter().position(|alert| alert.id == id);
            let index = index.unwrap_or_else(|| panic!("{id:?} was sent twice, or without a reason: {decision:?}"));
            let alert = self.pending.remove(index);
            assert!(decision.status != DeliveryStatus::Sent || alert.expires_at > now, "no longer relevant: {alert:?}");
        }
    }

    /// Advances the clock until the queue is empty.
    pub(super) fn finish(mut self) {
        (self.paused_until, self.choice.0) = (None, None);
        self.harness.state = self.harness.state.with_pause(None);
        self.harness.settings.quiet_hours = None;
        self.figures = Figures::default();
        (0..8).for_each(|_| self.advance(HOUR));
        (0..4).for_each(|_| self.advance(120));
        assert!(self.pending.is_empty() && self.deferred.is_empty(), "{:?} {:?}", self.pending, self.deferred);
        for sent in &self.sent_by_elapsed {
            assert!(sent.windows(2).all(|pair| pair[1] - pair[0] >= 60), "{sent:?}");
            assert!(sent.windows(7).all(|seven| seven[6] - seven[0] >= HOUR), "{sent:?}");
        }
    }
}

/// Adds an alert to a queue, where it replaces an earlier one about the same subject.
fn enqueue(queue: &mut Vec<ExpectedAlert>, alert: ExpectedAlert) {
    let is_same = |other: &ExpectedAlert| (other.id.rule, &other.id.subject) == (alert.id.rule, &alert.id.subject);
    queue.retain(|other| !is_same(other));
    queue.push(alert);
}

fn row_of(kind: WindowKind, window: &Window, now: DateTime<Utc>) -> QuotaStats {
    let mut row = quota_row(kind, window.percent.into(), window.end, now);
    if window.is_reached {
        row.origin = QuotaOrigin::LimitMessage;
    }
    row.share.runs_out_at = window.runs_out_at;
    row.share.projected_percent = window.runs_out_at.and_then(|_| projected_range(104.0, 130.0));
    row
}
