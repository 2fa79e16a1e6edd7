//! A simple model of the expected alerts: windows have numbers, times do not shift, and nothing is ever removed.
//!
//! The model shares no code with the implementation and is written for simplicity, not for size or speed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveTime, Timelike};
use token_monitor_core::alerts::AlertKey;

use super::*;

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// The official figures of a window at one time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) percent: u32,
    /// The time at which it runs out, if that is certain.
    pub(super) runs_out_at: Option<DateTime<Utc>>,
    /// The end, with the shift of this reading.
    pub(super) end: DateTime<Utc>,
    /// True if the reading is a limit message.
    pub(super) is_reached: bool,
}

/// The figures at one time.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub(super) block: Option<Window>,
    /// The cost of the block with a limit set by the user.
    pub(super) block_cost: Option<Window>,
    pub(super) week: Option<Window>,
    pub(super) tokens: u64,
    pub(super) cost: f64,
    pub(super) today: f64,
    pub(super) month: f64,
    /// The cost of each session, and true if it is muted.
    pub(super) sessions: BTreeMap<String, (f64, bool)>,
    pub(super) logs: bool,
    pub(super) folders: bool,
}

/// The identity of an alert, with the number of its window.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AlertId {
    pub(super) rule: AlertRule,
    pub(super) subject: String,
    pub(super) window: i64,
    pub(super) threshold: u64,
}

/// An alert that has to be sent.
#[derive(Clone, Debug)]
pub(super) struct ExpectedAlert {
    pub(super) id: AlertId,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) is_muted: bool,
}

