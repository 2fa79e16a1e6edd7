//! The calculation of costs: the price book, and the choice between computed costs and those named in the log.

use xxhash_rust::xxh3::xxh3_64;

use crate::interner::InternTables;
use crate::money::{Cost, Usd};
use crate::pricing::cost_mode::CostMode;
use crate::pricing::price_book::{ApiCall, PriceBook};

/// A price book with a cost mode.
#[derive(Clone, Debug)]
pub struct CostCalculator {
    book: PriceBook,
    mode: CostMode,
}

impl Default for CostCalculator {
    fn default() -> Self {
        Self::new(PriceBook::bundled(), CostMode::default())
    }
}

impl CostCalculator {
    /// Creates a calculator.
    pub fn new(book: PriceBook, mode: CostMode) -> Self {
        Self { book, mode }
    }

    /// Returns the cost of a call. `reported` is the cost named in the log.
    pub fn cost_of(&self, call: &ApiCall<'_>, reported: Option<Usd>) -> Cost {
        self.mode.choose_cost(reported, &self.book, call)
    }

    /// Returns the list price of a call, whatever the log names, or `None` if the model has no price.
    pub fn list_price_of(&self, call: &ApiCall<'_>) -> Option<Usd> {
        self.book.cost_of(call).map(|costs| costs.total())
    }

    /// Returns a hash of the cost mode and of the prices of all interned models. Stored costs are up to date while it is
    /// unchanged.
    pub fn fingerprint(&self, names: &InternTables) -> u64 {
        let mut prints: Vec<u64> = names
            .models
            .added_since(0)
            .map(|(_, model)| self.book.fingerprint(std::str::from_utf8(model).unwrap_or_default()))
            .collect();
        prints.sort_unstable();
        let bytes: Vec<u8> = prints.into_iter().chain([self.mode as u64]).flat_map(u64::to_le_bytes).collect();
        xxh3_64(&bytes)
    }
}
