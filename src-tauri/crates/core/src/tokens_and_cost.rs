//! A token total with its cost, for figures that do not distinguish the kinds of token.

use crate::money::{CostSum, KindCostSums};
use crate::tokens::UsageSum;

/// A token total with its cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokensAndCost {
    /// Input, output, cache writes and cache reads together.
    pub tokens: u128,
    /// The cost of the tokens.
    pub cost: CostSum,
}

impl TokensAndCost {
    /// Adds another value.
    pub fn merge(&mut self, other: &Self) {
        self.tokens += other.tokens;
        self.cost.merge(&other.cost);
    }

    /// Returns `parts` of `total_parts` equal parts, rounded down. No parts at all count as one.
    pub(crate) fn scale(&self, parts: usize, total_parts: usize) -> Self {
        let scaled = |whole: u128| whole * parts as u128 / total_parts.max(1) as u128;
        let CostSum { nanos, kinds, unpriced_tokens } = self.cost;
        let kinds = KindCostSums::from_array(kinds.to_array().map(scaled));
        let cost = CostSum { nanos: scaled(nanos), kinds, unpriced_tokens: scaled(unpriced_tokens) };
        Self { tokens: scaled(self.tokens), cost }
    }
}

impl From<&UsageSum> for TokensAndCost {
    fn from(sum: &UsageSum) -> Self {
        Self { tokens: sum.tokens.total(), cost: sum.cost }
    }
}

impl<'a> std::iter::Sum<&'a TokensAndCost> for TokensAndCost {
    fn sum<I: Iterator<Item = &'a Self>>(values: I) -> Self {
        values.fold(Self::default(), |mut total, value| {
            total.merge(value);
            total
        })
    }
}
