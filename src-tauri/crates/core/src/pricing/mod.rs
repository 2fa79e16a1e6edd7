//! Prices: the cost of a call on the API at list prices.
//!
//! Every message is priced as one request, at the rates of its own time. A model without a known price has no cost: no
//! price is guessed from a similar name. Amounts are integers, summed in trillionths of a dollar and rounded once to
//! billionths. The rules and their sources are in `docs/pricing.md`.

pub(crate) mod bundled;
pub(crate) mod calculator;
pub(crate) mod cost_mode;
pub(crate) mod litellm;
pub(crate) mod model_name;
pub(crate) mod overrides;
pub(crate) mod price_book;
pub(crate) mod rates;
pub(crate) mod terms;

pub use calculator::CostCalculator;
pub use cost_mode::CostMode;
pub use litellm::{LiteLlmPrices, PriceListError};
pub use overrides::{OverrideError, PriceOverrides};
pub use price_book::{ApiCall, PriceBook};
pub use terms::{BillingTerms, InferenceGeo, ServiceSpeed, ServiceTier};
