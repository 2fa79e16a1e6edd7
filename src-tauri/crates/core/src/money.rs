//! US dollars as integers.
//!
//! All amounts are the list price of the same calls on the API ("API-equivalent" in the user interface), not what a
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

/// The cost of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The cost named in the log.
    Reported(Usd),
    /// The cost computed from the price book.
    Computed(Usd),
    /// An unknown cost, because the price book has no price for the model.
    Unpriced,
}

/// The cost of many messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CostSum {
    /// The cost of the priced messages, in billionths of a dollar.
    pub nanos: u128,
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
        let Self { nanos, unpriced_tokens } = Self::from_message(cost, tokens);
        self.nanos = self.nanos.checked_sub(nanos).expect("only added messages are subtracted");
        self.unpriced_tokens =
            self.unpriced_tokens.checked_sub(unpriced_tokens).expect("only added messages are subtracted");
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.nanos += other.nanos;
        self.unpriced_tokens += other.unpriced_tokens;
    }

    /// Converts the sum to dollars. Returns `None` if none of the `total_tokens` has a price.
    pub fn to_dollars(&self, total_tokens: u128) -> Option<f64> {
        let nothing_is_priced = self.nanos == 0 && total_tokens > 0 && self.unpriced_tokens == total_tokens;
        (!nothing_is_priced).then(|| self.nanos as f64 / Usd::ONE.0 as f64)
    }

    fn from_message(cost: Cost, tokens: u128) -> Self {
        match cost {
            Cost::Reported(usd) | Cost::Computed(usd) => Self { nanos: u128::from(usd.0), unpriced_tokens: 0 },
            Cost::Unpriced => Self { nanos: 0, unpriced_tokens: tokens },
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
}
