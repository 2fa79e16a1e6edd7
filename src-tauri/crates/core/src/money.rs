//! Dollars, as integers.
//!
//! What a call would have cost on the API at list prices: "API-equivalent" on every surface, because a
//! subscription is not billed by it.

use std::fmt;

/// Dollars in billionths. One message's cost is far below 2^63; sums are made in [`crate::Sum`].
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
