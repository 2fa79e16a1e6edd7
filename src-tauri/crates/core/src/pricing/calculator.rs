//! The prices that hold: the price book, and whether a cost that a log names itself comes before it.

use xxhash_rust::xxh3::xxh3_64;

use crate::interner::Names;
use crate::ledger::message::Told;
use crate::money::Cost;
use crate::pricing::{Call, CostMode, PriceBook};
use crate::time::timestamp::Timestamp;

/// The prices that hold.
#[derive(Clone, Debug)]
pub struct Pricing {
    book: PriceBook,
    mode: CostMode,
}

impl Default for Pricing {
    fn default() -> Self {
        Self::new(PriceBook::bundled(), CostMode::default())
    }
}

impl Pricing {
    /// By a price book, in a mode.
    pub fn new(book: PriceBook, mode: CostMode) -> Self {
        Self { book, mode }
    }

    /// What a message costs that was first seen at `when`.
    pub fn cost(&self, told: &Told, when: Timestamp, names: &Names) -> Cost {
        let model = std::str::from_utf8(names.models.spelling(told.model)).unwrap_or_default();
        self.mode.cost(told.reported, &self.book, &Call { model, usage: told.usage, terms: told.terms, when })
    }

    /// What tells whether stored costs were worked out by the same prices, as far as these models are concerned.
    pub fn fingerprint(&self, names: &Names) -> u64 {
        let mut prints: Vec<u64> = names
            .models
            .since(0)
            .map(|(_, model)| self.book.fingerprint(std::str::from_utf8(model).unwrap_or_default()))
            .collect();
        prints.sort_unstable();
        let bytes: Vec<u8> = prints.into_iter().chain([self.mode as u64]).flat_map(u64::to_le_bytes).collect();
        xxh3_64(&bytes)
    }
}
