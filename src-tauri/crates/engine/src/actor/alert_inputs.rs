//! The inputs of alert rules that a snapshot does not have: usage of the week and month, and costly sessions.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use token_monitor_core::alerts::{CostlySession, first_day_of_month, first_day_of_week};
use token_monitor_core::ledger::DailySums;
use token_monitor_core::report::model::{Amount, Snapshot, WeekStart};
use token_monitor_core::report::{day_stats, slots_between};
use token_monitor_core::time::{MICROS_PER_HOUR, Timestamp};

use crate::actor::queries::{self, EngineView};
use crate::ledger_store::LedgerStore;

/// A session that was not used for this long, in microseconds, cannot cross a cost threshold any more.
const IN_USE_MICROS: i64 = MICROS_PER_HOUR;

/// The time after which the sums of past days are computed again.
const SUMS_TTL: Duration = Duration::from_secs(600);

/// The usage of the current week and month, with the part before today cached.
#[derive(Debug, Default)]
pub(crate) struct PeriodUsageCache(Option<PeriodUsage>);

/// The usage of the current week and month before today.
#[derive(Clone, Copy, Debug)]
struct PeriodUsage {
    computed: Instant,
    basis: PeriodBasis,
    week: Amount,
    month: Amount,
}

/// The date, the zone and the first day of the week that period sums depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PeriodBasis {
    today: NaiveDate,
    zone: Tz,
    week_start: NaiveDate,
}

impl PeriodUsageCache {
    /// Returns the usage of the calendar week and month including today. Both are None if the store cannot be read
    /// or the snapshot is of another day.
    pub(crate) fn usage(
        &mut self,
        store: &LedgerStore,
        snapshot: &Snapshot,
        (zone, week_start): (Tz, WeekStart),
        now: DateTime<Utc>,
    ) -> (Option<Amount>, Option<Amount>) {
        let today = now.with_timezone(&zone).date_naive();
        let basis = PeriodBasis { today, zone, week_start: first_day_of_week(today, week_start) };
        let is_fresh = |usage: &PeriodUsage| usage.basis == basis && usage.computed.elapsed() < SUMS_TTL;
        self.0 = self.0.filter(is_fresh).or_else(|| sum_before_today(store, basis));
        let Some(before) = self.0.filter(|_| snapshot.today.date == today) else { return (None, None) };
        let totals = &snapshot.today.totals;
        let of_today = Amount { tokens: totals.total_tokens, cost: totals.total_cost };
        (Some(add_amounts(before.week, of_today)), Some(add_amounts(before.month, of_today)))
    }
}

fn sum_before_today(store: &LedgerStore, basis: PeriodBasis) -> Option<PeriodUsage> {
    let PeriodBasis { today, zone, week_start } = basis;
    let month_start = first_day_of_month(today);
    let slots = slots_between(Some(week_start.min(month_start)), today.pred_opt()?, zone);
    let mut sums = DailySums::new(zone);
    store.for_each_sum(slots, |_| true, |key, sum| sums.add(key, sum)).ok()?;
    let (days, _) = day_stats(sums);
    let sum_since = |first: NaiveDate| {
        let days = days.iter().filter(|day| day.date >= first);
        let amounts = days.map(|day| Amount { tokens: day.totals.total_tokens, cost: day.totals.total_cost });
        amounts.fold(Amount { tokens: 0, cost: Some(0.0) }, add_amounts)
    };
    Some(PeriodUsage { computed: Instant::now(), basis, week: sum_since(week_start), month: sum_since(month_start) })
}

/// Adds two amounts. An unknown cost adds nothing.
fn add_amounts(left: Amount, right: Amount) -> Amount {
    let cost = match (left.cost, right.cost) {
        (None, None) => None,
        (left, right) => Some(left.unwrap_or_default() + right.unwrap_or_default()),
    };
    Amount { tokens: left.tokens + right.tokens, cost }
}

/// Returns the sessions in use that cost at least `threshold` dollars.
pub(crate) fn costly_sessions(
    view: &EngineView<'_>,
    snapshot: &Snapshot,
    threshold: u64,
    now: DateTime<Utc>,
) -> Vec<CostlySession> {
    let in_use_since = Timestamp::from(now).minus_micros(IN_USE_MICROS);
    let ledger = &view.storage.ledger_store.ledger;
    let in_use =
        ledger.sessions.iter().filter(|(_, session)| session.span.is_some_and(|(_, last)| last >= in_use_since));
    in_use
        .filter_map(|(id, session)| {
            let sum = session.total_usage();
            let cost = sum.cost.to_dollars(sum.tokens.total()).filter(|cost| *cost >= threshold as f64)?;
            let key = ledger.names.sessions.text_of(*id);
            let listed = snapshot.recent_sessions.iter().find(|listed| listed.session_id == key);
            let stats = listed.cloned().unwrap_or_else(|| queries::session_stats(view, *id));
            Some(CostlySession { id: key, name: stats.display_name, cost, is_muted: stats.is_muted })
        })
        .collect()
}
