//! US dollars as integers, and costs by kind of token.
//!
//! The kinds of a sum and the part without a kind add up to its cost exactly. All amounts are the list price of the same calls on the API ("API-equivalent" in the user interface), not what a
//! subscription is billed.

use std::fmt;

/// An amount in billionths of a dollar. The cost of one message is far below 2^63; [`CostSum`] adds them up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(pub u64);

impl Usd {
    /// A dollar.
    pub const ONE: Self = Self(1_000_000_000);

    /// Converts dollars, rounded to billionths. Returns `None` if the value is negative, not finite or too large.
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        let nanos = dollars * Self::ONE.0 as f64;
        (nanos.is_finite() && (0.0..9.2e18).contains(&nanos)).then(|| Self(nanos.round() as u64))
    }
}

/// Formats the amount with nine decimal places: `1.250000000`.
impl fmt::Display for Usd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:09}", self.0 / Self::ONE.0, self.0 % Self::ONE.0)
    }
}

/// The computed cost of one message by kind of token. The parts add up to the cost of the message, which is rounded only
/// once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCosts {
    /// The cost of uncached input.
    pub input: Usd,
    /// The cost of output.
    pub output: Usd,
    /// The cost of cache writes, for five minutes and for one hour together.
    pub cache_write: Usd,
    /// The cost of cache reads.
    pub cache_read: Usd,
    /// The cost of web searches, which are no tokens.
    pub web_search: Usd,
}

impl KindCosts {
    /// Returns the cost of the message.
    pub fn total(&self) -> Usd {
        let Self { input, output, cache_write, cache_read, web_search } = self;
        Usd([input, output, cache_write, cache_read, web_search].iter().map(|part| part.0).sum())
    }
}

/// The cost of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The cost named in the log. It is not divided by kind.
    Reported(Usd),
    /// The cost computed from the price book.
    Computed(KindCosts),
    /// An unknown cost, because the price book has no price for the model.
    Unpriced,
}

/// The cost of many messages by kind of token, in billionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCostSums([u128; Self::KINDS]);

impl KindCostSums {
    /// The number of kinds of token: input, output, cache write and cache read.
    pub const KINDS: usize = 4;

    /// Returns the sums in their stored order: input, output, cache write, cache read.
    pub fn to_array(&self) -> [u128; Self::KINDS] {
        self.0
    }

    /// Restores the sums from their stored order.
    pub fn from_array(kinds: [u128; Self::KINDS]) -> Self {
        Self(kinds)
    }

    fn merge(&mut self, other: &Self) {
        for (sum, kind) in self.0.iter_mut().zip(other.0) {
            *sum += kind;
        }
    }

    fn checked_sub(&self, part: &Self) -> Option<Self> {
        let mut rest = *self;
        for (sum, kind) in rest.0.iter_mut().zip(part.0) {
            *sum = sum.checked_sub(kind)?;
        }
        Some(rest)
    }
}

impl From<&KindCosts> for KindCostSums {
    fn from(costs: &KindCosts) -> Self {
        let KindCosts { input, output, cache_write, cache_read, web_search: _ } = costs;
        Self([input, output, cache_write, cache_read].map(|kind| u128::from(kind.0)))
    }
}

/// The cost of many messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CostSum {
    /// The cost of the priced messages, in billionths of a dollar.
    pub nanos: u128,
    /// The part of `nanos` that is known by kind of token.
    pub kinds: KindCostSums,
    /// The number of tokens of the unpriced messages.
    pub unpriced_tokens: u128,
}

impl CostSum {
    /// Adds the cost of one message with this many tokens.
    pub fn add(&mut self, cost: Cost, tokens: u128) {
        self.merge(&Self::from_message(cost, tokens));
    }

    /// Subtracts the cost of one message with this many tokens.
    ///
    /// Panics if the message was not added before.
    pub fn subtract(&mut self, cost: Cost, tokens: u128) {
        let rest = self.checked_sub(&Self::from_message(cost, tokens));
        *self = rest.expect("only added messages are subtracted");
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.nanos += other.nanos;
        self.kinds.merge(&other.kinds);
        self.unpriced_tokens += other.unpriced_tokens;
    }

    /// Returns the difference from a part of the sum, or `None` if a part of it is larger.
    pub fn checked_sub(&self, part: &Self) -> Option<Self> {
        Some(Self {
            nanos: self.nanos.checked_sub(part.nanos)?,
            kinds: self.kinds.checked_sub(&part.kinds)?,
            unpriced_tokens: self.unpriced_tokens.checked_sub(part.unpriced_tokens)?,
        })
    }

    /// Returns the part of the cost that belongs to no kind of token, in billionths of a dollar: web searches, and costs
    /// named in the logs.
    pub fn nanos_without_kind(&self) -> u128 {
        self.kinds.0.iter().fold(self.nanos, |rest, kind| rest.saturating_sub(*kind))
    }

    /// Converts the sum to dollars. Returns `None` if none of the `total_tokens` has a price.
    pub fn to_dollars(&self, total_tokens: u128) -> Option<f64> {
        let nothing_is_priced = self.nanos == 0 && total_tokens > 0 && self.unpriced_tokens == total_tokens;
        (!nothing_is_priced).then(|| self.nanos as f64 / Usd::ONE.0 as f64)
    }

    fn from_message(cost: Cost, tokens: u128) -> Self {
        match cost {
            Cost::Reported(usd) => Self { nanos: u128::from(usd.0), ..Self::default() },
            Cost::Computed(costs) => {
                Self { nanos: u128::from(costs.total().0), kinds: KindCostSums::from(&costs), unpriced_tokens: 0 }
            }
            Cost::Unpriced => Self { unpriced_tokens: tokens, ..Self::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_rounded_to_billionths() {
        assert_eq!(Usd::from_dollars(0.031_900_000_4), Some(Usd(31_900_000)));
        assert_eq!([f64::NAN, -1.0, f64::INFINITY].map(Usd::from_dollars), [None; 3]);
        assert_eq!(Usd(1_250_000_000).to_string(), "1.250000000");
    }

    #[test]
    fn the_kinds_and_the_rest_add_up_to_the_cost() {
        let costs = KindCosts {
            input: Usd(1),
            output: Usd(20),
            cache_write: Usd(300),
            cache_read: Usd(4_000),
            web_search: Usd(50_000),
        };
        let mut sum = CostSum::default();
        sum.add(Cost::Computed(costs), 10);
        sum.add(Cost::Reported(Usd(600_000)), 10);
        sum.add(Cost::Unpriced, 7);
        assert_eq!((sum.nanos, sum.unpriced_tokens), (654_321, 7));
        assert_eq!(sum.kinds.to_array(), [1, 20, 300, 4_000]);
        assert_eq!(sum.nanos_without_kind(), 650_000, "the searches and the cost named in the log");
        sum.subtract(Cost::Computed(costs), 10);
        assert_eq!((sum.nanos, sum.kinds), (600_000, KindCostSums::default()));
    }
}
