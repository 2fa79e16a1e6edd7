//! LiteLLM's price list, cached or fetched, if the settings enable it.

use token_monitor_core::pricing::LiteLlmPrices;
use tokio::sync::mpsc::UnboundedSender;

use crate::actor::input::Input;
use crate::config::{PriceSource, Settings};
use crate::prices::fetch;
use crate::refresh::Refresher;

/// Returns the cached price list; None if the settings use the bundled prices only.
pub(crate) fn load_cached(settings: &Settings) -> Option<LiteLlmPrices> {
    match settings.price_source {
        PriceSource::Bundled => None,
        PriceSource::LiteLlm => fetch::load_cached(&settings.cache_dir),
    }
}

/// Starts to fetch the list regularly if the settings enable it.
pub(crate) fn start_refresher(settings: &Settings, inputs: UnboundedSender<Input>) -> Option<Refresher> {
    match settings.price_source {
        PriceSource::Bundled => None,
        PriceSource::LiteLlm => {
            // The engine may have stopped; then the list is dropped.
            let on_prices = move |prices| drop(inputs.send(Input::Prices(prices)));
            Some(fetch::start_refresher(settings.litellm_url.clone(), &settings.cache_dir, on_prices))
        }
    }
}
