//! Tokens of the four kinds, as differences too.
//!
//! Integers wide and signed: what one step takes away another gives back, and every sum must come out exactly.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::report::model::Totals;

/// What one line tells, kind by kind: input, output, cache writes, cache reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(pub(super) [u64; 4]);

impl Counts {
    /// Where cache writes stand.
    pub(crate) const CACHE_WRITE: usize = 2;

    /// The larger of the two, kind by kind.
    pub(crate) fn max(self, other: Self) -> Self {
        Self(std::array::from_fn(|kind| self.0[kind].max(other.0[kind])))
    }

    /// All four together.
    pub(crate) fn total(self) -> u128 {
        self.0.into_iter().map(u128::from).sum()
    }
}

/// A sum of tokens, or the difference of two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Four([i128; 4]);

impl Four {
    /// Input, output, cache writes and cache reads, in this order.
    pub fn kinds(self) -> [i128; 4] {
        self.0
    }

    /// All four together.
    pub fn total(self) -> i128 {
        self.0.into_iter().sum()
    }

    /// Whether there is nothing of any kind.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl From<Counts> for Four {
    fn from(counts: Counts) -> Self {
        Self(counts.0.map(i128::from))
    }
}

impl From<&Totals> for Four {
    fn from(totals: &Totals) -> Self {
        let kinds = [totals.input_tokens, totals.output_tokens, totals.cache_creation_tokens, totals.cache_read_tokens];
        Self(kinds.map(|kind| i128::try_from(kind).unwrap_or(i128::MAX)))
    }
}

impl Add for Four {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|kind| self.0[kind] + other.0[kind]))
    }
}

impl Sub for Four {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|kind| self.0[kind] - other.0[kind]))
    }
}

impl AddAssign for Four {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Four {
    fn sum<I: Iterator<Item = Self>>(fours: I) -> Self {
        fours.fold(Self::default(), Add::add)
    }
}

impl Serialize for Four {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [input, output, cache_write, cache_read] = self.0;
        let mut fields = serializer.serialize_struct("Four", 5)?;
        fields.serialize_field("inputTokens", &input)?;
        fields.serialize_field("outputTokens", &output)?;
        fields.serialize_field("cacheCreationTokens", &cache_write)?;
        fields.serialize_field("cacheReadTokens", &cache_read)?;
        fields.serialize_field("totalTokens", &self.total())?;
        fields.end()
    }
}
