//! What the rules look at: the snapshot that surfaces show, and the few sums it does not hold.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::alerts::settings::AlertSettings;
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, Amount, BillingBlock, LimitBasis, LimitUse, Snapshot, WeekStart, WindowKind};

/// What holds at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Sense<'a> {
    /// What surfaces show.
    pub snapshot: &'a Snapshot,
    /// The instant.
    pub now: DateTime<Utc>,
    /// Where the viewer is.
    pub zone: Tz,
    /// The day their weeks begin with.
    pub week_start: WeekStart,
    /// What was used in the calendar's week; none where nobody looked.
    pub week: Option<Amount>,
    /// What was used in the calendar's month; none where nobody looked.
    pub month: Option<Amount>,
    /// Sessions in use that are dear enough to look at.
    pub sessions: &'a [SessionBill],
    /// Logs that will be deleted before they were read.
    pub unread: Unread,
}

/// What a session costs.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionBill {
    /// Its id.
    pub id: String,
    /// What to call it.
    pub name: String,
    /// API-equivalent dollars.
    pub cost: f64,
    /// Whether no alert is to be about it.
    pub is_muted: bool,
}

/// What Claude Code will delete and that could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// Logs that go soon: how many, and when the first of them does.
    pub logs: Option<(u64, DateTime<Utc>)>,
    /// Folders that cannot be looked into: nobody knows when something in them goes.
    pub folders: u64,
    /// For how many days Claude Code keeps logs.
    pub kept_days: u32,
}

/// A window of which is known how full it is, now and for certain.
#[derive(Clone, Debug)]
pub(crate) struct Filled<'a> {
    /// Which.
    pub(crate) window: Which<'a>,
    pub(crate) span: Span,
    pub(crate) used: &'a LimitUse,
    /// When it starts anew, where that is known.
    pub(crate) resets: Option<DateTime<Utc>>,
}

impl Filled<'_> {
    /// Whether its limit is one that nobody set, and that stops nothing.
    pub(crate) fn is_guess(&self) -> bool {
        match self.used.basis {
            LimitBasis::Official | LimitBasis::Number => false,
            LimitBasis::Max | LimitBasis::P90 => true,
        }
    }
}

/// A window by what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which<'a> {
    /// The block, by tokens.
    Block,
    /// The block, by cost.
    BlockCost,
    /// The vendor's week.
    Week,
    /// The vendor's week of one family of models.
    Scoped(&'a str),
}

impl Which<'_> {
    /// What memory knows it by.
    pub(crate) fn subject(self) -> String {
        match self {
            Self::Block => "block".to_owned(),
            Self::BlockCost => "block-cost".to_owned(),
            Self::Week => "week".to_owned(),
            Self::Scoped(scope) => format!("week {scope}"),
        }
    }

    /// The rule its shares fall under.
    pub(crate) fn rule(self) -> AlertRule {
        match self {
            Self::Block | Self::BlockCost => AlertRule::Block,
            Self::Week | Self::Scoped(_) => AlertRule::Week,
        }
    }

    /// The shares of it that somebody wants to hear of.
    pub(crate) fn steps(self, settings: &AlertSettings) -> &[u64] {
        match self {
            Self::Block | Self::BlockCost => &settings.block,
            Self::Week | Self::Scoped(_) => &settings.week,
        }
    }
}

impl Sense<'_> {
    /// Every window of which is known how full it is. A figure too old to be taken for the present is none: it neither
    /// alerts nor calms.
    pub(crate) fn filled(&self) -> Vec<Filled<'_>> {
        self.blocks().chain(self.weeks()).collect()
    }

    fn blocks(&self) -> impl Iterator<Item = Filled<'_>> {
        let block = self.snapshot.current_block.as_ref();
        let uses = [
            (Which::Block, self.snapshot.block_use.as_ref()),
            (Which::BlockCost, self.snapshot.block_cost_use.as_ref()),
        ];
        uses.into_iter().filter_map(move |(window, used)| {
            let (used, block) = (used.filter(|used| self.is_current(used))?, block?);
            Some(Filled { window, span: span_of(block), used, resets: Some(block.end_time) })
        })
    }

    fn weeks(&self) -> impl Iterator<Item = Filled<'_>> {
        self.snapshot.quota.iter().filter(|row| !row.is_stale).filter_map(|row| {
            let window = match (row.window, &row.scope) {
                (WindowKind::Weekly, _) => Which::Week,
                (WindowKind::WeeklyScoped, scope) => Which::Scoped(scope.as_deref().unwrap_or("scoped")),
                (WindowKind::FiveHour | WindowKind::ExtraUsage, _) => return None,
            };
            Some(Filled { window, span: self.week_span(row.resets_at), used: &row.share, resets: row.resets_at })
        })
    }

    /// The week that ends at a reset. Where none is known it slides along by days, which is one window as long as
    /// somebody looks.
    pub(crate) fn week_span(&self, resets: Option<DateTime<Utc>>) -> Span {
        let week = TimeDelta::days(7);
        let end = resets.unwrap_or_else(|| midnight(self.now) + week);
        Span::new(end - week, end)
    }

    /// Whether a share is one of now: an official one may be hours old.
    fn is_current(&self, used: &LimitUse) -> bool {
        let five_hours = self.snapshot.quota.iter().find(|row| row.window == WindowKind::FiveHour);
        used.basis != LimitBasis::Official || five_hours.is_some_and(|row| !row.is_stale)
    }
}

/// The span of a block.
pub(crate) fn span_of(block: &BillingBlock) -> Span {
    Span::new(block.start_time, block.end_time)
}

/// The beginning of an instant's day in UTC: a mark that stays for a day.
pub(crate) fn midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}
