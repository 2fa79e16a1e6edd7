//! Computes the used share of a window's limit and its projection.
//!
//! The official share is used if there is one. Otherwise measured usage is compared with a limit set by the user or with
//! past blocks. The result names its basis and its provenance. Past blocks are no limit, so nothing runs out then.

use chrono::{DateTime, Utc};

use crate::blocks::block::Block;
use crate::blocks::limit_rule::LimitRule;
use crate::interner::{Interner, ModelId};
use crate::ledger::recent_buckets::RecentBuckets;
use crate::money::Usd;
use crate::quota::{Freshness, Percent, QuotaSource, QuotaUsage, QuotaWindow, Reading};
use crate::rates::burn_rate::BurnRates;
use crate::rates::forecast::{WindowProgress, exhaustion_time, project};
use crate::report::context::ViewContext;
use crate::report::model::{
    LimitBasis, LimitUse, ProjectedRange, Provenance, QuotaOrigin, QuotaStats, ReachedLimit, WindowKind,
};
use crate::time::timestamp::Timestamp;
use crate::time::units::MICROS_PER_MINUTE;
use crate::tokens::UsageSum;

/// The unit of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitUnit {
    /// Tokens of all four kinds.
    Tokens,
    /// Billionths of a dollar.
    Cost,
}

impl LimitUnit {
    /// Returns the amount of a sum in this unit.
    fn amount_of(self, sum: &UsageSum) -> u128 {
        match self {
            Self::Tokens => sum.tokens.total(),
            Self::Cost => sum.cost.nanos,
        }
    }

    /// Returns the value of 1 in the settings in this unit.
    fn per_setting_unit(self) -> u64 {
        match self {
            Self::Tokens => 1,
            Self::Cost => Usd::ONE.0,
        }
    }
}

/// Computes used shares for one viewer at one instant.
pub(crate) struct LimitCalculator<'a> {
    pub(crate) context: &'a ViewContext<'a>,
    pub(crate) recent: &'a RecentBuckets,
    pub(crate) burn_rates: &'a BurnRates,
}

