//! What Claude Code's own counter says of a session: its `cost-state` records.
//!
//! The counter also covers calls that no log tells of, such as titles and recaps. So it is compared with what was
//! counted, never added to it: the remainder is shown as "not in the logs".

use crate::money::Usd;
use crate::report::model::NotInLogs;
use crate::tokens::{Sum, Usage};

/// Claude Code's own counter of one session. It only grows, so of two records the larger is the later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counter {
    /// What it says the session would have cost.
    pub cost: Usd,
    /// Uncached input.
    pub input: u64,
    /// Output, thinking included.
    pub output: u64,
    /// Written to the cache.
    pub cache_write: u64,
    /// Read from the cache.
    pub cache_read: u64,
    /// Web searches the server made.
    pub web_searches: u64,
    /// Whether it knows no price for one of the models: then its cost is a lower bound.
    pub lower_bound: bool,
}

impl Counter {
    /// Adds the figures of one model.
    #[must_use]
    pub fn with(self, usage: Usage) -> Self {
        Self {
            input: self.input.saturating_add(usage.input),
            output: self.output.saturating_add(usage.output),
            cache_write: self.cache_write.saturating_add(usage.cache_write),
            cache_read: self.cache_read.saturating_add(usage.cache_read),
            web_searches: self.web_searches.saturating_add(usage.web_searches),
            ..self
        }
    }

    /// What it says beyond what was counted; none where that is nothing.
    pub fn beyond(&self, sum: &Sum) -> Option<NotInLogs> {
        let [input, output, cache_write, _, cache_read, ..] = sum.tokens.fields();
        let more = |said: u64, counted: u128| u128::from(said).saturating_sub(counted);
        let rest = NotInLogs {
            input_tokens: more(self.input, input),
            output_tokens: more(self.output, output),
            cache_creation_tokens: more(self.cache_write, cache_write),
            cache_read_tokens: more(self.cache_read, cache_read),
            cost: more(self.cost.0, sum.bill.nanos) as f64 / Usd::ONE.0 as f64,
            cost_is_lower_bound: self.lower_bound,
        };
        (rest.total() > 0).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Cost;
    use crate::tokens::Charge;

    #[test]
    fn only_what_the_logs_lack_is_left() {
        let usage = |input, output| Usage { input, output, ..Usage::default() };
        let counter = Counter { cost: Usd(50), ..Counter::default() }.with(usage(10, 3)).with(usage(1, 4));
        let mut sum = Sum::default();
        sum.add(&Charge { usage: usage(11, 5), cost: Cost::Computed(Usd(20)), under_logged: false });
        let rest = counter.beyond(&sum).expect("two output tokens are left");
        assert_eq!((rest.input_tokens, rest.output_tokens, rest.cost), (0, 2, 30e-9));
        sum.add(&Charge { usage: usage(0, 2), cost: Cost::Unpriced, under_logged: false });
        assert_eq!(counter.beyond(&sum), None);
    }
}
