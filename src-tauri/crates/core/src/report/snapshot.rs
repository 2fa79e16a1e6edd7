//! Builds the figures of a snapshot from the ledger at an instant.
//!
//! Surfaces only format these figures; they do not compute any.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::blocks::block::Block;
use crate::blocks::limit_rule::LimitRule;
use crate::blocks::placement::{BlockPlacement, BlockPlacer};
use crate::interner::{ModelId, SessionId};
use crate::ledger::recent_buckets::RecentBuckets;
use crate::ledger::totals::Ledger;
use crate::quota::{AccountId, QuotaWindow};
use crate::rates::burn_rate::{BurnRates, round_to_3_significant_digits};
use crate::rates::forecast::project;
use crate::rates::minute_series;
use crate::report::comparison;
use crate::report::context::ViewContext;
use crate::report::limit_usage::{LimitCalculator, LimitUnit};
use crate::report::model::{
    Amount, BillingBlock, BurnRate, DayStats, LimitUse, ModelStats, ProjectedRange, QuotaStats, ReachedLimit,
    TodayComparison, Totals, WeekStats,
};
use crate::time::calendar;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;

/// Builds figures from a ledger at an instant, for one viewer.
#[derive(Debug)]
pub struct SnapshotBuilder<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) context: ViewContext<'a>,
    pub(crate) burn_rates: BurnRates,
    /// The usage of the account used last.
    account_usage: AccountUsage<'a>,
    block: Option<Block>,
    /// The part of the active block that each session used.
    pub(crate) session_blocks: FxHashMap<SessionId, Block>,
}

impl<'a> SnapshotBuilder<'a> {
    /// Creates a builder: finds the active block and computes the burn rates.
    pub fn new(ledger: &'a Ledger, context: ViewContext<'a>) -> Self {
        let burn_rates = BurnRates::from_recent(context.now, &ledger.recent);
        let account_usage = match context.accounts.primary().filter(|_| context.accounts.are_several()) {
            Some(account) => AccountUsage::of_account(account, &ledger.recent, &context),
            None => AccountUsage { recent: Cow::Borrowed(&ledger.recent), burn_rates: burn_rates.clone() },
        };
        let block = find_active_block(&account_usage.recent, &context);
        let session_blocks =
            block.as_ref().map(|block| blocks_by_session(&account_usage.recent, block)).unwrap_or_default();
        Self { ledger, context, burn_rates, account_usage, block, session_blocks }
    }

    /// Returns the total burn rate.
    pub fn burn_rate(&self) -> BurnRate {
        BurnRate::from(&self.burn_rates)
    }

    /// Returns the active block.
    pub fn current_block(&self) -> Option<BillingBlock> {
        self.block.as_ref().map(|block| self.billing_block(block))
    }

    /// Returns the used share of the active block's token limit: the official share if it is current and applies to this
    /// block, otherwise the share of the configured limit or of past blocks.
    pub fn block_use(&self) -> Option<LimitUse> {
        let block = self.block.as_ref()?;
        let calculator = self.limit_calculator();
        let official = match (self.context.placement, self.context.token_limit) {
            (BlockPlacement::Auto, LimitRule::Auto) => {
                calculator.current_quota(&QuotaWindow::FiveHour).filter(|usage| block.contains(usage.at))
            }
            // An official share does not apply to blocks with another placement.
            (BlockPlacement::Auto | BlockPlacement::Estimate | BlockPlacement::Utc, _) => None,
        };
        match official {
            Some(usage) => Some(calculator.official_use(&QuotaWindow::FiveHour, &usage)),
            None => calculator.block_use(block, self.context.token_limit, LimitUnit::Tokens),
        }
    }

    /// Returns the used share of the active block's cost limit, if there is one.
    pub fn block_cost_use(&self) -> Option<LimitUse> {
        self.limit_calculator().block_use(self.block.as_ref()?, self.context.cost_limit?, LimitUnit::Cost)
    }

    /// Returns the projected tokens at the end of the active block.
    pub fn projected_tokens(&self) -> Option<ProjectedRange> {
        let progress = self.limit_calculator().block_progress(self.block.as_ref()?, LimitUnit::Tokens);
        let round = |tokens| round_to_3_significant_digits(tokens) as f64;
        project(&progress).map(|found| ProjectedRange { low: round(found.low), high: round(found.high) })
    }

    /// Returns the official quota windows. Those of the account used last come first; only they bind.
    pub fn quota_stats(&self) -> Vec<QuotaStats> {
        let accounts = self.context.accounts;
        let primary = accounts.primary().and_then(|account| accounts.name_if_several(account));
        let mut rows = self.limit_calculator().quota_stats(primary);
        for account in accounts.others() {
            let Some(quota) = self.context.account_quotas.own(account) else { continue };
            let usage = AccountUsage::of_account(account, &self.ledger.recent, &self.context);
            let context = ViewContext { quota, ..self.context };
            rows.extend(usage.limit_calculator(&context).account_stats(accounts.name_if_several(account)));
        }
        rows
    }

    /// Returns the limits that are reached and whose reset time is unknown.
    pub fn reached_limits(&self) -> Vec<ReachedLimit> {
        self.limit_calculator().reached_limits(&self.ledger.names.models)
    }

