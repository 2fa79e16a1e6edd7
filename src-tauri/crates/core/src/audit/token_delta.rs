//! Token counts by kind, and their sums and differences.
//!
//! Sums are wide and signed, because the differences of single steps may be negative while all sums must be exact.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The counts of one line: input, output, cache writes and cache reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenCounts(pub(super) [u64; 4]);

impl TokenCounts {
    /// The index of cache writes.
    pub(crate) const CACHE_WRITE_INDEX: usize = 2;

    /// Returns the larger of the two values, kind by kind.
    pub(crate) fn max(self, other: Self) -> Self {
        Self(std::array::from_fn(|kind| self.0[kind].max(other.0[kind])))
    }

    /// Returns the sum of all kinds.
    pub(crate) fn total(self) -> u128 {
        self.0.into_iter().map(u128::from).sum()
    }
}

/// A sum of tokens by kind, or the difference of two sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenDelta([i128; 4]);

impl TokenDelta {
    /// Creates a value from input, output, cache writes and cache reads, in this order.
    pub fn from_kinds(kinds: [i128; 4]) -> Self {
        Self(kinds)
    }

    /// Returns input, output, cache writes and cache reads, in this order.
    pub fn by_kind(self) -> [i128; 4] {
        self.0
    }

    /// Returns the sum of all kinds.
    pub fn total(self) -> i128 {
        self.0.into_iter().sum()
    }

    /// Returns true if every kind is zero.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl From<TokenCounts> for TokenDelta {
    fn from(counts: TokenCounts) -> Self {
        Self(counts.0.map(i128::from))
    }
}

impl Add for TokenDelta {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|kind| self.0[kind] + other.0[kind]))
    }
}

impl Sub for TokenDelta {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|kind| self.0[kind] - other.0[kind]))
    }
}

impl AddAssign for TokenDelta {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for TokenDelta {
    fn sum<I: Iterator<Item = Self>>(deltas: I) -> Self {
        deltas.fold(Self::default(), Add::add)
    }
}

impl Serialize for TokenDelta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [input, output, cache_write, cache_read] = self.0;
        let mut fields = serializer.serialize_struct("TokenDelta", 5)?;
        fields.serialize_field("inputTokens", &input)?;
        fields.serialize_field("outputTokens", &output)?;
        fields.serialize_field("cacheCreationTokens", &cache_write)?;
        fields.serialize_field("cacheReadTokens", &cache_read)?;
        fields.serialize_field("totalTokens", &self.total())?;
        fields.end()
    }
}
