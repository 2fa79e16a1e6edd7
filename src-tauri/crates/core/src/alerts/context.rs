//! The input of the alert rules: the current snapshot and the few figures it does not contain.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::alerts::settings::AlertSettings;
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{
    AlertRule, Amount, BillingBlock, LimitBasis, LimitUse, QuotaStats, Snapshot, WeekStart, WindowKind,
};
use crate::team::ReachedBudget;

/// The input of one evaluation.
#[derive(Clone, Copy, Debug)]
pub struct AlertContext<'a> {
    /// The figures that the user interface shows.
    pub snapshot: &'a Snapshot,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The viewer's time zone.
    pub zone: Tz,
    /// The first day of the viewer's week.
    pub week_start: WeekStart,
    /// The usage of the current calendar week, or `None` if it was not computed.
    pub week_usage: Option<Amount>,
    /// The usage of the current calendar month, or `None` if it was not computed.
    pub month_usage: Option<Amount>,
    /// The active sessions that may exceed the cost threshold.
    pub costly_sessions: &'a [CostlySession],
    /// The logs that will be deleted before they are read.
    pub expiring_logs: ExpiringLogs,
    /// The thresholds of a team's budgets that the hub has reported as reached.
    pub team_budgets: &'a [ReachedBudget],
}

/// The cost of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct CostlySession {
    /// The session id.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The cost so far, in API-equivalent dollars.
    pub cost: f64,
    /// True if alerts about this session are muted.
    pub is_muted: bool,
}

/// Unreadable logs that Claude Code's log cleanup will delete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpiringLogs {
    /// The number of logs to be deleted soon, and the time at which the first one is deleted.
    pub logs: Option<(u64, DateTime<Utc>)>,
    /// The number of unreadable folders. The deletion times of the logs inside are unknown.
    pub unreadable_folders: u64,
    /// The number of days for which Claude Code keeps logs.
    pub retention_days: u32,
}

/// The current usage of a limit window.
#[derive(Clone, Debug)]
pub(crate) struct WindowUsage<'a> {
    pub(crate) kind: LimitWindowKind<'a>,
    pub(crate) window: TimeWindow,
    pub(crate) usage: &'a LimitUse,
    /// The time of the next reset, if known.
    pub(crate) resets_at: Option<DateTime<Utc>>,
    /// The folder of the account; `None` if only one account is in use.
    pub(crate) account: Option<&'a str>,
}

impl WindowUsage<'_> {
    /// Returns the subject under which alerts about this window are stored.
    pub(crate) fn subject_id(&self) -> String {
        with_account(&self.kind.subject_id(), self.account)
    }
}

/// Returns a subject of an account.
pub(crate) fn with_account(subject: &str, account: Option<&str>) -> String {
    account.map_or_else(|| subject.to_owned(), |account| format!("{subject} of {account}"))
}

/// The kind of a window that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitWindowKind<'a> {
    /// The block, measured in tokens or by the official figure.
    Block,
    /// The block, measured in dollars.
    BlockCost,
    /// The official week for all models.
    Week,
    /// The official week of one model family.
    Scoped(&'a str),
}

impl LimitWindowKind<'_> {
    /// Returns the subject under which alerts about this window are stored.
    pub(crate) fn subject_id(self) -> String {
        match self {
            Self::Block => "block".to_owned(),
            Self::BlockCost => "block-cost".to_owned(),
            Self::Week => "week".to_owned(),
            Self::Scoped(scope) => format!("week {scope}"),
        }
    }

    /// Returns the rule for usage thresholds of this window.
    pub(crate) fn threshold_rule(self) -> AlertRule {
        match self {
            Self::Block | Self::BlockCost => AlertRule::Block,
            Self::Week | Self::Scoped(_) => AlertRule::Week,
        }
    }

    /// Returns the configured usage thresholds of this window, in percent.
    pub(crate) fn thresholds(self, settings: &AlertSettings) -> &[u64] {
        match self {
            Self::Block | Self::BlockCost => &settings.block_thresholds,
            Self::Week | Self::Scoped(_) => &settings.week_thresholds,
        }
    }
}

