//! Token counts of one message, and their sums over many messages.
//!
//! Integers only. The counts of one message are below 2^63; sums are 128 bits wide, so that adding messages never
//! overflows.

use crate::money::{Cost, CostSum};

/// The tokens and tool calls of one API response, as the maximum of each logged count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Uncached input tokens.
    pub input: u64,
    /// Output tokens, including thinking.
    pub output: u64,
    /// Tokens written to the cache, for five minutes and for one hour together.
    pub cache_write: u64,
    /// The part of `cache_write` that was written for one hour.
    pub cache_write_hour: u64,
    /// Tokens read from the cache.
    pub cache_read: u64,
    /// Web searches made by the server.
    pub web_searches: u64,
    /// Web pages fetched by the server.
    pub web_fetches: u64,
}

impl Usage {
    /// The number of counts.
    pub const FIELDS: usize = 7;

    /// Returns the larger of the two values, field by field.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        let (a, b) = (self.to_array(), other.to_array());
        Self::from_array(std::array::from_fn(|i| a[i].max(b[i])))
    }

    /// Returns the counts in their stored order.
    pub fn to_array(self) -> [u64; Self::FIELDS] {
        let Self { input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches } = self;
        [input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches]
    }

    /// Restores the counts from their stored order.
    pub fn from_array(fields: [u64; Self::FIELDS]) -> Self {
        let [input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches] = fields;
        Self { input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches }
    }

    /// Returns the sum of input, output, cache writes and cache reads.
    pub fn total(self) -> u128 {
        [self.input, self.output, self.cache_write, self.cache_read].into_iter().map(u128::from).sum()
    }
}

/// The usage of one message with its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricedUsage {
    /// The tokens.
    pub usage: Usage,
    /// The cost.
    pub cost: Cost,
    /// True if the output is a lower bound because Claude Code never logged the final count.
    pub under_logged: bool,
}

/// The sum of the usage of many messages, count by count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenSums([u128; Usage::FIELDS]);

impl TokenSums {
    /// Adds one message.
    pub fn add(&mut self, usage: Usage) {
        for (sum, count) in self.0.iter_mut().zip(usage.to_array()) {
            *sum += u128::from(count);
        }
    }

    /// Subtracts one message.
    ///
    /// Panics if the message was not added before.
    pub fn subtract(&mut self, usage: Usage) {
        for (sum, count) in self.0.iter_mut().zip(usage.to_array()) {
            *sum = sum.checked_sub(u128::from(count)).expect("only added messages are subtracted");
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    /// Returns the difference from a part of the sum, or `None` if a count of the part is larger.
    pub fn checked_sub(&self, part: &Self) -> Option<Self> {
        let mut rest = *self;
        for (sum, count) in rest.0.iter_mut().zip(part.0) {
            *sum = sum.checked_sub(count)?;
        }
        Some(rest)
    }

    /// Returns the sum of input, output, cache writes and cache reads.
    pub fn total(&self) -> u128 {
        let [input, output, cache_write, _, cache_read, ..] = self.0;
        input + output + cache_write + cache_read
    }

    /// Returns the sum of input and output, without the cache.
    pub fn input_and_output(&self) -> u128 {
        self.0[0] + self.0[1]
    }

    /// Returns the sums in their stored order, which is that of [`Usage::to_array`].
    pub fn to_array(&self) -> [u128; Usage::FIELDS] {
        self.0
    }

    /// Restores the sums from their stored order.
    pub fn from_array(fields: [u128; Usage::FIELDS]) -> Self {
        Self(fields)
    }
}

/// The tokens and cost of many messages, with the number of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageSum {
    /// The tokens.
    pub tokens: TokenSums,
    /// The number of messages.
    pub messages: u64,
    /// The cost.
    pub cost: CostSum,
    /// The number of messages whose output is a lower bound.
    pub under_logged: u64,
}

impl UsageSum {
    /// Adds one message.
    pub fn add(&mut self, priced: &PricedUsage) {
        self.tokens.add(priced.usage);
        self.messages += 1;
        self.cost.add(priced.cost, priced.usage.total());
        self.under_logged += u64::from(priced.under_logged);
    }

    /// Subtracts one message.
    ///
    /// Panics if the message was not added before.
    pub fn subtract(&mut self, priced: &PricedUsage) {
        self.tokens.subtract(priced.usage);
        self.messages -= 1;
        self.cost.subtract(priced.cost, priced.usage.total());
        self.under_logged -= u64::from(priced.under_logged);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.tokens.merge(&other.tokens);
        self.messages += other.messages;
        self.cost.merge(&other.cost);
        self.under_logged += other.under_logged;
    }

    /// Returns the difference from a part of the sum, or `None` if a count of the part is larger.
    pub fn checked_sub(&self, part: &Self) -> Option<Self> {
        Some(Self {
            tokens: self.tokens.checked_sub(&part.tokens)?,
            messages: self.messages.checked_sub(part.messages)?,
            cost: self.cost.checked_sub(&part.cost)?,
            under_logged: self.under_logged.checked_sub(part.under_logged)?,
        })
    }
}

impl<'a> std::iter::Sum<&'a UsageSum> for UsageSum {
    fn sum<I: Iterator<Item = &'a Self>>(sums: I) -> Self {
        sums.fold(Self::default(), |mut total, sum| {
            total.merge(sum);
            total
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::KindCostSums;

    #[test]
    fn a_sum_without_a_part_is_the_rest() {
        let sum = |messages: u64| {
            let count = u128::from(messages);
            UsageSum {
                tokens: TokenSums::from_array([count; Usage::FIELDS]),
                messages,
                cost: CostSum { nanos: count, kinds: KindCostSums::from_array([count; 4]), unpriced_tokens: count },
                under_logged: messages,
            }
        };
        assert_eq!(sum(7).checked_sub(&sum(3)), Some(sum(4)));
        assert_eq!(sum(3).checked_sub(&sum(3)), Some(UsageSum::default()));
        assert_eq!(sum(3).checked_sub(&sum(7)), None);
        let unpriced = CostSum { unpriced_tokens: 1, ..CostSum::default() };
        assert_eq!(sum(0).checked_sub(&UsageSum { cost: unpriced, ..UsageSum::default() }), None);
    }
}
