//! Tests of alerts: the text of each rule, and the conditions under which no alert is sent.

mod agents;
mod burn_rates;
mod clock_changes;
mod delivery_policy;
mod first_contact;
mod forecasts;
mod properties;
mod reference_model;
mod resets;
mod rules;
mod scenario;
mod team_budgets;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use token_monitor_core::alerts::{
    Alert, AlertContext, AlertSettings, AlertState, CostlySession, DeliveryDecision, ExpiringLogs, evaluate_alerts,
};
use token_monitor_core::report::model::{
    AlertRule, AlertStatus, Amount, BackgroundSettings, BillingBlock, BlockSource, BurnLevel, BurnRate, DayStats,
    DeliveryStatus, DisplaySettings, LimitBasis, LimitUse, Progress, ProjectedRange, Provenance, QuotaOrigin,
    QuotaStats, Snapshot, TodayComparison, Totals, WeekStart, WeekStats, WindowKind,
};
use token_monitor_core::team::ReachedBudget;

/// Parses a time.
fn at(time: &str) -> DateTime<Utc> {
    time.parse().expect("a time")
}

/// Evaluates alerts against a manual clock, with figures and settings that a test changes.
struct AlertHarness {
    now: DateTime<Utc>,
    zone: Tz,
    settings: AlertSettings,
    snapshot: Snapshot,
    week_usage: Option<Amount>,
    month_usage: Option<Amount>,
    costly_sessions: Vec<CostlySession>,
    expiring_logs: ExpiringLogs,
    team_budgets: Vec<ReachedBudget>,
    state: AlertState,
}

impl AlertHarness {
    /// Creates a primed state at 12:00, in an unused block from 10:00 to 15:00.
    fn new() -> Self {
        let mut harness = Self::unprimed();
        assert_eq!(harness.evaluate(), [], "the first evaluation sends nothing");
        harness
    }

    /// Creates the same state before the first evaluation, with an app that was opened.
    fn unprimed() -> Self {
        let now = at("2026-03-01T12:00:00Z");
        Self {
            now,
            zone: Tz::UTC,
            settings: AlertSettings::default(),
            snapshot: snapshot(now),
            week_usage: None,
            month_usage: None,
            costly_sessions: Vec::new(),
            expiring_logs: ExpiringLogs::default(),
            team_budgets: Vec::new(),
            state: AlertState::default().with_app_opened(),
        }
    }

    /// Evaluates at the current time.
    fn evaluate(&mut self) -> Vec<DeliveryDecision> {
        self.snapshot.at = self.now;
        let context = AlertContext {
            snapshot: &self.snapshot,
            now: self.now,
            zone: self.zone,
            week_start: WeekStart::Auto,
            week_usage: self.week_usage,
            month_usage: self.month_usage,
            costly_sessions: &self.costly_sessions,
            expiring_logs: self.expiring_logs,
            team_budgets: &self.team_budgets,
        };
        let (state, decisions) = evaluate_alerts(&self.state, &self.settings, &context);
        self.state = state;
        decisions
    }

    /// Advances the clock by minutes and evaluates once.
    fn evaluate_after(&mut self, minutes: i64) -> Vec<DeliveryDecision> {
        self.now += TimeDelta::minutes(minutes);
        self.evaluate()
    }

    /// Advances the clock by minutes and evaluates once. Returns the sent alerts.
    fn sent_after(&mut self, minutes: i64) -> Vec<Alert> {
        sent_alerts(self.evaluate_after(minutes))
    }

    /// Evaluates once per second for a number of seconds. Returns the sent alerts.
    fn sent_within(&mut self, seconds: i64) -> Vec<Alert> {
        (0..seconds)
            .flat_map(|_| {
                self.now += TimeDelta::seconds(1);
                sent_alerts(self.evaluate())
            })
            .collect()
    }

    /// Sets the official usage of the block.
    fn set_block_usage(&mut self, percent: f64) {
        let block = self.snapshot.current_block.as_ref().expect("a block is running");
        let row = quota_row(WindowKind::FiveHour, percent, block.end_time, self.now);
        self.snapshot.block_use = Some(row.share.clone());
        self.snapshot.quota.retain(|row| row.window != WindowKind::FiveHour);
        self.snapshot.quota.insert(0, row);
    }

