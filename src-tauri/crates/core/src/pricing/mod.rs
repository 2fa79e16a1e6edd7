//! What a call would have cost on the API at list prices.
//!
//! Every message is priced at the rates of its own instant, as one request. An unknown model has no price: none is
//! guessed from a similar name. Integers only: pico-dollars while summing, rounded once to the billionth of a dollar.
//! The rules and their sources are in `docs/pricing.md`.

pub(crate) mod bundled;
pub(crate) mod calculator;
pub(crate) mod cost_mode;
pub(crate) mod litellm;
pub(crate) mod model_name;
pub(crate) mod overrides;
pub(crate) mod rates;
pub(crate) mod terms;

use std::hash::Hasher;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3Default;

use crate::money::Usd;
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;

pub use cost_mode::CostMode;
pub use litellm::{LiteLlm, NotPrices};
use model_name::ModelName;
pub use overrides::{BadOverride, Overrides};
use rates::{Basis, Price, Rates};

/// One call, as far as its price is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The model as the log names it.
    pub model: &'a str,
    /// What it used.
    pub usage: Usage,
    /// On which terms.
    pub terms: Terms,
    /// When it was made: the rates of that day hold.
    pub when: Timestamp,
}

/// Dated rates by model: our own table, LiteLLM's for models that lacks, and the settings' above both.
#[derive(Clone, Debug, Default)]
pub struct PriceBook {
    overrides: Overrides,
    fill: Arc<LiteLlm>,
}

/// Counted into every fingerprint: raised whenever the arithmetic changes, so that costs computed before are redone.
const RULES: u8 = 1;

impl PriceBook {
    /// The table this version came with.
    pub fn bundled() -> Self {
        Self::default()
    }

    /// With LiteLLM's prices for the models the table lacks.
    #[must_use]
    pub fn filled(self, fill: LiteLlm) -> Self {
        Self { fill: Arc::new(fill), ..self }
    }

    /// With the settings' own rates, which win over all.
    #[must_use]
    pub fn overridden(self, overrides: Overrides) -> Self {
        Self { overrides, ..self }
    }

    /// What a call costs; none where no price is known. What used nothing costs nothing, whoever made it.
    pub fn cost(&self, call: &Call<'_>) -> Option<Usd> {
        if used_nothing(call.usage) {
            return Some(Usd(0));
        }
        let found = self.find(call.model);
        let price = found.at(call.when)?;
        price.cost(call.usage, call.terms, found.basis)
    }

    /// A hash of all the book says about a model, at any date: the same on every machine and in every run, so that
    /// costs are computed again only for models whose price changed.
    pub fn fingerprint(&self, model: &str) -> u64 {
        let found = self.find(model);
        let mut hash = Xxh3Default::new();
        hash.write(&[RULES, u8::from(found.basis == Basis::Regional)]);
        for price in found.rows {
            hash.write(&found.with_own_rates(price).encoded());
        }
        hash.finish()
    }

    fn find(&self, model: &str) -> Found<'_> {
        let name = ModelName::read(model);
        let (own, own_is_exact) = self.overrides.find(&name);
        let (rows, basis) = match bundled::prices(&name.canonical) {
            Some(rows) => (rows, if name.regional && !own_is_exact { Basis::Regional } else { Basis::Global }),
            // LiteLLM lists regional forms by themselves, at their own price.
            None => (self.fill.find(&name).unwrap_or_default(), Basis::Global),
        };
        let rows = if rows.is_empty() && own.is_some() { &Price::UNLISTED } else { rows };
        Found { rows, own, basis }
    }
}

/// All the book says about one model.
struct Found<'a> {
    /// In the order of their dates.
    rows: &'a [Price],
    /// The settings' rates, in place of each row's.
    own: Option<&'a Rates>,
    basis: Basis,
}

impl Found<'_> {
    /// What holds at an instant. Before the first date the first holds: a clock was behind, or a preview was used.
    fn at(&self, when: Timestamp) -> Option<Price> {
        let begun = self.rows.partition_point(|row| row.from <= when);
        let row = self.rows.get(begun.saturating_sub(1))?;
        Some(self.with_own_rates(row))
    }

    fn with_own_rates(&self, row: &Price) -> Price {
        self.own.map_or(*row, |own| row.with_rates(*own))
    }
}

/// Nothing of what has a price.
fn used_nothing(usage: Usage) -> bool {
    let Usage { input, output, cache_write, cache_read, web_searches, .. } = usage;
    [input, output, cache_write, cache_read, web_searches] == [0; 5]
}

pub use calculator::Pricing;

pub use terms::{Geo, Speed, Terms, Tier};