    /// Returns the usage of the official week if its end is known, otherwise of the last seven days.
    pub fn week_stats(&self) -> WeekStats {
        let ViewContext { now, quota, .. } = self.context;
        let resets = quota.current_usage(&QuotaWindow::Weekly, now).and_then(|week| week.resets_at);
        let start = resets.unwrap_or(now).minus_micros(QuotaWindow::Weekly.length_micros()).slot().start();
        // The official week is that of one account.
        let recent = if resets.is_some() { &self.account_usage.recent } else { &self.ledger.recent };
        let rows = recent.from_slot(start.slot()).filter(|(key, _)| key.slot.start() <= now);
        let sum = rows.map(|(_, bucket)| &bucket.sum).sum::<UsageSum>();
        WeekStats { start_time: start.to_utc(), end_time: resets.map(Timestamp::to_utc), totals: Totals::from(&sum) }
    }

    /// Returns the usage of today in the viewer's zone.
    pub fn day_stats(&self) -> DayStats {
        let ViewContext { now, zone, .. } = self.context;
        let date = calendar::local_date(now, zone);
        let tomorrow = date.succ_opt().map(|next| calendar::first_slot(next, zone));
        let today = self.ledger.recent.from_slot(calendar::first_slot(date, zone));
        let sum = today.filter(|(key, _)| tomorrow.is_none_or(|tomorrow| key.slot < tomorrow));
        DayStats { date, totals: Totals::from(&sum.map(|(_, bucket)| &bucket.sum).sum::<UsageSum>()) }
    }

    /// Returns the days with which today is compared. The typical day is computed by the caller, because it changes once a
    /// day only.
    pub fn today_comparison(&self, typical_day: Option<Amount>) -> TodayComparison {
        comparison::compare_today(self.context.now, self.context.zone, &self.ledger.recent, typical_day)
    }

    /// Returns the tokens of each of the last 60 minutes, oldest first.
    pub fn tokens_of_last_hour(&self) -> Vec<u64> {
        let now = self.context.now;
        let buckets = self.ledger.recent.from_slot(minute_series::first_slot_of_last_hour(now));
        minute_series::tokens_of_last_hour(now, buckets)
    }

    /// Returns the usage by model, sorted by name.
    pub fn model_stats(&self) -> Vec<ModelStats> {
        self.stats_by_model(self.ledger.sessions.values().flat_map(|session| session.models.iter()))
    }

    /// Converts a block to its public form.
    pub fn billing_block(&self, block: &Block) -> BillingBlock {
        block.to_billing_block(self.context.now, &self.ledger.names.models, self.context.accounts)
    }

    pub(crate) fn stats_by_model<'m>(&self, rows: impl Iterator<Item = (ModelId, &'m UsageSum)>) -> Vec<ModelStats> {
        let mut sums: FxHashMap<ModelId, UsageSum> = FxHashMap::default();
        for (model, sum) in rows {
            sums.entry(model).or_default().merge(sum);
        }
        // Several ids can have the same text, if names are not valid UTF-8.
        let mut named: BTreeMap<String, UsageSum> = BTreeMap::new();
        for (model, sum) in sums {
            named.entry(self.ledger.names.models.text_of(model)).or_default().merge(&sum);
        }
        named.into_iter().map(|(model, sum)| ModelStats { model, totals: Totals::from(&sum) }).collect()
    }

    fn limit_calculator(&self) -> LimitCalculator<'_> {
        self.account_usage.limit_calculator(&self.context)
    }
}

/// The recent usage of one account.
#[derive(Debug)]
struct AccountUsage<'a> {
    recent: Cow<'a, RecentBuckets>,
    burn_rates: BurnRates,
}

impl AccountUsage<'_> {
    fn of_account(account: AccountId, recent: &RecentBuckets, context: &ViewContext<'_>) -> Self {
        let own = recent.of_sessions(|session| context.accounts.is_session_of(session, account));
        Self { burn_rates: BurnRates::from_recent(context.now, &own), recent: Cow::Owned(own) }
    }

    fn limit_calculator<'c>(&'c self, context: &'c ViewContext<'c>) -> LimitCalculator<'c> {
        LimitCalculator { context, recent: &self.recent, burn_rates: &self.burn_rates }
    }
}

/// Returns the block that contains now. The times of all buckets place it, and only its own buckets are summed.
fn find_active_block(recent: &RecentBuckets, context: &ViewContext<'_>) -> Option<Block> {
    let mut blocks = BlockPlacer::new(context.placement, context.known_windows);
    recent.all_times().for_each(|(slot, first, last)| blocks.add_times(slot, first, last));
    let unused = blocks.unused_known_window(context.now);
    let found = blocks.finish().into_iter().rev().find(|block| block.contains(context.now)).or(unused)?;
    let mut active = Block { account: context.accounts.primary(), ..Block::without_messages(found.edges) };
    let end = Timestamp::from(active.edges.end);
    let own =
        recent.from_slot(Timestamp::from(active.edges.start).slot()).take_while(|(key, _)| key.slot.start() < end);
    own.for_each(|(key, bucket)| active.add_bucket(key, bucket));
    Some(active)
}

fn blocks_by_session(recent: &RecentBuckets, block: &Block) -> FxHashMap<SessionId, Block> {
    let mut blocks: FxHashMap<SessionId, Block> = FxHashMap::default();
    let end = Timestamp::from(block.edges.end);
    for (key, bucket) in recent.from_slot(Timestamp::from(block.edges.start).slot()) {
        if key.slot.start() < end {
            blocks.entry(key.session).or_insert_with(|| Block::without_messages(block.edges)).add_bucket(key, bucket);
        }
    }
    blocks
}
