//! Settings that change while it runs: what is saved, what holds then, and what has to be done for it.

use std::time::Instant;

use chrono::Utc;
use serde_json::Value;
use token_monitor_core::report::model::SettingsPage;
use tracing::{info, warn};

use crate::actor::Actor;
use crate::actor::price_updates;
use crate::actor::queries::refusal;
use crate::api::{Refusal, RefusalCode};
use crate::config::{self, Key, Settings};
use crate::handle::Conduct;
use crate::zone;

impl Actor {
    /// All settings, as they are now.
    pub(crate) fn settings_page(&mut self) -> SettingsPage {
        self.follow_config_file();
        config::page(&self.settings, &self.layers)
    }

    /// Saves a setting, and acts by it. Without a value, what was saved is forgotten.
    pub(crate) fn change(&mut self, name: &str, value: Option<&Value>) -> Result<SettingsPage, Refusal> {
        let bad = |message| Refusal::new(RefusalCode::BadValue, message);
        let key = Key::named(name)
            .ok_or_else(|| bad(format!("there is no setting “{name}”")).hint("token-monitor settings lists them."))?;
        if self.outage.is_some() {
            let busy = Refusal::new(RefusalCode::Busy, "the store cannot be written just now");
            return Err(busy.hint("Nothing was changed; try again once it can."));
        }
        let json = match value {
            Some(value) => Some(key.checked(value, &self.layers, &self.settings).map_err(bad)?.to_string()),
            None => None,
        };
        if let Err(error) = self.books.save_setting(key.name, json.as_deref()) {
            self.store_failed(&error);
            return Err(refusal(&error));
        }
        match json {
            Some(json) => drop(self.layers.saved.insert(key.name.to_owned(), json)),
            None => drop(self.layers.saved.remove(key.name)),
        }
        self.layers.file.look_again();
        self.settle_anew();
        Ok(config::page(&self.settings, &self.layers))
    }

    /// Reads the user's file again if it was changed. Not while the store is out: new prices need it, so the file is
    /// looked at once it works again.
    pub(crate) fn follow_config_file(&mut self) {
        if self.outage.is_none() && self.layers.file.look_again() {
            info!(file = %self.layers.file.path.display(), "The settings file was changed.");
            self.settle_anew();
        }
    }

    fn settle_anew(&mut self) {
        let mut new = self.layers.settle();
        new.keep_what_holds_till_the_end(&self.settings);
        if new == self.settings {
            return;
        }
        let untold = new.problems.iter().filter(|problem| !self.settings.problems.contains(problem));
        untold.for_each(|problem| warn!("{problem}"));
        let old = std::mem::replace(&mut self.settings, new);
        self.revision += 1;
        self.act_on_what_differs(&old);
        self.changed();
        self.show();
    }

    /// Most settings are looked up whenever they are needed; these are all that something was made of.
    fn act_on_what_differs(&mut self, old: &Settings) {
        let now = Instant::now();
        self.follow_zone(now);
        self.times.tick = self.times.tick.min(now + self.settings.update_frequency);
        if self.settings.prices_differ(old) {
            let repriced =
                self.books.reprice(self.settings.pricing(price_updates::cached(&self.settings)), Utc::now().into());
            self.tried(repriced);
            self.past.forget();
        }
        if self.settings.price_list_differs(old) && self.conduct == Conduct::Live {
            self.prices = price_updates::refresh(&self.settings, self.inputs.clone());
        }
        let blocks = |settings: &Settings| (settings.anchor, settings.token_limit, settings.cost_limit);
        if blocks(&self.settings) != blocks(old) {
            self.past.forget();
            self.look_back(Utc::now().into());
        }
        let search = |settings: &Settings| (settings.claude_config_dirs.clone(), settings.watch_interval);
        if search(&self.settings) != search(old) {
            self.look_soon();
        }
    }

    /// The zone figures are told in: the one that is set, else the system's, which may change while we run.
    pub(crate) fn follow_zone(&mut self, now: Instant) {
        (self.system_zone, self.times.zone) = (zone::system(), now);
        self.zone = self.settings.zone.unwrap_or(self.system_zone);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use token_monitor_core::report::model::Origin;
    use token_monitor_store::StoreError;
    use tokio::sync::mpsc;

    use super::*;
    use crate::config::Layers;
    use crate::ingest::dirs::Homes;
    use crate::outage::Outage;

    #[test]
    fn while_the_store_is_out_nothing_is_changed() {
        let temp = tempfile::tempdir().expect("a folder");
        let homes = Homes { home: Some(temp.path().to_owned()), ..Homes::default() };
        let layers = Layers { homes, ..Layers::default() };
        let (inputs, _heard) = mpsc::unbounded_channel();
        let (mut actor, _shown) = Actor::open(layers, Conduct::OnDemand, inputs).expect("the store opens");
        let theme = |page: SettingsPage| {
            let row = page.rows.into_iter().find(|row| row.key == "display.theme").expect("it has a row");
            (row.value, row.origin)
        };
        let full = StoreError::Busy { path: temp.path().to_owned() };
        actor.outage = Some(Outage::began(&full, Instant::now()));
        let refused = actor.change("display.theme", Some(&json!("dark"))).expect_err("it cannot be saved");
        assert_eq!(refused.code, RefusalCode::Busy);
        assert_eq!(theme(actor.settings_page()), (json!("auto"), Origin::Default));
        actor.outage = None;
        let page = actor.change("display.theme", Some(&json!("dark"))).expect("it can be saved again");
        assert_eq!(theme(page), (json!("dark"), Origin::Saved));
    }
}
