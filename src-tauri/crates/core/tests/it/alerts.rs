//! Alerts: what each rule says, and when nothing is said.

mod afternoon;
mod forecasts;
mod manners;
mod model;
mod random;
mod rates;
mod resets;
mod rules;
mod time;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use token_monitor_core::alerts::{Alert, AlertSettings, AlertState, Said, Sense, SessionBill, Unread, step};
use token_monitor_core::report::model::{
    AlertFate, AlertRule, AlertStatus, Amount, BillingBlock, BlockSource, BurnLevel, BurnRate, Compared, DayStats,
    Display, Label, LimitBasis, LimitUse, Progress, QuotaOrigin, QuotaStats, Range, Snapshot, Totals, WeekStart,
    WeekStats, WindowKind,
};

/// A time as people write it.
fn at(time: &str) -> DateTime<Utc> {
    time.parse().expect("a time")
}

/// Somebody's afternoon: what surfaces show them, what they want to be told, and what is known of that.
struct Desk {
    now: DateTime<Utc>,
    zone: Tz,
    settings: AlertSettings,
    snapshot: Snapshot,
    week: Option<Amount>,
    month: Option<Amount>,
    sessions: Vec<SessionBill>,
    unread: Unread,
    state: AlertState,
}

impl Desk {
    /// In a block from ten to three with nothing used, alerts primed.
    fn new() -> Self {
        let mut desk = Self::fresh();
        assert_eq!(desk.step(), [], "what holds at first is no news");
        desk
    }

    /// The same before anything was noted.
    fn fresh() -> Self {
        let now = at("2026-03-01T12:00:00Z");
        Self {
            now,
            zone: Tz::UTC,
            settings: AlertSettings::default(),
            snapshot: snapshot(now),
            week: None,
            month: None,
            sessions: Vec::new(),
            unread: Unread::default(),
            state: AlertState::default(),
        }
    }

    /// Steps where it stands.
    fn step(&mut self) -> Vec<Said> {
        self.snapshot.at = self.now;
        let sense = Sense {
            snapshot: &self.snapshot,
            now: self.now,
            zone: self.zone,
            week_start: WeekStart::Auto,
            week: self.week,
            month: self.month,
            sessions: &self.sessions,
            unread: self.unread,
        };
        let (state, said) = step(&self.state, &self.settings, &sense);
        self.state = state;
        said
    }

    /// Steps after a while.
    fn after(&mut self, minutes: i64) -> Vec<Said> {
        self.now += TimeDelta::minutes(minutes);
        self.step()
    }

    /// What is sent when it steps after a while.
    fn sent_after(&mut self, minutes: i64) -> Vec<Alert> {
        sent(self.after(minutes))
    }

    /// What is sent while a second passes so many times.
    fn sent_within(&mut self, seconds: i64) -> Vec<Alert> {
        (0..seconds)
            .flat_map(|_| {
                self.now += TimeDelta::seconds(1);
                sent(self.step())
            })
            .collect()
    }

    /// The official share of the block.
    fn block(&mut self, percent: f64) {
        let block = self.snapshot.current_block.as_ref().expect("one runs");
        let quota = quota(WindowKind::FiveHour, percent, block.end_time, self.now);
        self.snapshot.block_use = Some(quota.share.clone());
        self.snapshot.quota.retain(|row| row.window != WindowKind::FiveHour);
        self.snapshot.quota.insert(0, quota);
    }

    /// Another block runs now.
    fn block_from(&mut self, start: DateTime<Utc>) {
        self.snapshot.current_block = Some(billing(start));
    }

    /// The official share of the week.
    fn week(&mut self, percent: f64) {
        self.snapshot.quota.retain(|row| row.window != WindowKind::Weekly);
        self.snapshot.quota.push(quota(WindowKind::Weekly, percent, at("2026-03-05T09:00:00Z"), self.now));
    }

    /// The figures of now are too old.
    fn stale(&mut self, is_stale: bool) {
        self.snapshot.quota.iter_mut().for_each(|row| row.is_stale = is_stale);
    }

    /// The program ends and starts again.
    fn restart(&mut self) {
        let read = AlertState::read(&self.state.written());
        assert_eq!(read.as_ref(), Some(&self.state));
        self.state = read.expect("it is the same");
    }
}

fn sent(said: Vec<Said>) -> Vec<Alert> {
    said.into_iter().filter(|said| said.fate == AlertFate::Sent).map(|said| said.alert).collect()
}

fn titles(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(|alert| alert.title.as_str()).collect()
}

fn fates(said: &[Said]) -> Vec<(AlertRule, AlertFate)> {
    said.iter().map(|said| (said.alert.rule, said.fate)).collect()
}

fn quota(window: WindowKind, used_percent: f64, resets: DateTime<Utc>, now: DateTime<Utc>) -> QuotaStats {
    let share = LimitUse {
        used_percent,
        basis: LimitBasis::Official,
        limit: None,
        projected_percent: None,
        runs_out_at: None,
        elsewhere_percent: None,
        label: Label::Official,
    };
    QuotaStats {
        window,
        scope: None,
        share,
        resets_at: Some(resets),
        read_at: now,
        age_minutes: 0,
        origin: QuotaOrigin::StatusLine,
        is_stale: false,
        is_binding: false,
    }
}

fn billing(start: DateTime<Utc>) -> BillingBlock {
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
        peak_tokens_per_minute: None,
        source: BlockSource::Official,
        label: Label::Official,
    }
}

fn snapshot(now: DateTime<Utc>) -> Snapshot {
    let totals = Totals::default();
    Snapshot {
        at: now,
        zone: "UTC".to_owned(),
        revision: 0,
        progress: Progress::Live,
        totals: totals.clone(),
        today: DayStats { date: now.date_naive(), totals: totals.clone() },
        compared: Compared::default(),
        current_block: Some(billing(at("2026-03-01T10:00:00Z"))),
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
            label: Label::Measured,
        },
        last_hour: Vec::new(),
        session_count: 0,
        recent_sessions: Vec::new(),
        roots: Vec::new(),
        problems: Vec::new(),
        alerts: AlertStatus::default(),
        display: Display::default(),
    }
}

/// A range of percents.
fn range(low: f64, high: f64) -> Option<Range> {
    Some(Range { low, high })
}
