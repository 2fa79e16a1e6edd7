//! Tokens and what they cost, where the kinds of token do not matter.

use crate::money::Bill;
use crate::report::model::Amount;
use crate::tokens::Sum;

/// Tokens and what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// All four kinds together.
    pub tokens: u128,
    /// Their cost.
    pub bill: Bill,
}

impl Spent {
    /// Adds another.
    pub fn join(&mut self, other: &Self) {
        self.tokens += other.tokens;
        self.bill.join(&other.bill);
    }

    /// So many of so many equal parts, rounded down.
    pub(crate) fn parts(&self, some: usize, all: usize) -> Self {
        let part = |whole: u128| whole * some as u128 / all.max(1) as u128;
        let bill = Bill { nanos: part(self.bill.nanos), unpriced: part(self.bill.unpriced) };
        Self { tokens: part(self.tokens), bill }
    }

    /// As a surface shows it.
    pub fn amount(&self) -> Amount {
        Amount { tokens: self.tokens, cost: self.bill.dollars(self.tokens) }
    }
}

impl From<&Sum> for Spent {
    fn from(sum: &Sum) -> Self {
        Self { tokens: sum.tokens.total(), bill: sum.bill }
    }
}

impl<'a> std::iter::Sum<&'a Spent> for Spent {
    fn sum<I: Iterator<Item = &'a Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum.join(one);
            sum
        })
    }
}
