//! The price book: dated prices by model, combined from all sources.

use std::hash::Hasher;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3Default;

use crate::money::KindCosts;
use crate::pricing::bundled::bundled_prices;
use crate::pricing::litellm::LiteLlmPrices;
use crate::pricing::model_name::ModelName;
use crate::pricing::overrides::PriceOverrides;
use crate::pricing::rates::{DatedPrice, EndpointScope, TokenRates};
use crate::pricing::terms::BillingTerms;
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;

/// The properties of one call that decide its price.
#[derive(Clone, Copy, Debug)]
pub struct ApiCall<'a> {
    /// The model name as logged.
    pub model: &'a str,
    /// The tokens and tool calls.
    pub usage: Usage,
    /// The billing terms.
    pub terms: BillingTerms,
    /// The time of the call, which selects the rates.
    pub when: Timestamp,
}

/// Dated prices by model: the user's overrides, then the bundled table, then LiteLLM's list.
#[derive(Clone, Debug, Default)]
pub struct PriceBook {
    overrides: PriceOverrides,
    fallback: Arc<LiteLlmPrices>,
}

/// A part of every fingerprint. It is raised whenever the price calculation changes, so that stored costs are computed
/// again. Version 2 divides costs by kind of token.
const RULES_VERSION: u8 = 2;

impl PriceBook {
    /// Creates a price book with the bundled table only.
    pub fn bundled() -> Self {
        Self::default()
    }

    /// Adds LiteLLM's prices for models that are not in the bundled table.
    #[must_use]
    pub fn with_fallback(self, prices: LiteLlmPrices) -> Self {
        Self { fallback: Arc::new(prices), ..self }
    }

    /// Adds the user's rates, which take precedence over all others.
    #[must_use]
    pub fn with_overrides(self, overrides: PriceOverrides) -> Self {
        Self { overrides, ..self }
    }

    /// Returns the cost of a call by kind of token, or `None` if no price is known. A call without usage costs
    /// nothing, even if its model has no price.
    pub fn cost_of(&self, call: &ApiCall<'_>) -> Option<KindCosts> {
        if has_no_priced_usage(call.usage) {
            return Some(KindCosts::default());
        }
        let pricing = self.find_model(call.model);
        let price = pricing.price_at(call.when)?;
        price.cost_of(call.usage, call.terms, pricing.scope)
    }

    /// Returns a hash of all prices of a model. It is the same on every machine, so that stored costs are computed again
    /// only for models whose price has changed.
    pub fn fingerprint(&self, model: &str) -> u64 {
        let pricing = self.find_model(model);
        let mut hash = Xxh3Default::new();
        hash.write(&[RULES_VERSION, u8::from(pricing.scope == EndpointScope::Regional)]);
        for price in pricing.prices {
            hash.write(&pricing.apply_override(price).fingerprint_bytes());
        }
        hash.finish()
    }

    fn find_model(&self, model: &str) -> ModelPricing<'_> {
        let name = ModelName::parse(model);
        let (override_rates, override_is_exact) = self.overrides.find_rates(&name);
        let (prices, scope) = match bundled_prices(&name.canonical) {
            Some(prices) if name.regional && !override_is_exact => (prices, EndpointScope::Regional),
            Some(prices) => (prices, EndpointScope::Global),
            // LiteLLM lists regional names separately, at their own price.
            None => (self.fallback.find_prices(&name).unwrap_or_default(), EndpointScope::Global),
        };
        let is_unlisted = prices.is_empty() && override_rates.is_some();
        ModelPricing { prices: if is_unlisted { &DatedPrice::UNLISTED } else { prices }, override_rates, scope }
    }
}

/// The prices of one model.
struct ModelPricing<'a> {
    /// The prices in order of their dates.
    prices: &'a [DatedPrice],
    /// The user's rates, which replace those of every price.
    override_rates: Option<&'a TokenRates>,
    scope: EndpointScope,
}

impl ModelPricing<'_> {
    /// Returns the price at a time. Before the first date the first price applies: the clock may have been behind, or the
    /// model may have been used in a preview.
    fn price_at(&self, when: Timestamp) -> Option<DatedPrice> {
        let started = self.prices.partition_point(|price| price.from <= when);
        let price = self.prices.get(started.saturating_sub(1))?;
        Some(self.apply_override(price))
    }

    fn apply_override(&self, price: &DatedPrice) -> DatedPrice {
        self.override_rates.map_or(*price, |rates| price.with_rates(*rates))
    }
}

/// Returns true if the usage contains nothing that has a price.
fn has_no_priced_usage(usage: Usage) -> bool {
    let Usage { input, output, cache_write, cache_read, web_searches, .. } = usage;
    [input, output, cache_write, cache_read, web_searches] == [0; 5]
}
