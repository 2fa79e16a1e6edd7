//! The prices the program does not bring: LiteLLM's, where the settings ask for them.

use token_monitor_core::pricing::LiteLlm;
use tokio::sync::mpsc::UnboundedSender;
use tracing::warn;

use crate::actor::{Actor, Input};
use crate::config::{PriceSource, Settings};
use crate::prices::fetch::{self, Refresh};

/// What was fetched before, where the settings ask for it.
pub(crate) fn cached(settings: &Settings) -> Option<LiteLlm> {
    match settings.price_source {
        PriceSource::Bundled => None,
        PriceSource::LiteLlm => fetch::load_cached(&settings.cache_dir),
    }
}

/// Fetches them from time to time, where the settings ask for it: nothing else in the program uses the network.
pub(crate) fn refresh(settings: &Settings, inputs: UnboundedSender<Input>) -> Option<Refresh> {
    match settings.price_source {
        PriceSource::Bundled => None,
        PriceSource::LiteLlm => {
            // An engine that ended needs no prices.
            let done = move |prices| drop(inputs.send(Input::Prices(prices)));
            Some(Refresh::start(settings.litellm_url.clone(), &settings.cache_dir, done))
        }
    }
}

impl Settings {
    /// Whether other settings make other prices.
    pub(crate) fn prices_differ(&self, other: &Self) -> bool {
        let of = |settings: &Self| {
            let Self { cost_mode, price_source, price_overrides, .. } = settings;
            (*cost_mode, *price_source, price_overrides.clone())
        };
        of(self) != of(other)
    }

    /// Whether another list is to be fetched, or one where none was.
    pub(crate) fn price_list_differs(&self, other: &Self) -> bool {
        (self.price_source, &self.litellm_url) != (other.price_source, &other.litellm_url)
    }
}

impl Actor {
    /// Works out all costs by prices that were just fetched.
    pub(crate) fn reprice(&mut self, prices: LiteLlm) {
        // Somebody may have chosen otherwise while they were on their way.
        match self.settings.price_source {
            PriceSource::Bundled => return,
            PriceSource::LiteLlm => warn_if_empty(&prices),
        }
        let repriced = self.books.reprice(self.settings.pricing(Some(prices)), chrono::Utc::now().into());
        self.tried(repriced);
        self.past.forget();
        self.changed();
        self.show();
    }
}

fn warn_if_empty(prices: &LiteLlm) {
    if prices.is_empty() {
        warn!("LiteLLM's list has no prices.");
    }
}