/// A condition that holds without interruption.
#[derive(Clone, Copy, Debug)]
struct Streak {
    since: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Streak {
    /// Returns false after a gap of minutes and after a clock set back.
    fn is_continued(&self, now: DateTime<Utc>) -> bool {
        (0..=150).contains(&(now - self.last).num_seconds())
    }
}

/// The alerts of all windows so far.
#[derive(Debug, Default)]
pub(super) struct ReferenceModel {
    notified: BTreeMap<(AlertRule, String, i64), u64>,
    streaks: BTreeMap<String, Streak>,
    /// The ends of the windows whose reset will be reported.
    pending_resets: BTreeMap<(String, i64), DateTime<Utc>>,
    /// The days with unreadable logs or folders.
    unreadable_days: BTreeMap<String, BTreeSet<i64>>,
}

/// Returns the number of the block or week at a time.
pub(super) fn window_number(subject: &str, at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(if subject == "week" { 7 * DAY } else { 5 * HOUR })
}

/// Converts the key of an alert, whose window has times instead of a number.
pub(super) fn alert_id(key: &AlertKey, zone: Tz) -> AlertId {
    let middle = key.window.start + (key.window.end - key.window.start) / 2;
    let window = match (key.rule, key.subject.as_str()) {
        (AlertRule::Budget, "day") => day_number(middle, zone),
        (AlertRule::Budget, _) => month_number(middle, zone),
        (AlertRule::BurnRate, _) => window_number("block", middle),
        (AlertRule::SessionCost | AlertRule::LogRetention | AlertRule::Summary, _) => 0,
        (_, subject) => window_number(subject, middle),
    };
    AlertId { rule: key.rule, subject: key.subject.clone(), window, threshold: key.threshold }
}

fn day_number(at: DateTime<Utc>, zone: Tz) -> i64 {
    i64::from(at.with_timezone(&zone).date_naive().num_days_from_ce())
}

fn month_number(at: DateTime<Utc>, zone: Tz) -> i64 {
    let date = at.with_timezone(&zone).date_naive();
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// Returns true if the local time is in quiet hours, given as hours of the day that do not cross midnight.
pub(super) fn is_quiet(hours: Option<(u32, u32)>, now: DateTime<Utc>, zone: Tz) -> bool {
    hours.is_some_and(|(from, to)| (from..to).contains(&now.with_timezone(&zone).hour()))
}

impl ReferenceModel {
    /// Returns the new alerts. Of several windows or rates, only the most urgent one has an alert.
    pub(super) fn evaluate(
        &mut self,
        figures: &Figures,
        has_block: bool,
        settings: &AlertSettings,
        now: DateTime<Utc>,
        zone: Tz,
    ) -> Vec<ExpectedAlert> {
        self.streaks.retain(|_, streak| streak.is_continued(now));
        let mut expected = Vec::new();
        expected.extend(self.check_windows(figures, settings, now));
        expected.extend(self.check_forecasts(figures, now));
        expected.extend(has_block.then(|| self.check_rates(figures, settings, now)).flatten());
        expected.extend(self.check_resets(figures, settings, now));
        expected.extend(self.check_budgets(figures, now, zone));
        expected.extend(self.check_sessions(figures, settings, now));
        expected.extend(self.check_unreadable_logs(figures, now));
        expected
    }

    /// Returns the threshold that is newly crossed. After a drop by five points a threshold may be crossed again.
    fn crossed_threshold(
        &mut self,
        rule: AlertRule,
        subject: &str,
        window: i64,
        percent: f64,
        thresholds: &[u64],
    ) -> Option<u64> {
        let reached = |percent: f64| {
            thresholds.iter().copied().filter(|threshold| percent >= *threshold as f64).max().unwrap_or(0)
        };
        let notified = self.notified.entry((rule, subject.to_owned(), window)).or_default();
        *notified = (*notified).min(reached(percent + 5.0));
        let is_new = reached(percent) > *notified;
        *notified = (*notified).max(reached(percent));
        is_new.then_some(*notified)
    }

    /// Returns true the first time for each window and threshold.
    fn is_first(&mut self, rule: AlertRule, subject: &str, window: i64, threshold: u64) -> bool {
        let notified = self.notified.entry((rule, subject.to_owned(), window)).or_default();
        let is_new = threshold > *notified;
        *notified = (*notified).max(threshold);
        is_new
    }

    /// Returns one alert for usage thresholds and reached limits. 100% of an official limit and its limit message count as
    /// one alert.
    fn check_windows(
        &mut self,
        figures: &Figures,
        settings: &AlertSettings,
        now: DateTime<Utc>,
    ) -> Option<ExpectedAlert> {
        let mut found = Vec::new();
        for (subject, rule, window) in limit_windows(figures) {
            let number = window_number(subject, now);
            if window.is_reached && self.is_first(AlertRule::LimitReached, subject, number, 100) {
                self.is_first(rule, subject, number, 100);
                found.push((AlertRule::LimitReached, subject, 100, window));
            }
        }
        for (subject, rule, window) in limit_windows(figures) {
            let is_block = rule == AlertRule::Block;
            let thresholds = if is_block { &settings.block_thresholds } else { &settings.week_thresholds };
            let number = window_number(subject, now);
            let crossed = self.crossed_threshold(rule, subject, number, window.percent.into(), thresholds);
            found.extend(crossed.map(|threshold| (rule, subject, threshold, window)));
            if crossed == Some(100) && subject != "block-cost" {
                self.is_first(AlertRule::LimitReached, subject, number, 100);
            }
        }
        let order = |(rule, _, _, window): &(AlertRule, _, _, Window)| {
            let runs_out_at = window.runs_out_at;
            (*rule != AlertRule::LimitReached, runs_out_at.is_none(), runs_out_at, Reverse(window.percent))
        };
        found.sort_by_key(order);
        found.first().map(|(rule, subject, threshold, window)| {
            expected_alert(*rule, subject, window_number(subject, now), *threshold, window.end)
        })
    }

    fn check_forecasts(&mut self, figures: &Figures, now: DateTime<Utc>) -> Option<ExpectedAlert> {
        let mut certain = Vec::new();
        for (subject, _, window) in limit_windows(figures) {
            let runs_out_at = window.runs_out_at.filter(|_| window.percent < 100);
            let seconds = self.streak_seconds(&format!("forecast {subject}"), runs_out_at.is_some(), now);
            if let (Some(runs_out_at), Some(300..)) = (runs_out_at, seconds) {
                certain.push((runs_out_at, subject, window.end));
            }
        }
        let (_, subject, end) = certain.into_iter().min_by_key(|(runs_out_at, ..)| *runs_out_at)?;
        let window = window_number(subject, now);
        self.is_first(AlertRule::Forecast, subject, window, 100)
            .then(|| expected_alert(AlertRule::Forecast, subject, window, 100, end))
    }

    /// Returns for how many seconds a condition has held.
    fn streak_seconds(&mut self, condition: &str, is_met: bool, now: DateTime<Utc>) -> Option<i64> {
        if !is_met {
            self.streaks.remove(condition);
            return None;
        }
        let since = self.streaks.get(condition).map_or(now, |streak| streak.since);
        self.streaks.insert(condition.to_owned(), Streak { since, last: now });
        Some((now - since).num_seconds())
    }

    fn check_rates(
        &mut self,
        figures: &Figures,
        settings: &AlertSettings,
        now: DateTime<Utc>,
    ) -> Option<ExpectedAlert> {
        let (window, min_seconds) = (window_number("block", now), settings.burn_rate_minutes as i64 * 60);
        let rates = [
            ("rate", figures.tokens as f64, settings.max_tokens_per_minute?),
            ("rate of cost", figures.cost, settings.max_dollars_per_hour?),
        ];
        let mut exceeded = Vec::new();
        for (subject, rate, threshold) in rates {
            let ratio = rate / threshold as f64;
            let over = self.streak_seconds(&format!("{subject} over"), ratio >= 1.0, now);
            let calm = self.streak_seconds(&format!("{subject} below"), ratio < 1.0, now);
            if calm.is_some_and(|calm| calm >= min_seconds.max(300)) {
                self.notified.insert((AlertRule::BurnRate, subject.to_owned(), window), 0);
            }
            if over.is_some_and(|over| over >= min_seconds) && self.is_first(AlertRule::BurnRate, subject, window, 100)
            {
                exceeded.push((ratio, subject));
            }
        }
        let highest = exceeded.into_iter().reduce(|a, b| if b.0 > a.0 { b } else { a });
        let expires_at = now + TimeDelta::minutes(15);
        highest.map(|(_, subject)| expected_alert(AlertRule::BurnRate, subject, window, 100, expires_at))
    }

    fn check_resets(&mut self, figures: &Figures, settings: &AlertSettings, now: DateTime<Utc>) -> Vec<ExpectedAlert> {
        // The tokens and the cost of a block reset together.
        let blocks = [figures.block, figures.block_cost].into_iter().flatten();
        let fullest = blocks.max_by_key(|window| window.percent);
        let block = fullest.map(|window| ("block", &settings.block_thresholds, window));
        let week = figures.week.map(|window| ("week", &settings.week_thresholds, window));
        for (subject, thresholds, window) in block.into_iter().chain(week) {
            let below_full = thresholds.iter().copied().filter(|threshold| *threshold < 100);
            let min_percent = below_full.max().expect("each has one") as f64;
            let (key, percent) = ((subject.to_owned(), window_number(subject, now)), f64::from(window.percent));
            let is_pending = self.pending_resets.contains_key(&key);
            if percent >= min_percent || (is_pending && percent >= min_percent - 5.0) {
                self.pending_resets.insert(key, window.end);
            } else {
                self.pending_resets.remove(&key);
            }
        }
        let mut expected = Vec::new();
        for ((subject, window), end) in self.pending_resets.clone() {
            let left = (end - now).num_seconds();
            // The announcement and the report afterwards are independent.
            let is_near = (1..=600).contains(&left);
            if is_near && self.is_first(AlertRule::Reset, &format!("{subject} near"), window, 1) {
                expected.push(expected_alert(AlertRule::Reset, &subject, window, 1, end));
            }
            if left <= -120 {
                self.pending_resets.remove(&(subject.clone(), window));
                let expires_at = end + TimeDelta::hours(1);
                if now < expires_at && self.is_first(AlertRule::Reset, &format!("{subject} passed"), window, 2) {
                    expected.push(expected_alert(AlertRule::Reset, &subject, window, 2, expires_at));
                }
            }
        }
        expected
    }

    /// Checks budgets of $10 per day and $100 per month.
    fn check_budgets(&mut self, figures: &Figures, now: DateTime<Utc>, zone: Tz) -> Vec<ExpectedAlert> {
        let today = now.with_timezone(&zone).date_naive();
        let start_of = |date: chrono::NaiveDate| {
            let midnight = date.and_time(NaiveTime::MIN).and_local_timezone(zone);
            midnight.earliest().expect("days start at midnight in these zones").to_utc()
        };
        let tomorrow = start_of(today.succ_opt().expect("a next day"));
        let next_month = start_of(today.with_day(1).expect("a first day") + chrono::Months::new(1));
        let rows = [
            ("day", day_number(now, zone), figures.today * 10.0, tomorrow),
            ("month", month_number(now, zone), figures.month, next_month),
        ];
        rows.into_iter()
            .filter_map(|(subject, window, percent, expires_at)| {
                let threshold = self.crossed_threshold(AlertRule::Budget, subject, window, percent, &[80, 100])?;
                Some(expected_alert(AlertRule::Budget, subject, window, threshold, expires_at))
            })
            .collect()
    }

    fn check_sessions(
        &mut self,
        figures: &Figures,
        settings: &AlertSettings,
        now: DateTime<Utc>,
    ) -> Vec<ExpectedAlert> {
        let threshold = settings.session_cost.expect("it is set");
        let mut expected = Vec::new();
        for (id, (cost, is_muted)) in &figures.sessions {
            if *cost >= threshold as f64 && self.is_first(AlertRule::SessionCost, id, 0, 100) {
                let alert = expected_alert(AlertRule::SessionCost, id, 0, 100, now + TimeDelta::days(1));
                expected.push(ExpectedAlert { is_muted: *is_muted, ..alert });
            }
        }
        expected
    }

    /// Returns an alert unless there were unreadable logs within the last three days.
    fn check_unreadable_logs(&mut self, figures: &Figures, now: DateTime<Utc>) -> Vec<ExpectedAlert> {
        let today = now.timestamp().div_euclid(DAY);
        let expires_at = DateTime::from_timestamp((today + 3) * DAY, 0).expect("a time");
        let mut expected = Vec::new();
        for (subject, exist) in [("logs", figures.logs), ("folders", figures.folders)] {
            let days = self.unreadable_days.entry(subject.to_owned()).or_default();
            if exist && days.range(today - 2..=today + 2).next().is_none() {
                expected.push(expected_alert(AlertRule::LogRetention, subject, 0, 100, expires_at));
            }
            if exist {
                days.insert(today);
            }
        }
        expected
    }
}

fn limit_windows(figures: &Figures) -> impl Iterator<Item = (&'static str, AlertRule, Window)> {
    let rows = [
        ("block", AlertRule::Block, figures.block),
        ("block-cost", AlertRule::Block, figures.block_cost),
        ("week", AlertRule::Week, figures.week),
    ];
    rows.into_iter().filter_map(|(subject, rule, window)| Some((subject, rule, window?)))
}

fn expected_alert(
    rule: AlertRule,
    subject: &str,
    window: i64,
    threshold: u64,
    expires_at: DateTime<Utc>,
) -> ExpectedAlert {
    let id = AlertId { rule, subject: subject.to_owned(), window, threshold };
    ExpectedAlert { id, expires_at, is_muted: false }
}
