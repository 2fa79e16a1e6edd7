//! Claude Code's own totals of a session, from `cost-state` records.
//!
//! They include calls that no log contains, such as titles and recaps. They are therefore compared with the counted
//! messages and never added to them: the excess is shown as "not in the logs". A fork continues the totals of the
//! session it was made from, so those are subtracted first.

use crate::money::Usd;
use crate::time::timestamp::Timestamp;
use crate::tokens::{Usage, UsageSum};

/// Claude Code's own totals of one session. They only grow, so the larger of two records is the later one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportedTotals {
    /// The cost.
    pub cost: Usd,
    /// Uncached input tokens.
    pub input: u64,
    /// Output tokens, including thinking.
    pub output: u64,
    /// Tokens written to the cache.
    pub cache_write: u64,
    /// Tokens read from the cache.
    pub cache_read: u64,
    /// Web searches made by the server.
    pub web_searches: u64,
    /// True if Claude Code has no price for one of the models, which makes the cost a lower bound.
    pub cost_is_lower_bound: bool,
    /// The time at which the totals were zero, if known. A fork that continues the totals of another session has the
    /// same start.
    pub start: Option<Timestamp>,
}

/// The amount by which the reported totals of a session exceed its counted messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportedExcess {
    /// Uncached input tokens.
    pub input: u128,
    /// Output tokens, including thinking.
    pub output: u128,
    /// Tokens written to the cache.
    pub cache_write: u128,
    /// Tokens read from the cache.
    pub cache_read: u128,
    /// The cost in billionths of a dollar.
    pub cost_nanos: u128,
    /// True if the cost is a lower bound.
    pub cost_is_lower_bound: bool,
}

impl ReportedExcess {
    /// Returns the sum of the four token counts.
    pub fn total(&self) -> u128 {
        self.input + self.output + self.cache_write + self.cache_read
    }
}

impl ReportedTotals {
    /// Adds the usage of one model.
    #[must_use]
    pub fn add_model_usage(self, usage: Usage) -> Self {
        Self {
            input: self.input.saturating_add(usage.input),
            output: self.output.saturating_add(usage.output),
            cache_write: self.cache_write.saturating_add(usage.cache_write),
            cache_read: self.cache_read.saturating_add(usage.cache_read),
            web_searches: self.web_searches.saturating_add(usage.web_searches),
            ..self
        }
    }

    /// Returns the totals without those that were continued from another session, or `None` if the latter are larger.
    #[must_use]
    pub fn checked_sub(&self, continued: &Self) -> Option<Self> {
        Some(Self {
            cost: Usd(self.cost.0.checked_sub(continued.cost.0)?),
            input: self.input.checked_sub(continued.input)?,
            output: self.output.checked_sub(continued.output)?,
            cache_write: self.cache_write.checked_sub(continued.cache_write)?,
            cache_read: self.cache_read.checked_sub(continued.cache_read)?,
            web_searches: self.web_searches.checked_sub(continued.web_searches)?,
            ..*self
        })
    }

    /// Returns true if no token count is smaller than that of the counted messages.
    pub fn includes(&self, sum: &UsageSum) -> bool {
        let [input, output, cache_write, _, cache_read, ..] = sum.tokens.to_array();
        [(self.input, input), (self.output, output), (self.cache_write, cache_write), (self.cache_read, cache_read)]
            .into_iter()
            .all(|(reported, counted)| u128::from(reported) >= counted)
    }

    /// Returns the excess over the counted messages, or `None` if there are no tokens in excess.
    pub fn excess_over(&self, sum: &UsageSum) -> Option<ReportedExcess> {
        let [input, output, cache_write, _, cache_read, ..] = sum.tokens.to_array();
        let excess = |reported: u64, counted: u128| u128::from(reported).saturating_sub(counted);
        let excess = ReportedExcess {
            input: excess(self.input, input),
            output: excess(self.output, output),
            cache_write: excess(self.cache_write, cache_write),
            cache_read: excess(self.cache_read, cache_read),
            cost_nanos: excess(self.cost.0, sum.cost.nanos),
            cost_is_lower_bound: self.cost_is_lower_bound,
        };
        (excess.total() > 0).then_some(excess)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Cost;
    use crate::tokens::PricedUsage;

    #[test]
    fn the_excess_is_the_difference_of_each_count() {
        let usage = |input, output| Usage { input, output, ..Usage::default() };
        let totals = ReportedTotals { cost: Usd(50), ..ReportedTotals::default() };
        let totals = totals.add_model_usage(usage(10, 3)).add_model_usage(usage(1, 4));
        let mut sum = UsageSum::default();
        sum.add(&PricedUsage { usage: usage(11, 5), cost: Cost::Reported(Usd(20)), under_logged: false });
        let excess = totals.excess_over(&sum).expect("two output tokens are in excess");
        assert_eq!((excess.input, excess.output, excess.cost_nanos), (0, 2, 30));
        sum.add(&PricedUsage { usage: usage(0, 2), cost: Cost::Unpriced, under_logged: false });
        assert_eq!(totals.excess_over(&sum), None);
    }
}
