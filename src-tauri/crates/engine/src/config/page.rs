//! The settings as a page shows them, and what may be saved from there.

use serde_json::Value;
use token_monitor_core::report::model::{Origin, SettingRow, SettingsPage};

use crate::config::keys::{Holds, KEYS, Key};
use crate::config::{Layers, Settings};

impl Key {
    /// Whether a saved value would hold.
    pub(crate) fn can_change(&self, settings: &Settings) -> bool {
        self.holds == Holds::AtOnce && !self.is_pinned(settings)
    }

    /// Whether the environment or the command line has the last word.
    fn is_pinned(&self, settings: &Settings) -> bool {
        match settings.origins.get(self.name) {
            Some(Origin::Environment | Origin::Flag) => true,
            Some(Origin::Default | Origin::File | Origin::Saved) | None => false,
        }
    }

    /// Why it cannot be saved, if it cannot.
    fn why_not(&self, settings: &Settings) -> Option<&'static str> {
        match self.holds {
            _ if self.is_pinned(settings) => Some("is set by the environment or the command line"),
            Holds::NextStart => Some("is read before the saved settings are; it can be set in the settings file"),
            Holds::AtOnce => None,
        }
    }

    /// A value as it is saved, or why it cannot be.
    pub(crate) fn checked(&self, value: &Value, layers: &Layers, settings: &Settings) -> Result<Value, String> {
        if let Some(why) = self.why_not(settings) {
            return Err(format!("{} {why}", self.name));
        }
        let mut tried = layers.defaults();
        tried.problems.clear();
        match self.read(&mut tried, value, &layers.homes) {
            Err(expected) => Err(format!("{}: expected {expected}", self.name)),
            Ok(()) => tried.problems.pop().map_or_else(|| Ok(self.write(&tried, &layers.homes)), Err),
        }
    }
}

/// All settings.
pub(crate) fn page(settings: &Settings, layers: &Layers) -> SettingsPage {
    let defaults = layers.defaults();
    let homes = &layers.homes;
    let row = |key: &Key| SettingRow {
        key: key.name.to_owned(),
        kind: key.kind(),
        value: key.write(settings, homes),
        default: key.write(&defaults, homes),
        origin: settings.origins.get(key.name).copied().unwrap_or(Origin::Default),
        can_change: key.can_change(settings),
        needs_restart: key.holds == Holds::NextStart,
    };
    SettingsPage {
        rows: KEYS.iter().map(row).collect(),
        problems: settings.problems.clone(),
        config_path: layers.file.path.display().to_string(),
        store_path: settings.db_path.display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