    /// Replaces the current block.
    fn start_block(&mut self, start: DateTime<Utc>) {
        self.snapshot.current_block = Some(block_starting_at(start));
    }

    /// Sets the official usage of the week.
    fn set_week_usage(&mut self, percent: f64) {
        self.snapshot.quota.retain(|row| row.window != WindowKind::Weekly);
        self.snapshot.quota.push(quota_row(WindowKind::Weekly, percent, at("2026-03-05T09:00:00Z"), self.now));
    }

    /// Marks all official figures as stale or fresh.
    fn set_stale(&mut self, is_stale: bool) {
        self.snapshot.quota.iter_mut().for_each(|row| row.is_stale = is_stale);
    }

    /// Stores and reloads the state, as after a restart.
    fn restart(&mut self) {
        let restored = AlertState::from_json(&self.state.to_json());
        assert_eq!(restored.as_ref(), Some(&self.state));
        self.state = restored.expect("it is the same");
    }
}

fn sent_alerts(decisions: Vec<DeliveryDecision>) -> Vec<Alert> {
    let sent = decisions.into_iter().filter(|decision| decision.status == DeliveryStatus::Sent);
    sent.map(|decision| decision.alert).collect()
}

fn titles(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(|alert| alert.title.as_str()).collect()
}

fn statuses(decisions: &[DeliveryDecision]) -> Vec<(AlertRule, DeliveryStatus)> {
    decisions.iter().map(|decision| (decision.alert.rule, decision.status)).collect()
}

fn quota_row(window: WindowKind, used_percent: f64, resets_at: DateTime<Utc>, now: DateTime<Utc>) -> QuotaStats {
    let share = LimitUse {
        used_percent,
        basis: LimitBasis::Official,
        limit: None,
        projected_percent: None,
        runs_out_at: None,
        elsewhere_percent: None,
        label: Provenance::Official,
    };
    QuotaStats {
        window,
        scope: None,
        share,
        resets_at: Some(resets_at),
        read_at: now,
        age_minutes: 0,
        origin: QuotaOrigin::StatusLine,
        is_stale: false,
        is_binding: false,
        account: None,
    }
}

fn block_starting_at(start: DateTime<Utc>) -> BillingBlock {
    BillingBlock {
        id: start.to_rfc3339(),
        start_time: start,
        end_time: start + TimeDelta::hours(5),
        is_active: true,
        is_gap: false,
        tokens_used: 0,
        cost_usd: None,
        unpriced_tokens: 0,
        message_count: 0,
        models: std::collections::BTreeSet::new(),
        curve: Vec::new(),
        peak_tokens_per_minute: None,
        source: BlockSource::Official,
        label: Provenance::Official,
        account: None,
    }
}

fn snapshot(now: DateTime<Utc>) -> Snapshot {
    let totals = Totals::default();
    Snapshot {
        at: now,
        zone: "UTC".to_owned(),
        is_demo: false,
        revision: 0,
        progress: Progress::Live,
        totals: totals.clone(),
        today: DayStats { date: now.date_naive(), totals: totals.clone() },
        compared: TodayComparison::default(),
        current_block: Some(block_starting_at(at("2026-03-01T10:00:00Z"))),
        block_use: None,
        block_cost_use: None,
        projected_tokens: None,
        quota: Vec::new(),
        week: WeekStats { start_time: now, end_time: None, totals },
        burn_rate: BurnRate {
            tokens_per_minute: 0,
            fresh_tokens_per_minute: 0,
            level: BurnLevel::Normal,
            cost_per_hour: Some(0.0),
            cost_is_lower_bound: false,
            label: Provenance::Measured,
        },
        reached_limits: Vec::new(),
        last_hour: Vec::new(),
        session_count: 0,
        recent_sessions: Vec::new(),
        agents: Vec::new(),
        roots: Vec::new(),
        incomplete: false,
        problems: Vec::new(),
        update: None,
        alerts: AlertStatus::default(),
        display: DisplaySettings::default(),
        background: BackgroundSettings::default(),
    }
}

/// Returns a forecast range in percent.
fn projected_range(low: f64, high: f64) -> Option<ProjectedRange> {
    Some(ProjectedRange { low, high })
}
