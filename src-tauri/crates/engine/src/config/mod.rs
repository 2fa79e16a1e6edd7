//! The settings: their keys, layers and values in effect.
//!
//! The layers are, from the lowest: the defaults, the user's file, values saved from the settings page, the
//! environment, the command line. A higher layer wins. `keys` is the one table of all settings. An invalid value is
//! ignored with a problem that names the key and the expected form; the next lower layer applies.

mod forms;
mod keys;
mod kinds;
mod page;
mod settings;
mod sources;
#[cfg(test)]
mod tests;
mod value;
mod yaml;

pub use token_monitor_core::report::model::SettingOrigin;

pub(crate) use crate::config::keys::{KEYS, RESTRICTED_SETTINGS, SettingKey};
pub(crate) use crate::config::page::settings_page;
pub use crate::config::settings::{
    DefaultMode, LogLevel, LogOutput, PriceSource, ServeSettings, Settings, UpdateSettings,
};
pub use crate::config::sources::{ConfigFile, ConfigSources, DEFAULTS};
pub(crate) use crate::config::value::shorten_path;
