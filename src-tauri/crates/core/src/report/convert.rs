//! Conversions of domain values to the public figures of [`model`](crate::report::model).

use crate::audit::TokenDelta;
use crate::blocks::{Block, BlockEdges, BlockSource};
use crate::interner::{Interner, ModelId};
use crate::ledger::{DailySums, ReportedExcess};
use crate::money::{CostSum, Usd};
use crate::quota::CurrentAccounts;
use crate::rates::BurnRates;
use crate::report::model::{
    Amount, BillingBlock, BurnLevel, BurnRate, CostBasis, CostByKind, DayStats, Provenance, Totals, UnloggedUsage,
};
use crate::time::Timestamp;
use crate::tokens::UsageSum;
use crate::tokens_and_cost::TokensAndCost;

impl From<&UsageSum> for Totals {
    fn from(sum: &UsageSum) -> Self {
        let [input_tokens, output_tokens, cache_creation_tokens, cache_creation_1h_tokens, cache_read_tokens, ..] =
            sum.tokens.to_array();
        let total_tokens = sum.tokens.total();
        Self {
            input_tokens,
            output_tokens,
            cache_creation_tokens,
            cache_creation_1h_tokens,
            cache_read_tokens,
            total_tokens,
            total_cost: sum.cost.to_dollars(total_tokens),
            cost_by_kind: sum.cost.to_dollars(total_tokens).map(|_| CostByKind::from(&sum.cost)),
            cost_basis: CostBasis::ApiEquivalent,
            unpriced_tokens: sum.cost.unpriced_tokens,
            message_count: sum.messages,
            under_logged_messages: sum.under_logged,
            label: Provenance::Measured,
        }
    }
}

impl From<&CostSum> for CostByKind {
    fn from(cost: &CostSum) -> Self {
        let dollars = |nanos: u128| nanos as f64 / Usd::ONE.0 as f64;
        let [input, output, cache_creation, cache_read] = cost.kinds.to_array().map(dollars);
        Self { input, output, cache_creation, cache_read, other: dollars(cost.nanos_without_kind()) }
    }
}

/// The totals of no messages, with a cost of zero.
impl Default for Totals {
    fn default() -> Self {
        Self::from(&UsageSum::default())
    }
}

impl From<&TokensAndCost> for Amount {
    fn from(value: &TokensAndCost) -> Self {
        Self { tokens: value.tokens, cost: value.cost.to_dollars(value.tokens) }
    }
}

impl From<ReportedExcess> for UnloggedUsage {
    fn from(excess: ReportedExcess) -> Self {
        Self {
            input_tokens: excess.input,
            output_tokens: excess.output,
            cache_creation_tokens: excess.cache_write,
            cache_read_tokens: excess.cache_read,
            cost: excess.cost_nanos as f64 / Usd::ONE.0 as f64,
            cost_is_lower_bound: excess.cost_is_lower_bound,
        }
    }
}

impl From<&Totals> for TokenDelta {
    fn from(totals: &Totals) -> Self {
        let kinds = [totals.input_tokens, totals.output_tokens, totals.cache_creation_tokens, totals.cache_read_tokens];
        Self::from_kinds(kinds.map(|kind| i128::try_from(kind).unwrap_or(i128::MAX)))
    }
}

/// Converts daily sums to the figures of the days that have messages, in order, with the sum over all of them.
pub fn day_stats(sums: DailySums) -> (Vec<DayStats>, UsageSum) {
    let days = sums.into_sums();
    let total = days.values().sum();
    (days.into_iter().map(|(date, sum)| DayStats { date, totals: Totals::from(&sum) }).collect(), total)
}

/// Input and output tokens per minute from which the burn rate is moderate, like the indicator of ccusage.
const MODERATE_TOKENS_PER_MINUTE: u64 = 2_000;

/// Input and output tokens per minute from which the burn rate is high, like the indicator of ccusage.
const HIGH_TOKENS_PER_MINUTE: u64 = 5_000;

impl From<&BurnRates> for BurnRate {
    fn from(rates: &BurnRates) -> Self {
        let fresh = rates.input_and_output_per_minute();
        Self {
            tokens_per_minute: rates.tokens_per_minute(),
            fresh_tokens_per_minute: fresh,
            level: match fresh {
                HIGH_TOKENS_PER_MINUTE.. => BurnLevel::High,
                MODERATE_TOKENS_PER_MINUTE.. => BurnLevel::Moderate,
                _ => BurnLevel::Normal,
            },
            cost_per_hour: rates.dollars_per_hour(),
            cost_is_lower_bound: rates.has_unpriced_tokens(),
            label: Provenance::Measured,
        }
    }
}

impl From<BlockSource> for Provenance {
    fn from(source: BlockSource) -> Self {
        match source {
            BlockSource::Official | BlockSource::LimitMessage => Self::Official,
            BlockSource::Estimate | BlockSource::Utc => Self::Estimated,
        }
    }
}

impl Block {
    /// Converts the block to its public form. `now` decides if it is active.
    pub fn to_billing_block(
        &self,
        now: Timestamp,
        models: &Interner<ModelId>,
        accounts: &CurrentAccounts,
    ) -> BillingBlock {
        let BlockEdges { start, end, source } = self.edges;
        let start_text = start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let tokens_used = self.sum.tokens.total();
        let account = self.account.and_then(|account| accounts.name_if_several(account)).map(str::to_owned);
        BillingBlock {
            id: match &account {
                _ if self.is_gap => format!("gap-{start_text}"),
                Some(account) => format!("{start_text} of {account}"),
                None => start_text,
            },
            start_time: start,
            end_time: end,
            is_active: self.contains(now),
            is_gap: self.is_gap,
            tokens_used,
            cost_usd: self.sum.cost.to_dollars(tokens_used),
            unpriced_tokens: self.sum.cost.unpriced_tokens,
            message_count: self.sum.messages,
            models: self.models.iter().map(|&model| models.text_of(model)).collect(),
            peak_tokens_per_minute: self.peak_tokens_per_minute(),
            curve: self.usage_curve(now),
            source,
            label: source.into(),
            account,
        }
    }
}
