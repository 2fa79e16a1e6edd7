//! LiteLLM's price list, cached or fetched, if the settings enable it.

use token_monitor_core::pricing::LiteLlmPrices;
use tokio::sync::mpsc::UnboundedSender;
use tracing::warn;

use crate::actor::input::Input;
use crate::config::{PriceSource, Settings};
use crate::prices::fetch::{self, PriceRefresher};

/// Returns the cached price list; None if the settings use the bundled prices only.
pub(crate) fn load_cached(settings: &Settings) -> Option<LiteLlmPrices> {
    match settings.price_source {
        PriceSource::Bundled => None,
        PriceSource::LiteLlm => fetch::load_cached(&settings.cache_dir),
    }
}

/// Starts to fetch the list regularly if the settings enable it. Nothing else in the program uses the network.
pub(crate) fn start_refresher(settings: &Settings, inputs: UnboundedSender<Input>) -> Option<PriceRefresher> {
    match settings.price_source {
        PriceSource::Bundled => None,
        PriceSource::LiteLlm => {
            // The engine may have stopped; then the list is dropped.
            let on_prices = move |prices| drop(inputs.send(Input::Prices(prices)));
            PriceRefresher::start(settings.litellm_url.clone(), &settings.cache_dir, on_prices)
                .inspect_err(|error| warn!(%error, "The price list is not fetched."))
                .ok()
        }
    }
}
