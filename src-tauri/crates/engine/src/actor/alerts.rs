//! Deciding about alerts: every few seconds, of what holds then, by an engine that lives on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use token_monitor_core::alerts::{
    AlertSettings, Sense, SessionBill, Unread, month_start, paused_until, sample, step, week_start,
};
use token_monitor_core::interner::SessionId;
use token_monitor_core::report::model::{AlertFate, AlertRow, AlertRule, AlertStatus, Amount, Pause, Snapshot};
use token_monitor_core::report::slots_between;
use token_monitor_core::time::Timestamp;
use token_monitor_core::time::calendar::ByDay;
use token_monitor_store::StoreError;

use crate::actor::queries;
use crate::actor::{Actor, Reply};
use crate::api::{Answer, Refusal, RefusalCode};
use crate::handle::Conduct;

/// Nobody to show an alert may be there yet; after this it is decided all the same.
const GRACE: Duration = Duration::from_secs(5);

/// A session unused for longer costs nothing more.
const IN_USE: i64 = 3_600_000_000;

/// How often sums of past days are looked at again.
const OFTEN: Duration = Duration::from_secs(600);

/// Alerts are decided at least this often, however seldom surfaces are shown anything new: what has to hold for
/// minutes has to be seen to hold.
const BEAT: Duration = Duration::from_secs(5);

/// What the rules need beyond a snapshot and costs something to find out.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    sums: Option<Sums>,
    pub(crate) unread: Option<(Instant, Unread)>,
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

    /// When alerts are decided next, and when somebody has waited long enough for the fate of one.
    pub(crate) fn alerts_due(&self) -> Option<Instant> {
        let beat = (self.conduct == Conduct::Live).then_some(self.times.alert);
        beat.into_iter().chain(self.alerting.due()).min()
    }

    /// Does what is due of alerts.
    pub(crate) fn alert_on_time(&mut self, now: Instant) {
        if self.alerting.due().is_some_and(|due| due <= now) {
            let given_up = self.alerting.give_up(now, self.outage.is_none().then_some(&mut self.books));
            // Nobody asked who could be told that the store failed.
            drop(self.told_alerts(given_up));
        }
        if self.conduct == Conduct::Live && now >= self.times.alert {
            self.times.alert = now + self.settings.update_frequency.min(BEAT);
            self.alert();
        }
    }

    /// Decides what is to be said of what holds now.
    pub(crate) fn alert(&mut self) {
        if !self.may_alert() {
            return;
        }
        let now = Utc::now();
        let snapshot = self.newest(now);
        let (week, month) = self.spent(&snapshot, now);
        let (sessions, unread) = (self.dear_sessions(&snapshot, now), self.unread(now));
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

    /// What is shown, or would be shown now where that is older than a beat.
    fn newest(&mut self, now: DateTime<Utc>) -> Arc<Snapshot> {
        if self.times.shown.elapsed() < BEAT {
            return self.snapshots.borrow().clone();
        }
        self.look_back(now.into());
        Arc::new(queries::snapshot(self, now.into()))
    }

    /// Whether everything that was there at the start is counted, and somebody listens or has had time to begin.
    fn may_alert(&self) -> bool {
        let is_settled = self.walk.is_done() && !self.look_at_everything && self.import.is_none();
        let has_audience = self.alerting.is_heard() || self.times.began.elapsed() > GRACE;
        self.conduct == Conduct::Live && is_settled && has_audience
    }

    /// Past alerts, the latest first.
    pub(crate) fn past_alerts(&self, limit: usize) -> Result<Vec<AlertRow>, Refusal> {
        self.books.alerts(limit).map_err(|error| queries::refusal(&error))
    }

    /// Notes that somebody looks at the list.
    pub(crate) fn see_alerts(&mut self) -> Result<AlertStatus, Refusal> {
        let seen = self.alerting.see(self.outage.is_none().then_some(&mut self.books));
        self.told_alerts(seen)
    }

    /// Shows an alert as a rule would. Whoever asked is answered when its fate is known.
    pub(crate) fn test_alert(&mut self, rule: AlertRule, reply: Reply) {
        if self.conduct == Conduct::OnDemand {
            let refusal = Refusal::new(RefusalCode::Offline, "no Token Monitor runs that could show an alert")
                .hint("Start the app, then try again.");
            return answer_to(reply, Err(refusal));
        }
        let alert = sample(rule, Utc::now(), self.zone, self.settings.alerts.sound);
        let books = self.outage.is_none().then_some(&mut self.books);
        let (id, tested) = self.alerting.test(alert, &self.settings.alerts, books);
        self.tests.push((id, reply));
        if let Err(refusal) = self.told_alerts(tested) {
            let asked = self.tests.extract_if(.., |(other, _)| *other == id);
            asked.for_each(|(_, reply)| answer_to(reply, Err(refusal.clone())));
        }
    }

    /// Answers those who tried an alert whose fate is known.
    fn answer_tests(&mut self) {
        let (alerting, status) = (&self.alerting, self.alerting.status(Utc::now()));
        let known = self.tests.extract_if(.., |(id, _)| !alerting.is_pending(*id));
        known.for_each(|(_, reply)| answer_to(reply, Ok(Answer::AlertStatus(status.clone()))));
    }

    /// Keeps alerts back for a while, or not any longer.
    pub(crate) fn pause_alerts(&mut self, pause: Pause) -> Result<AlertStatus, Refusal> {
        let now = Utc::now();
        let resets = queries::snapshot(self, now.into()).current_block.map(|block| block.end_time);
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
        let refused = result.as_ref().err().map(queries::refusal);
        self.tried(result);
        self.revision += 1;
        self.show();
        self.answer_tests();
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

    /// Sessions in use that cost at least what the settings have it.
    fn dear_sessions(&self, snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<SessionBill> {
        let Some(most) = self.settings.alerts.session_cost else { return Vec::new() };
        let since = Timestamp::from(now).earlier(IN_USE);
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
        let session = shown.cloned().unwrap_or_else(|| queries::session(self, id));
        SessionBill { id: key, name: session.display_name, cost, is_muted: session.is_muted }
    }
}

/// Whoever asked may be gone.
fn answer_to(reply: Reply, answer: Result<Answer, Refusal>) {
    drop(reply.send(answer));
}

/// A cost that is not known adds nothing.
fn sum(one: Amount, other: Amount) -> Amount {
    let cost = match (one.cost, other.cost) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or_default() + b.unwrap_or_default()),
    };
    Amount { tokens: one.tokens + other.tokens, cost }
}
