//! The settings page: all settings with their origins, and checks of values to save.

use std::path::{Path, PathBuf};

use serde_json::Value;
use token_monitor_core::report::model::{SettingOrigin, SettingRow, SettingsPage};

use crate::config::keys::{AppliesAt, KEYS, RESTRICTED_SETTINGS, SettingKey};
use crate::config::settings::Settings;
use crate::config::sources::ConfigSources;
use crate::config::value::shorten_path;
use crate::ingest::claude_homes;
use crate::ingest::dirs::UserDirs;

impl SettingKey {
    /// Returns true if the page can change the setting: a saved value would take effect, and the setting is not
    /// restricted to the file and the command.
    pub(crate) fn can_change(&self, settings: &Settings) -> bool {
        let is_restricted = RESTRICTED_SETTINGS.contains(&self.name);
        self.applies_at == AppliesAt::Immediately && !self.is_overridden(settings) && !is_restricted
    }

    /// Returns true if the environment or the command line sets the value.
    fn is_overridden(&self, settings: &Settings) -> bool {
        match settings.origins.get(self.name) {
            Some(SettingOrigin::Environment | SettingOrigin::Flag) => true,
            Some(SettingOrigin::Default | SettingOrigin::File | SettingOrigin::Saved) | None => false,
        }
    }

    /// Returns the reason why a saved value would not take effect, if it would not.
    fn refusal_reason(&self, settings: &Settings) -> Option<&'static str> {
        match self.applies_at {
            _ if self.is_overridden(settings) => Some("is set by the environment or the command line"),
            AppliesAt::NextStart => Some("is read before the store is open; set it in the settings file"),
            AppliesAt::Immediately => None,
        }
    }

    /// Returns a value in the form to save, or the reason why it is rejected.
    pub(crate) fn check_value(
        &self,
        value: &Value,
        sources: &ConfigSources,
        settings: &Settings,
    ) -> Result<Value, String> {
        if let Some(why) = self.refusal_reason(settings) {
            return Err(format!("{} {why}", self.name));
        }
        let mut tried = sources.default_settings();
        tried.problems.clear();
        match self.read(&mut tried, value, &sources.dirs) {
            Err(expected) => Err(format!("{}: expected {expected}", self.name)),
            Ok(()) => tried.problems.pop().map_or_else(|| Ok(self.write(&tried, &sources.dirs)), Err),
        }
    }
}

/// Returns the settings page.
pub(crate) fn settings_page(settings: &Settings, sources: &ConfigSources) -> SettingsPage {
    let defaults = sources.default_settings();
    let dirs = &sources.dirs;
    // With sample data the home is a temporary folder, which `~` would hide.
    let shown_dirs = if sources.is_demo { &UserDirs::default() } else { dirs };
    let row = |key: &SettingKey| SettingRow {
        key: key.name.to_owned(),
        kind: key.kind(),
        value: key.write(settings, shown_dirs),
        default: key.write(&defaults, shown_dirs),
        origin: settings.origins.get(key.name).copied().unwrap_or(SettingOrigin::Default),
        can_change: key.can_change(settings),
        needs_restart: key.applies_at == AppliesAt::NextStart,
    };
    SettingsPage {
        rows: KEYS.iter().map(row).collect(),
        problems: settings.problems.clone(),
        unsearched_homes: unsearched_homes(settings, dirs),
        config_path: sources.file.path.display().to_string(),
        store_path: settings.db_path.display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Returns the homes beside the default one that the configured folders leave out.
fn unsearched_homes(settings: &Settings, dirs: &UserDirs) -> Vec<String> {
    if settings.searches_sibling_homes(dirs) {
        return Vec::new();
    }
    let searched: Vec<&Path> = settings.claude_config_dirs.iter().map(PathBuf::as_path).collect();
    let homes = claude_homes::find_unsearched_homes(&searched, dirs);
    homes.iter().map(|home| shorten_path(home, dirs)).collect()
}
