//! How much of what a window may hold is used, and where that will go.
//!
//! The vendor's own figure comes first where there is one; else what was measured is held against a limit that the
//! user set or that past blocks suggest. Either way it says which.

use chrono::{DateTime, Utc};

use crate::blocks::block::Block;
use crate::blocks::limit_rule::LimitRule;
use crate::ledger::recent_buckets::Recent;
use crate::money::Usd;
use crate::quota::{Freshness, Percent, QuotaSource, Standing, Window};
use crate::rates::burn_rate::Burn;
use crate::rates::forecast::{Course, project, runs_out};
use crate::report::model::{Label, LimitBasis, LimitUse, QuotaOrigin, QuotaStats, Range, WindowKind};
use crate::report::snapshot::Outlook;
use crate::time::timestamp::Timestamp;
use crate::tokens::Sum;

/// What a limit is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Used {
    /// Tokens of all four kinds.
    Tokens,
    /// Billionths of a dollar.
    Cost,
}

impl Used {
    fn of(self, sum: &Sum) -> u128 {
        match self {
            Self::Tokens => sum.tokens.total(),
            Self::Cost => sum.bill.nanos,
        }
    }

    /// What one of the settings' number is in this unit.
    fn one(self) -> u64 {
        match self {
            Self::Tokens => 1,
            Self::Cost => Usd::ONE.0,
        }
    }
}

/// What is needed to tell it.
pub(crate) struct Allowance<'a> {
    pub(crate) outlook: &'a Outlook<'a>,
    pub(crate) recent: &'a Recent,
    pub(crate) burn: &'a Burn,
}

