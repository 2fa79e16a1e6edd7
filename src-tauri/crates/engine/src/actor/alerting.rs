//! Deciding about alerts: once a second, of what is shown then, by an engine that lives on.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use token_monitor_core::alert::{
    AlertSettings, Sense, SessionBill, Unread, month_start, paused_until, sample, step, week_start,
};
use token_monitor_core::day::ByDay;
use token_monitor_core::figures::{AlertFate, AlertRow, AlertRule, AlertStatus, Amount, Pause, Snapshot};
use token_monitor_core::{Moment, SessionId, slots_between};
use token_monitor_store::StoreError;

use super::Actor;
use crate::answer;
use crate::ask::{Refusal, RefusalCode};
use crate::handle::Conduct;

/// Nobody to show an alert may be there yet; after this it is decided all the same.
const GRACE: Duration = Duration::from_secs(5);

/// A session unused for longer costs nothing more.
const IN_USE: i64 = 3_600_000_000;

/// How often sums of past days, and files that cannot be read, are looked at again.
const OFTEN: Duration = Duration::from_secs(600);

/// For how many days Claude Code keeps logs unless its settings say otherwise.
const KEPT_DAYS: u32 = 30;

/// So many days before a log is deleted it is worth a word.
const AHEAD_DAYS: i64 = 3;

/// What the rules need beyond a snapshot and costs something to find out.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    sums: Option<Sums>,
    unread: Option<(Instant, Option<Unread>)>,
}

/// What was used in this week and this month before today.
#[derive(Clone, Copy, Debug)]
struct Sums {
    made: Instant,
    of: (NaiveDate, chrono_tz::Tz, NaiveDate),
    week: Amount,
    month: Amount,
}

impl Actor {
    /// What holds of alerts.
    pub(crate) fn alert_status(&self, now: DateTime<Utc>) -> AlertStatus {
        self.alerting.status(now)
    }

    /// Decides what is to be said of what is shown now.
    pub(super) fn alert(&mut self) {
        if !self.may_alert() {
            return;
        }
        let (snapshot, now) = (self.snapshots.borrow().clone(), Utc::now());
        let (week, month) = self.spent(&snapshot, now);
        let (sessions, unread) = (self.dear_sessions(&snapshot, now), self.unread_logs(now));
        let sense = Sense {
            snapshot: &snapshot,
            now,
            zone: self.zone,
            week_start: self.settings.display.week_start,
            week,
            month,
            sessions: &sessions,
            unread,
        };
        let (state, said) = step(&self.alerting.state, &self.settings.alerts, &sense);
        let owes = self.alerting.owes() && self.outage.is_none();
        if state != self.alerting.state || !said.is_empty() || owes {
            // The list of alerts changes with each.
            self.revision += u64::from(!said.is_empty());
            let books = self.outage.is_none().then_some(&mut self.books);
            let decided = self.alerting.decided(state, said, &self.settings.alerts, books);
            self.tried(decided);
        }
    }

    /// Whether everything that was there at the start is counted, and somebody listens or has had time to begin.
    fn may_alert(&self) -> bool {
        let is_settled = self.walk.is_done() && !self.look_at_everything && self.import.is_none();
        let has_audience = self.alerting.is_heard() || self.times.began.elapsed() > GRACE;
        self.conduct == Conduct::Live && is_settled && has_audience
    }

    /// Past alerts, the latest first.
    pub(crate) fn past_alerts(&self, limit: usize) -> Result<Vec<AlertRow>, Refusal> {
        self.books.alerts(limit).map_err(|error| answer::refusal(&error))
    }

    /// Notes that somebody looks at the list.
    pub(crate) fn see_alerts(&mut self) -> Result<AlertStatus, Refusal> {
        let seen = self.alerting.see(self.outage.is_none().then_some(&mut self.books));
        self.told_alerts(seen)
    }

    /// Shows an alert as a rule would.
    pub(crate) fn test_alert(&mut self, rule: AlertRule) -> Result<AlertStatus, Refusal> {
        if self.conduct == Conduct::OnDemand {
            return Err(Refusal::new(RefusalCode::Offline, "no Token Monitor runs that could show an alert")
                .hint("Start the app, then try again."));
        }
        let alert = sample(rule, Utc::now(), self.zone, self.settings.alerts.sound);
        let books = self.outage.is_none().then_some(&mut self.books);
        let tested = self.alerting.test(alert, &self.settings.alerts, books);
        self.told_alerts(tested)
    }

    /// Keeps alerts back for a while, or not any longer.
    pub(crate) fn pause_alerts(&mut self, pause: Pause) -> Result<AlertStatus, Refusal> {
        let now = Utc::now();
        let resets = answer::snapshot(self, now.into()).current_block.map(|block| block.end_time);
        let until = paused_until(pause, now, self.zone, resets);
        let paused = self.alerting.pause(until, self.outage.is_none().then_some(&mut self.books));
        self.told_alerts(paused)
    }

    /// Notes what became of an alert.
    pub(crate) fn alert_became(
        &mut self,
        id: u64,
        fate: AlertFate,
        unavailable: Option<String>,
    ) -> Result<AlertStatus, Refusal> {
        let books = self.outage.is_none().then_some(&mut self.books);
        let noted = self.alerting.became(id, fate, unavailable, books);
        self.told_alerts(noted)
    }

