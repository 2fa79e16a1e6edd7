//! Changing settings at runtime.

use std::time::Instant;

use serde_json::Value;

use crate::actor::effects::Effects;
use crate::actor::price_updates;
use crate::actor::state::Actor;
use crate::actor::update_checks::UpdateChecks;
use crate::api::{ApiError, ErrorCode, Response};
use crate::clock;
use crate::config::Settings;
use crate::engine_mode::EngineMode;

impl Actor {
    /// Saves a setting and applies it; without a value, resets it. Fails during an outage, with nothing changed.
    pub(super) fn set_setting(&mut self, name: &str, value: Option<&Value>) -> (Result<Response, ApiError>, Effects) {
        let (key, json) = match self.live.check_change(name, value) {
            Ok(checked) => checked,
            Err(error) => return (Err(error), Effects::NONE),
        };
        let Some(store) = self.storage.writable_store() else {
            let busy = ApiError::new(ErrorCode::Busy, "the store cannot be written at the moment");
            return (Err(busy.with_hint("Nothing was changed. Try again later.")), Effects::NONE);
        };
        if let Err(error) = store.save_setting(key.name, json.as_deref()) {
            let effects = self.storage.note_error(&error);
            return (Err(error.into()), effects);
        }
        self.live.set_saved(key, json);
        self.live.reload_file();
        let effects = self.resolve_settings();
        (Ok(self.settings_page()), effects)
    }

    /// Returns the settings page as a response.
    pub(super) fn settings_page(&self) -> Response {
        Response::Settings(Box::new(self.live.page()))
    }

    /// Reads the settings file again if it changed, and applies it. Waits for the end of an outage, because new
    /// prices need the store.
    pub(super) fn reload_config_file(&mut self) {
        if !self.storage.is_out() && self.live.reload_file() {
            let effects = self.resolve_settings();
            self.apply(effects);
        }
    }

    fn resolve_settings(&mut self) -> Effects {
        let Some(old) = self.live.resolve() else { return Effects::NONE };
        let effects = self.apply_setting_changes(&old);
        self.storage.mark_dirty();
        effects | Effects::CHANGED
    }

    /// Updates the state that was derived from settings. All other settings are read where they are needed.
    fn apply_setting_changes(&mut self, old: &Settings) -> Effects {
        let now = Instant::now();
        self.live.update_zone(now);
        let settings = &self.live.settings;
        self.next_tick = self.next_tick.min(now + settings.update_frequency);
        let prices_differ = settings.prices_differ(old);
        if settings.price_list_differs(old) && self.mode == EngineMode::Live {
            self.price_refresher = price_updates::start_refresher(settings, self.inputs.clone());
        }
        if settings.updates != old.updates {
            self.updates = UpdateChecks::start(settings, self.mode, self.inputs.clone());
        }
        if settings.search_differs(old) {
            self.scanner.request_sweep();
        }
        let blocks_differ = settings.blocks_differ(old);
        let effects = if prices_differ { self.storage.reprice(self.live.cost_calculator()) } else { Effects::NONE };
        if prices_differ || blocks_differ {
            self.history.invalidate();
        }
        if blocks_differ {
            self.refresh_history(clock::now().into());
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use token_monitor_core::report::model::{SettingOrigin, SettingsPage};
    use token_monitor_store::StoreError;
    use tokio::sync::mpsc;

    use super::*;
    use crate::config::ConfigSources;
    use crate::ingest::dirs::UserDirs;

    fn set_theme(actor: &mut Actor) -> Result<SettingsPage, ApiError> {
        match actor.set_setting("display.theme", Some(&json!("dark"))).0? {
            Response::Settings(page) => Ok(*page),
            other => panic!("unexpected response: {other:?}"),
        }
    }

    #[test]
    fn a_setting_is_not_changed_during_an_outage() {
        let temp = tempfile::tempdir().expect("a folder");
        let dirs = UserDirs { home: Some(temp.path().to_owned()), ..UserDirs::default() };
        let sources = ConfigSources { dirs, ..ConfigSources::default() };
        let (inputs, _receiver) = mpsc::unbounded_channel();
        let (mut actor, _outputs) =
            Actor::open(std::time::Duration::ZERO, sources, EngineMode::OnDemand, inputs).expect("the store opens");
        let theme = |page: SettingsPage| {
            let row = page.rows.into_iter().find(|row| row.key == "display.theme").expect("it has a row");
            (row.value, row.origin)
        };
        let full = StoreError::Busy { path: temp.path().to_owned() };
        assert_eq!(actor.storage.note_error(&full), Effects::PUBLISH);
        assert_eq!(set_theme(&mut actor).expect_err("it cannot be saved").code, ErrorCode::Busy);
        assert_eq!(theme(actor.live.page()), (json!("auto"), SettingOrigin::Default));
        actor.storage.outage = None;
        let page = set_theme(&mut actor).expect("it can be saved again");
        assert_eq!(theme(page), (json!("dark"), SettingOrigin::Saved));
    }
}
