//! Dollars, as integers.
//!
//! What a call would have cost on the API at list prices: "API-equivalent" on every surface, because a
//! subscription is not billed by it.

use std::fmt;

use crate::tokens::Usage;

/// Dollars in billionths. One message's cost is far below 2^63; sums are made in [`crate::tokens::Sum`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(pub u64);

impl Usd {
    /// One dollar.
    pub const ONE: Self = Self(1_000_000_000);

    /// From dollars as somebody else wrote them; none where that is no amount.
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        let nanos = dollars * Self::ONE.0 as f64;
        (nanos.is_finite() && (0.0..9.2e18).contains(&nanos)).then(|| Self(nanos.round() as u64))
    }
}

/// With all nine digits: `1.250000000`.
impl fmt::Display for Usd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:09}", self.0 / Self::ONE.0, self.0 % Self::ONE.0)
    }
}

/// What one message costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// As the log itself says.
    Reported(Usd),
    /// By the price book.
    Computed(Usd),
    /// No price is known for its model.
    Unpriced,
}

/// What many messages cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Billionths of a dollar, over all messages with a price.
    pub nanos: u128,
    /// Tokens of messages no price is known for.
    pub unpriced: u128,
}

impl Bill {
    /// Adds one message.
    pub fn add(&mut self, cost: Cost, usage: Usage) {
        self.join(&Self::of(cost, usage));
    }

    /// Takes back one message added before.
    pub fn take(&mut self, cost: Cost, usage: Usage) {
        let Self { nanos, unpriced } = Self::of(cost, usage);
        self.nanos = self.nanos.checked_sub(nanos).expect("only what was added is taken back");
        self.unpriced = self.unpriced.checked_sub(unpriced).expect("only what was added is taken back");
    }

    /// Adds another bill.
    pub fn join(&mut self, other: &Self) {
        self.nanos += other.nanos;
        self.unpriced += other.unpriced;
    }

    /// In dollars; none where nothing of so many tokens has a price.
    pub fn dollars(&self, tokens: u128) -> Option<f64> {
        let nothing_is_priced = self.nanos == 0 && tokens > 0 && self.unpriced == tokens;
        (!nothing_is_priced).then(|| self.nanos as f64 / Usd::ONE.0 as f64)
    }

    fn of(cost: Cost, usage: Usage) -> Self {
        match cost {
            Cost::Reported(usd) | Cost::Computed(usd) => Self { nanos: u128::from(usd.0), unpriced: 0 },
            Cost::Unpriced => Self { nanos: 0, unpriced: usage.total() },
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