    fn told_alerts(&mut self, result: Result<(), StoreError>) -> Result<AlertStatus, Refusal> {
        let refused = result.as_ref().err().map(answer::refusal);
        self.tried(result);
        self.revision += 1;
        self.show();
        refused.map_or_else(|| Ok(self.alert_status(Utc::now())), Err)
    }

    /// What was used in the calendar's week and month, where a budget asks for it.
    fn spent(&mut self, snapshot: &Snapshot, now: DateTime<Utc>) -> (Option<Amount>, Option<Amount>) {
        let AlertSettings { weekly_budget, monthly_budget, .. } = self.settings.alerts;
        if weekly_budget.is_none() && monthly_budget.is_none() {
            return (None, None);
        }
        let Some(sums) = self.sums_before_today(now) else { return (None, None) };
        let is_today = snapshot.today.date == sums.of.0;
        let totals = &snapshot.today.totals;
        let today = Amount { tokens: totals.total_tokens, cost: totals.total_cost };
        let with_today = |before| is_today.then(|| sum(before, today));
        (with_today(sums.week), with_today(sums.month))
    }

    fn sums_before_today(&mut self, now: DateTime<Utc>) -> Option<Sums> {
        let today = now.with_timezone(&self.zone).date_naive();
        let week = week_start(today, self.settings.display.week_start);
        let of = (today, self.zone, week);
        if let Some(known) = self.lookups.sums.filter(|known| known.of == of && known.made.elapsed() < OFTEN) {
            return Some(known);
        }
        self.write_older();
        let slots = slots_between(Some(week.min(month_start(today))), today.pred_opt()?, self.zone);
        let mut sums = ByDay::new(self.zone);
        self.books.each_sum(slots, |_| true, |key, sum| sums.add(key, sum)).ok()?;
        let (days, _) = sums.finish();
        let since = |first: NaiveDate| {
            let days = days.iter().filter(|day| day.date >= first);
            let amounts = days.map(|day| Amount { tokens: day.totals.total_tokens, cost: day.totals.total_cost });
            amounts.fold(Amount { tokens: 0, cost: Some(0.0) }, sum)
        };
        let sums = Sums { made: Instant::now(), of, week: since(week), month: since(month_start(today)) };
        self.lookups.sums = Some(sums);
        Some(sums)
    }

    /// Sessions in use that cost more than the settings have it.
    fn dear_sessions(&self, snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<SessionBill> {
        let Some(most) = self.settings.alerts.session_cost else { return Vec::new() };
        let since = Moment::from(now).earlier(IN_USE);
        let sessions = self.books.ledger.sessions.iter();
        let in_use = sessions.filter(|(_, session)| session.span.is_some_and(|(_, last)| last >= since));
        in_use
            .filter_map(|(id, session)| {
                let sum = session.sum();
                let cost = sum.bill.dollars(sum.tokens.total())?;
                (cost >= most as f64).then(|| self.bill(*id, cost, snapshot))
            })
            .collect()
    }

    fn bill(&self, id: SessionId, cost: f64, snapshot: &Snapshot) -> SessionBill {
        let key = self.books.ledger.names.sessions.text(id);
        let shown = snapshot.recent_sessions.iter().find(|session| session.session_id == key);
        let session = shown.cloned().unwrap_or_else(|| answer::session(self, id));
        SessionBill { id: key, name: session.display_name, cost, is_muted: session.is_muted }
    }

    /// Logs that failed and that Claude Code deletes within days.
    fn unread_logs(&mut self, now: DateTime<Utc>) -> Option<Unread> {
        if !self.settings.alerts.cleaning || self.failing.is_empty() {
            return None;
        }
        match self.lookups.unread {
            Some((made, found)) if made.elapsed() < OFTEN => found,
            _ => {
                let found = self.find_unread(now);
                self.lookups.unread = Some((Instant::now(), found));
                found
            }
        }
    }

    fn find_unread(&self, now: DateTime<Utc>) -> Option<Unread> {
        let kept_days = self.kept_days();
        let kept = TimeDelta::days(i64::from(kept_days));
        let logs = self.walk.logs.iter().filter(|log| self.failing.contains_key(&log.path));
        let goes = logs.map(|log| DateTime::from_timestamp_nanos(log.look.modified) + kept);
        let soon: Vec<_> = goes.filter(|goes| *goes <= now + TimeDelta::days(AHEAD_DAYS)).collect();
        let first_goes = soon.iter().min().copied()?;
        Some(Unread { logs: soon.len() as u64, first_goes, kept_days })
    }

    /// For how many days Claude Code keeps logs: the least that any of its settings files says.
    fn kept_days(&self) -> u32 {
        let folders = self.walk.by_root.iter().filter_map(|(root, ..)| root.parent());
        let said = folders.filter_map(|folder| {
            let text = std::fs::read(folder.join("settings.json")).ok()?;
            let settings: Value = serde_json::from_slice(&text).ok()?;
            u32::try_from(settings.get("cleanupPeriodDays")?.as_u64()?).ok().filter(|days| *days > 0)
        });
        said.min().unwrap_or(KEPT_DAYS).min(3_650)
    }
}

/// A cost that is not known adds nothing.
fn sum(one: Amount, other: Amount) -> Amount {
    let cost = match (one.cost, other.cost) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or_default() + b.unwrap_or_default()),
    };
    Amount { tokens: one.tokens + other.tokens, cost }
}