impl Allowance<'_> {
    /// The vendor's figure of a window.
    pub(crate) fn standing(&self, window: &Window) -> Option<Standing> {
        self.outlook.quota.standing(window, self.outlook.now)
    }

    /// What is known of a block now.
    pub(crate) fn course(&self, block: &Block, used: Used) -> Course {
        let rate = match used {
            Used::Tokens => self.burn.exact(),
            Used::Cost => self.burn.exact_nanos(),
        };
        Course {
            start: block.edges.start.into(),
            end: block.edges.end.into(),
            now: self.outlook.now,
            used: used.of(&block.sum),
            rate,
            messages: block.sum.messages,
        }
    }

    /// How much of a limit a block used, if there is a limit.
    pub(crate) fn of_block(&self, block: &Block, rule: LimitRule, used: Used) -> Option<LimitUse> {
        let past = match used {
            Used::Tokens => &self.outlook.past.tokens,
            Used::Cost => &self.outlook.past.cost,
        };
        let limit = rule.limit(used.one(), past)?;
        let course = self.course(block, used);
        Some(LimitUse {
            used_percent: percent(course.used, limit),
            basis: basis(rule),
            limit: Some(limit as f64 / used.one() as f64),
            projected_percent: range(&course, limit),
            runs_out_at: runs_out(&course, limit).map(to_the_minute),
            elsewhere_percent: None,
            label: if matches!(rule, LimitRule::Number(_)) { Label::Measured } else { Label::Estimated },
        })
    }

    /// The vendor's figure of a window and where it will go.
    pub(crate) fn official(&self, window: &Window, standing: &Standing) -> LimitUse {
        let full = u128::from(Percent::FULL.thousandths());
        let course = standing.resets.map(|resets| self.official_course(window, standing, resets));
        let elsewhere = match window {
            Window::FiveHour => self.elsewhere(),
            Window::Weekly | Window::ExtraUsage | Window::Scoped(_) => None,
        };
        LimitUse {
            used_percent: standing.used.percent(),
            basis: LimitBasis::Official,
            limit: None,
            projected_percent: course.as_ref().and_then(|course| range(course, full)),
            runs_out_at: course.and_then(|course| runs_out(&course, full)).map(to_the_minute),
            elsewhere_percent: elsewhere.map(Percent::percent),
            label: Label::Official,
        }
    }

    /// All of the vendor's figures. The binding window is the one that runs out first, else the fullest.
    pub(crate) fn quota(&self) -> Vec<QuotaStats> {
        let windows = self.outlook.quota.windows();
        let mut rows: Vec<_> = windows.filter_map(|window| Some(self.stats(window, &self.standing(window)?))).collect();
        let binding = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.is_stale)
            .min_by(|(_, a), (_, b)| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal))
            .map(|(index, _)| index);
        if let Some(row) = binding.and_then(|index| rows.get_mut(index)) {
            row.is_binding = true;
        }
        rows
    }

    fn stats(&self, window: &Window, standing: &Standing) -> QuotaStats {
        let (kind, scope) = match window {
            Window::FiveHour => (WindowKind::FiveHour, None),
            Window::Weekly => (WindowKind::Weekly, None),
            Window::ExtraUsage => (WindowKind::ExtraUsage, None),
            Window::Scoped(name) => (WindowKind::WeeklyScoped, Some(name.clone())),
        };
        QuotaStats {
            window: kind,
            scope,
            share: self.official(window, standing),
            resets_at: standing.resets.map(Timestamp::utc),
            read_at: standing.at.utc(),
            age_minutes: standing.age_seconds / 60,
            origin: origin(standing.source),
            is_stale: standing.freshness == Freshness::Stale,
            is_binding: false,
        }
    }

    /// What is known of a window now, in thousandths of a percent. The rate is the local one, in proportion: what
    /// is used elsewhere is in the average alone.
    fn official_course(&self, window: &Window, standing: &Standing, resets: Timestamp) -> Course {
        let start = resets.earlier(window.length());
        let rows = self.recent.since(start.slot()).filter(|(key, _)| key.slot.start() < resets);
        let local: Sum = rows.map(|(_, bucket)| &bucket.sum).sum();
        let used = standing.used.thousandths();
        let per_token = f64::from(used) / (local.tokens.total() as f64).max(1.0);
        Course {
            start,
            end: resets,
            now: self.outlook.now,
            used: u128::from(used),
            rate: self.burn.exact() * per_token,
            messages: local.messages,
        }
    }

    fn elsewhere(&self) -> Option<Percent> {
        let tokens_between = |from: Timestamp, to: Timestamp| {
            let rows = self.recent.since(from.slot()).filter(|(key, _)| key.slot.start() <= to);
            let within = rows.filter(|(key, bucket)| {
                bucket.marks.iter().any(|mark| (from.0 + 1..=to.0).contains(&mark.in_slot(key.slot).0))
            });
            within.map(|(_, bucket)| bucket.sum.tokens.total()).sum()
        };
        self.outlook.quota.elsewhere(self.outlook.now, tokens_between).filter(|used| *used > Percent::NONE)
    }
}

/// Sooner first, then fuller.
fn rank(row: &QuotaStats) -> (f64, f64) {
    let out = row.share.runs_out_at.map_or(f64::MAX, |out| out.timestamp() as f64);
    (out, -row.share.used_percent)
}

fn range(course: &Course, limit: u128) -> Option<Range> {
    let found = project(course)?;
    Some(Range { low: percent(found.low, limit).round(), high: percent(found.high, limit).round() })
}

/// No forecast is more certain than that.
fn to_the_minute(when: Timestamp) -> DateTime<Utc> {
    const MINUTE: i64 = 60_000_000;
    Timestamp(when.0.div_euclid(MINUTE) * MINUTE).utc()
}

/// In percent, to a tenth.
fn percent(part: u128, whole: u128) -> f64 {
    (part as f64 * 1000.0 / whole as f64).round() / 10.0
}

fn basis(rule: LimitRule) -> LimitBasis {
    match rule {
        LimitRule::Number(_) => LimitBasis::Number,
        LimitRule::Max => LimitBasis::Max,
        LimitRule::P90 | LimitRule::Auto => LimitBasis::P90,
    }
}

fn origin(source: QuotaSource) -> QuotaOrigin {
    match source {
        QuotaSource::StatusLine => QuotaOrigin::StatusLine,
        QuotaSource::CachedUsage => QuotaOrigin::CachedUsage,
        QuotaSource::DesktopHistory => QuotaOrigin::DesktopHistory,
        QuotaSource::LimitMessage => QuotaOrigin::LimitMessage,
    }
}