impl LimitCalculator<'_> {
    /// Returns the current official usage of a window.
    pub(crate) fn current_quota(&self, window: &QuotaWindow) -> Option<QuotaUsage> {
        self.context.quota.current_usage(window, self.context.now)
    }

    /// Returns the progress of a block.
    pub(crate) fn block_progress(&self, block: &Block, unit: LimitUnit) -> WindowProgress {
        let rate = match unit {
            LimitUnit::Tokens => self.burn_rates.exact_tokens_per_minute(),
            LimitUnit::Cost => self.burn_rates.exact_nanos_per_minute(),
        };
        WindowProgress {
            start: block.edges.start.into(),
            end: block.edges.end.into(),
            now: self.context.now,
            used: unit.amount_of(&block.sum),
            rate,
            messages: block.sum.messages,
        }
    }

    /// Returns the share of a block's limit, or of the usual maximum of past blocks. `None` without either.
    pub(crate) fn block_use(&self, block: &Block, rule: LimitRule, unit: LimitUnit) -> Option<LimitUse> {
        let history = match unit {
            LimitUnit::Tokens => &self.context.block_history.tokens,
            LimitUnit::Cost => &self.context.block_history.cost,
        };
        let limit = rule.resolve_limit(unit.per_setting_unit(), history)?;
        let (progress, basis) = (self.block_progress(block, unit), limit_basis(rule));
        Some(LimitUse {
            used_percent: percent_of(progress.used, limit),
            basis,
            limit: Some(limit as f64 / unit.per_setting_unit() as f64),
            projected_percent: projected_range(&progress, limit),
            runs_out_at: exhaustion_time(&progress, limit).filter(|_| basis.is_limit()).map(floor_to_minute),
            elsewhere_percent: None,
            label: if basis.is_limit() { Provenance::Measured } else { Provenance::Estimated },
        })
    }

    /// Returns the official share of a window and its projection.
    pub(crate) fn official_use(&self, window: &QuotaWindow, usage: &QuotaUsage) -> LimitUse {
        let full = u128::from(Percent::FULL.thousandths());
        // The use of other windows does not depend on the use of Claude Code on this computer.
        let resets_at = usage.resets_at.filter(|_| window.is_plan());
        let progress = resets_at.map(|resets| self.official_progress(window, usage, resets));
        let elsewhere = if *window == QuotaWindow::FiveHour { self.remote_share() } else { None };
        LimitUse {
            used_percent: usage.used.percent(),
            basis: LimitBasis::Official,
            limit: None,
            projected_percent: progress.as_ref().and_then(|progress| projected_range(progress, full)),
            runs_out_at: progress.and_then(|progress| exhaustion_time(&progress, full)).map(floor_to_minute),
            elsewhere_percent: elsewhere.map(Percent::percent),
            label: Provenance::Official,
        }
    }

    /// Returns all official windows. The binding window is the one whose limit is reached first, otherwise the fullest.
    /// Only windows that can stop Claude Code bind.
    pub(crate) fn quota_stats(&self, account: Option<&str>) -> Vec<QuotaStats> {
        let mut rows = self.account_stats(account);
        // Paid usage starts once a window of the plan is used up, or if there is no plan.
        let mut plan = rows.iter().filter(|row| row.window.is_plan() && !row.is_stale).peekable();
        let paid_usage_counts = plan.peek().is_none() || plan.any(|row| row.share.used_percent >= 100.0);
        let binding = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.is_stale && can_bind(row.window, paid_usage_counts))
            .min_by(|(_, a), (_, b)| {
                binding_order(a).partial_cmp(&binding_order(b)).unwrap_or(std::cmp::Ordering::Equal)
            })
            .map(|(index, _)| index);
        if let Some(row) = binding.and_then(|index| rows.get_mut(index)) {
            row.is_binding = true;
        }
        rows
    }

    /// Returns the windows of an account without a binding one. `account` is its name if there are several.
    pub(crate) fn account_stats(&self, account: Option<&str>) -> Vec<QuotaStats> {
        let windows = self.context.quota.windows();
        let rows = windows.filter_map(|window| Some(self.window_stats(window, &self.current_quota(window)?)));
        rows.map(|row| QuotaStats { account: account.map(str::to_owned), ..row }).collect()
    }

    /// Returns the limits that were reached without a reset time and after which no answer arrived.
    ///
    /// A limit of a model family stays reached until that family answers.
    pub(crate) fn reached_limits(&self, models: &Interner<ModelId>) -> Vec<ReachedLimit> {
        let hits = self.context.quota.open_limit_hits(self.context.now);
        let open = hits.filter(|hit| {
            let family = match &hit.window {
                QuotaWindow::Scoped(family) => Some(family.to_lowercase()),
                _ => None,
            };
            let rows = self.recent.from_slot(hit.at.slot());
            let mut later =
                rows.filter(|(key, bucket)| bucket.offsets.iter().any(|offset| offset.to_timestamp(key.slot) > hit.at));
            !later.any(|(key, _)| {
                family.as_ref().is_none_or(|family| models.text_of(key.model).to_lowercase().contains(family))
            })
        });
        let reached = |hit: &Reading| {
            let (window, scope) = public_window(&hit.window);
            ReachedLimit { window, scope, reached_at: hit.at.to_utc() }
        };
        open.map(reached).collect()
    }

    fn window_stats(&self, window: &QuotaWindow, usage: &QuotaUsage) -> QuotaStats {
        let (kind, scope) = public_window(window);
        QuotaStats {
            window: kind,
            scope,
            share: self.official_use(window, usage),
            resets_at: usage.resets_at.map(Timestamp::to_utc),
            read_at: usage.at.to_utc(),
            age_minutes: usage.age_seconds / 60,
            origin: quota_origin(usage.source),
            is_stale: usage.freshness == Freshness::Stale,
            is_binding: false,
            account: None,
        }
    }

    /// Returns the progress of an official window in thousandths of a percent. The rate is that of local usage, in
    /// proportion: usage on other machines only counts in the average.
    fn official_progress(&self, window: &QuotaWindow, usage: &QuotaUsage, resets: Timestamp) -> WindowProgress {
        let start = resets.minus_micros(window.length_micros());
        let rows = self.recent.from_slot(start.slot()).filter(|(key, _)| key.slot.start() < resets);
        let local: UsageSum = rows.map(|(_, bucket)| &bucket.sum).sum();
        let used = usage.used.thousandths();
        let per_token = f64::from(used) / (local.tokens.total() as f64).max(1.0);
        WindowProgress {
            start,
            end: resets,
            now: self.context.now,
            used: u128::from(used),
            rate: self.burn_rates.exact_tokens_per_minute() * per_token,
            messages: local.messages,
        }
    }

    /// Returns the part of the five-hour window used on other machines.
    fn remote_share(&self) -> Option<Percent> {
        let tokens_between = |from: Timestamp, to: Timestamp| {
            let rows = self.recent.from_slot(from.slot()).filter(|(key, _)| key.slot.start() <= to);
            let within = rows.filter(|(key, bucket)| {
                bucket.offsets.iter().any(|mark| (from.0 + 1..=to.0).contains(&mark.to_timestamp(key.slot).0))
            });
            within.map(|(_, bucket)| bucket.sum.tokens.total()).sum()
        };
        self.context.quota.remote_usage(self.context.now, tokens_between).filter(|used| *used > Percent::ZERO)
    }
}

