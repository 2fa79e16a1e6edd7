//! The settings in effect, their sources and the time zones in use.

use std::time::{Duration, Instant};

use chrono_tz::Tz;
use serde_json::Value;
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::report::model::SettingsPage;
use tracing::{info, warn};

use crate::actor::price_updates;
use crate::api::{ApiError, ErrorCode};
use crate::config::{self, ConfigSources, SettingKey, Settings};
use crate::zone::SystemZone;

/// The interval between two checks of the system's time zone, which changes when people travel.
const ZONE_CHECK_INTERVAL: Duration = Duration::from_secs(60);

/// The settings in effect and their sources.
pub(crate) struct LiveSettings {
    pub(crate) settings: Settings,
    pub(crate) sources: ConfigSources,
    /// The zone of all figures: the configured one, else the system's.
    pub(crate) zone: Tz,
    /// The system's zone. Claude Code writes reset times in it, independent of the configured zone.
    pub(crate) system_zone: Tz,
    /// The value of `TZ` that is not understood.
    pub(crate) rejected_zone: Option<String>,
    zone_checked: Instant,
}

impl LiveSettings {
    pub(crate) fn new(settings: Settings, sources: ConfigSources) -> Self {
        let SystemZone { zone: system_zone, rejected: rejected_zone } = SystemZone::read();
        let zone = settings.zone.unwrap_or(system_zone);
        Self { settings, sources, zone, system_zone, rejected_zone, zone_checked: Instant::now() }
    }

    /// Returns the settings page.
    pub(crate) fn page(&self) -> SettingsPage {
        config::settings_page(&self.settings, &self.sources)
    }

    /// Returns the calculator for the configured prices, with the cached LiteLLM list if it is enabled.
    pub(crate) fn cost_calculator(&self) -> CostCalculator {
        self.settings.cost_calculator(price_updates::load_cached(&self.settings))
    }

    /// Checks a new value of a setting and returns it as the JSON to save; None resets the setting. Fails if there
    /// is no such setting, the value is invalid, or a saved value would not take effect.
    pub(crate) fn check_change(
        &self,
        name: &str,
        value: Option<&Value>,
    ) -> Result<(&'static SettingKey, Option<String>), ApiError> {
        let invalid = |message| ApiError::new(ErrorCode::BadValue, message);
        let key = SettingKey::find(name).ok_or_else(|| {
            invalid(format!("there is no setting “{name}”")).with_hint("token-monitor settings lists them.")
        })?;
        let checked = value.map(|value| key.check_value(value, &self.sources, &self.settings)).transpose();
        Ok((key, checked.map_err(invalid)?.map(|value| value.to_string())))
    }

    /// Replaces the saved value of a setting in the sources; None removes it.
    pub(crate) fn set_saved(&mut self, key: &SettingKey, json: Option<String>) {
        match json {
            Some(json) => drop(self.sources.saved.insert(key.name.to_owned(), json)),
            None => drop(self.sources.saved.remove(key.name)),
        }
    }

    /// Reads the settings file again if it changed. Returns true if it did.
    pub(crate) fn reload_file(&mut self) -> bool {
        let changed = self.sources.file.reload_if_changed();
        if changed {
            info!(file = %self.sources.file.path.display(), "The settings file was changed.");
        }
        changed
    }

    /// Resolves the sources again. Returns the previous settings if anything changed.
    pub(crate) fn resolve(&mut self) -> Option<Settings> {
        let mut new = self.sources.resolve();
        new.carry_over_startup_only(&self.settings);
        if new == self.settings {
            return None;
        }
        let new_problems = new.problems.iter().filter(|problem| !self.settings.problems.contains(problem));
        new_problems.for_each(|problem| warn!("{problem}"));
        Some(std::mem::replace(&mut self.settings, new))
    }

    /// Updates the zones from the settings and the system.
    pub(crate) fn update_zone(&mut self, now: Instant) {
        let SystemZone { zone, rejected } = SystemZone::read();
        (self.system_zone, self.rejected_zone, self.zone_checked) = (zone, rejected, now);
        self.zone = self.settings.zone.unwrap_or(self.system_zone);
    }

    /// Updates the zones if the last check is long enough ago.
    pub(crate) fn update_zone_if_due(&mut self, now: Instant) {
        if now.duration_since(self.zone_checked) > ZONE_CHECK_INTERVAL {
            self.update_zone(now);
        }
    }
}