impl AlertContext<'_> {
    /// Returns all windows with a limit whose current usage is known. Stale figures are left out: they neither trigger an
    /// alert nor count as a drop. So are comparisons with past blocks, which are no limit.
    pub(crate) fn window_usages(&self) -> Vec<WindowUsage<'_>> {
        self.block_usages().chain(self.week_usages()).collect()
    }

    fn block_usages(&self) -> impl Iterator<Item = WindowUsage<'_>> {
        let block = self.snapshot.current_block.as_ref();
        let rows = [
            (LimitWindowKind::Block, self.snapshot.block_use.as_ref()),
            (LimitWindowKind::BlockCost, self.snapshot.block_cost_use.as_ref()),
        ];
        rows.into_iter().filter_map(move |(kind, usage)| {
            let (usage, block) = (usage.filter(|usage| self.is_usable(usage))?, block?);
            let (window, account) = (block_window(block), block.account.as_deref());
            Some(WindowUsage { kind, window, usage, resets_at: Some(block.end_time), account })
        })
    }

    fn week_usages(&self) -> impl Iterator<Item = WindowUsage<'_>> {
        let is_of_block = |row: &QuotaStats| row.window == WindowKind::FiveHour && self.is_of_primary_account(row);
        let rows = self.snapshot.quota.iter().filter(move |row| !row.is_stale && !is_of_block(row));
        rows.filter_map(|row| {
            let kind = match (row.window, &row.scope) {
                (WindowKind::FiveHour, _) => LimitWindowKind::Block,
                (WindowKind::Weekly, _) => LimitWindowKind::Week,
                (WindowKind::WeeklyScoped, scope) => LimitWindowKind::Scoped(scope.as_deref().unwrap_or("scoped")),
                (
                    WindowKind::ExtraUsage
                    | WindowKind::SpendLimit
                    | WindowKind::Organization
                    | WindowKind::Product
                    | WindowKind::Other,
                    _,
                ) => return None,
            };
            let resets_at = row.resets_at;
            let window = match kind {
                LimitWindowKind::Block | LimitWindowKind::BlockCost => block_ending_at(resets_at?),
                LimitWindowKind::Week | LimitWindowKind::Scoped(_) => self.week_ending_at(resets_at),
            };
            Some(WindowUsage { kind, window, usage: &row.share, resets_at, account: row.account.as_deref() })
        })
    }

    /// Returns true for a window of the account used last, whose rows come first.
    fn is_of_primary_account(&self, row: &QuotaStats) -> bool {
        self.snapshot.quota.first().is_some_and(|first| first.account == row.account)
    }

    /// Returns the seven days before a reset. Without a known reset the window moves forward by one day at each UTC
    /// midnight; it counts as the same window as long as the rules run at least once a day.
    pub(crate) fn week_ending_at(&self, resets_at: Option<DateTime<Utc>>) -> TimeWindow {
        let week = TimeDelta::days(7);
        let end = resets_at.unwrap_or_else(|| utc_midnight(self.now) + week);
        TimeWindow::new(end - week, end)
    }

    /// Returns true if a figure of the block refers to a limit and is current. An official figure may be hours old.
    fn is_usable(&self, usage: &LimitUse) -> bool {
        let five_hours = self
            .snapshot
            .quota
            .iter()
            .find(|row| row.window == WindowKind::FiveHour && self.is_of_primary_account(row));
        match usage.basis {
            LimitBasis::Official => five_hours.is_some_and(|row| !row.is_stale),
            LimitBasis::Number => true,
            LimitBasis::Max | LimitBasis::P90 => false,
        }
    }
}

/// Returns the five hours before a reset.
pub(crate) fn block_ending_at(end: DateTime<Utc>) -> TimeWindow {
    TimeWindow::new(end - TimeDelta::hours(5), end)
}

/// Returns the window of a block.
pub(crate) fn block_window(block: &BillingBlock) -> TimeWindow {
    TimeWindow::new(block.start_time, block.end_time)
}

/// Returns the start of the UTC day, as a time that stays the same for a day.
pub(crate) fn utc_midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_time(NaiveTime::MIN).and_utc()
}