/// Returns true if reaching the limit of a window stops Claude Code.
fn can_bind(window: WindowKind, paid_usage_counts: bool) -> bool {
    match window {
        WindowKind::FiveHour | WindowKind::Weekly | WindowKind::WeeklyScoped => true,
        WindowKind::ExtraUsage | WindowKind::SpendLimit => paid_usage_counts,
        WindowKind::Organization | WindowKind::Product | WindowKind::Other => false,
    }
}

/// Returns the public kind of a window and the name that belongs to it.
pub(crate) fn public_window(window: &QuotaWindow) -> (WindowKind, Option<String>) {
    match window {
        QuotaWindow::FiveHour => (WindowKind::FiveHour, None),
        QuotaWindow::Weekly => (WindowKind::Weekly, None),
        QuotaWindow::Scoped(name) => (WindowKind::WeeklyScoped, Some(name.clone())),
        QuotaWindow::ExtraUsage => (WindowKind::ExtraUsage, None),
        QuotaWindow::SpendLimit => (WindowKind::SpendLimit, None),
        QuotaWindow::Organization => (WindowKind::Organization, None),
        QuotaWindow::Product(name) => (WindowKind::Product, Some(name.clone())),
        QuotaWindow::Other(name) => (WindowKind::Other, Some(name.clone())),
    }
}

/// Returns the sort key of the binding window: the limit reached first, then the fullest.
fn binding_order(row: &QuotaStats) -> (f64, f64) {
    let out = row.share.runs_out_at.map_or(f64::MAX, |out| out.timestamp() as f64);
    (out, -row.share.used_percent)
}

fn projected_range(progress: &WindowProgress, limit: u128) -> Option<ProjectedRange> {
    let found = project(progress)?;
    Some(ProjectedRange { low: percent_of(found.low, limit).round(), high: percent_of(found.high, limit).round() })
}

/// Rounds down to whole minutes, the precision of a forecast.
fn floor_to_minute(when: Timestamp) -> DateTime<Utc> {
    Timestamp(when.0.div_euclid(MICROS_PER_MINUTE) * MICROS_PER_MINUTE).to_utc()
}

/// Returns a part in percent, rounded to a tenth.
fn percent_of(part: u128, whole: u128) -> f64 {
    (part as f64 * 1000.0 / whole as f64).round() / 10.0
}

fn limit_basis(rule: LimitRule) -> LimitBasis {
    match rule {
        LimitRule::Number(_) => LimitBasis::Number,
        LimitRule::Max => LimitBasis::Max,
        LimitRule::P90 | LimitRule::Auto => LimitBasis::P90,
    }
}

fn quota_origin(source: QuotaSource) -> QuotaOrigin {
    match source {
        QuotaSource::StatusLine => QuotaOrigin::StatusLine,
        QuotaSource::CachedUsage => QuotaOrigin::CachedUsage,
        QuotaSource::DesktopHistory => QuotaOrigin::DesktopHistory,
        QuotaSource::LimitMessage | QuotaSource::ErrorResponse => QuotaOrigin::LimitMessage,
    }
}
