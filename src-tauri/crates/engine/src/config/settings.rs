//! The settings in effect.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use token_monitor_core::alerts::AlertSettings;
use token_monitor_core::blocks::{BlockPlacement, LimitRule};
use token_monitor_core::pricing::{CostCalculator, CostMode, LiteLlmPrices, PriceBook, PriceOverrides};
use token_monitor_core::report::model::{BackgroundSettings, DisplaySettings, HubSettings, SettingOrigin};
use token_monitor_core::team::SharingLevel;

use crate::ingest::dirs::UserDirs;

/// The settings in effect, all layers considered.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The Claude Code folders to search for logs.
    pub claude_config_dirs: Vec<PathBuf>,
    /// The interval between sweeps where the system does not report changes.
    pub watch_interval: Duration,
    /// True if links to folders and logs outside of the searched folders are followed.
    pub follow_links: bool,
    /// The interval at which figures that change with time are published.
    pub update_frequency: Duration,
    /// The time an unused session stays in the list.
    pub session_retention: Duration,
    /// The largest number of logs read at once.
    pub worker_pool_size: usize,
    /// The largest number of parsed chunks waiting to be counted.
    pub cache_size: usize,
    /// The time changes are collected before they are written.
    pub batch_window: Duration,
    /// The behavior of the command without a subcommand.
    pub default_mode: DefaultMode,
    /// True if terminal output is colored.
    pub color_enabled: bool,
    /// The shortest interval between two redraws of a terminal.
    pub refresh_rate: Duration,
    /// The settings of the user interface.
    pub display: DisplaySettings,
    /// The time zone of all figures; the system's if None.
    pub zone: Option<Tz>,
    /// The path of the store.
    pub db_path: PathBuf,
    /// The folder of the log file and the price list.
    pub cache_dir: PathBuf,
    /// The lowest level that is logged.
    pub level: LogLevel,
    /// The destination of log messages.
    pub output: LogOutput,
    /// The placement of blocks.
    pub anchor: BlockPlacement,
    /// The token limit of a block.
    pub token_limit: LimitRule,
    /// The cost limit of a block in whole dollars; None if there is none.
    pub cost_limit: Option<LimitRule>,
    /// The source of costs: computed, or reported by Claude Code.
    pub cost_mode: CostMode,
    /// The source of prices for models that are not bundled.
    pub price_source: PriceSource,
    /// The address of LiteLLM's price list, used with [`PriceSource::LiteLlm`].
    pub litellm_url: String,
    /// The user's own prices.
    pub price_overrides: PriceOverrides,
    /// The overrides as JSON, as they were set.
    pub(crate) price_overrides_given: String,
    /// The settings of alerts.
    pub alerts: AlertSettings,
    /// The settings of the web server.
    pub serve: ServeSettings,
    /// The address of the collector that gets the metrics while the app is in the tray; none for `None`.
    pub otlp_endpoint: Option<String>,
    /// The address of the hub that gets the usage while the app is in the tray; none for `None`.
    pub hub_url: Option<String>,
    /// The level of detail that the hub gets.
    pub hub_level: SharingLevel,
    /// True if the hub also gets the official limits.
    pub hub_limits: bool,
    /// The settings of the check for updates.
    pub updates: UpdateSettings,
    /// The layer of each value, by key.
    pub origins: BTreeMap<String, SettingOrigin>,
    /// The problems of invalid values, one sentence each.
    pub problems: Vec<String>,
}

/// The settings of the web server. Except for `enabled`, `token-monitor serve` reads them at its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServeSettings {
    /// True if the app runs the server while it is in the tray.
    pub enabled: bool,
    /// The address at which it listens.
    pub listen: String,
    /// True if `/health` needs no token.
    pub public_health: bool,
    /// True if `/metrics` needs no token.
    pub public_metrics: bool,
}

/// The settings of the check for updates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateSettings {
    /// True if the release list is requested once a day.
    pub check: bool,
    /// The address of the release list, in the form of GitHub's API.
    pub url: String,
}

/// The behavior of the command without a subcommand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DefaultMode {
    /// Shows live figures on the whole terminal.
    Live,
    /// Prints one line of figures.
    Compact,
    /// Prints the status.
    Table,
    /// Prints the status as JSON.
    Json,
    /// Prints the status, like [`Self::Table`].
    Status,
}

/// The source of prices for models that are not bundled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceSource {
    /// None: such models are unpriced.
    Bundled,
    /// LiteLLM's list, fetched at most once a day.
    LiteLlm,
}

/// A log level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Errors that need action.
    Error,
    /// Unexpected conditions the program recovered from.
    Warn,
    /// A few messages a minute.
    Info,
    /// One message for each batch.
    Debug,
    /// One message for each line of a log.
    Trace,
}

/// The destination of log messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogOutput {
    /// The standard error stream.
    Stderr,
    /// A file in the cache folder.
    File,
}

impl Settings {
    /// Returns true if the folders to search are the default ones, which include the homes beside them.
    pub(crate) fn searches_sibling_homes(&self, dirs: &UserDirs) -> bool {
        let is_default = |origin: &SettingOrigin| *origin == SettingOrigin::Default;
        dirs.claude_config_dir.is_none() && self.origins.get("claude_config_dirs").is_none_or(is_default)
    }

    /// Returns the background commands that are turned on.
    pub(crate) fn background(&self) -> BackgroundSettings {
        let hub = self.hub_url.clone().map(|url| HubSettings { url, level: self.hub_level, limits: self.hub_limits });
        BackgroundSettings { serve: self.serve.enabled, otlp_endpoint: self.otlp_endpoint.clone(), hub }
    }

    /// Returns placeholder values, which the defaults replace.
    pub(crate) fn unset() -> Self {
        Self {
            claude_config_dirs: Vec::new(),
            watch_interval: Duration::from_secs(1),
            follow_links: false,
            update_frequency: Duration::from_secs(1),
            session_retention: Duration::MAX,
            worker_pool_size: 1,
            cache_size: 1,
            batch_window: Duration::from_millis(100),
            default_mode: DefaultMode::Live,
            color_enabled: true,
            refresh_rate: Duration::from_secs(1),
            display: DisplaySettings::default(),
            zone: None,
            db_path: PathBuf::new(),
            cache_dir: PathBuf::new(),
            level: LogLevel::Info,
            output: LogOutput::Stderr,
            anchor: BlockPlacement::Auto,
            token_limit: LimitRule::Auto,
            cost_limit: None,
            cost_mode: CostMode::Auto,
            price_source: PriceSource::Bundled,
            litellm_url: String::new(),
            price_overrides: PriceOverrides::default(),
            price_overrides_given: String::new(),
            alerts: AlertSettings::default(),
            serve: ServeSettings::default(),
            otlp_endpoint: None,
            hub_url: None,
            hub_level: SharingLevel::default(),
            hub_limits: false,
            updates: UpdateSettings::default(),
            origins: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Returns the calculator for these settings. `fallback` prices the models that are not bundled.
    pub fn cost_calculator(&self, fallback: Option<LiteLlmPrices>) -> CostCalculator {
        let book = fallback.into_iter().fold(PriceBook::bundled(), PriceBook::with_fallback);
        CostCalculator::new(book.with_overrides(self.price_overrides.clone()), self.cost_mode)
    }

    /// Returns the folder where `token-monitor statusline` writes its notes.
    pub fn inbox_dir(&self) -> PathBuf {
        self.db_path.with_file_name("inbox")
    }

    /// Returns true if other settings result in different costs.
    pub(crate) fn prices_differ(&self, other: &Self) -> bool {
        let price_settings = |settings: &Self| {
            let Self { cost_mode, price_source, price_overrides, .. } = settings;
            (*cost_mode, *price_source, price_overrides.clone())
        };
        price_settings(self) != price_settings(other)
    }

    /// Returns true if other settings need another price list to be fetched.
    pub(crate) fn price_list_differs(&self, other: &Self) -> bool {
        (self.price_source, &self.litellm_url) != (other.price_source, &other.litellm_url)
    }

    /// Returns true if other settings result in different blocks or limits.
    pub(crate) fn blocks_differ(&self, other: &Self) -> bool {
        let limits = (self.token_limit, self.cost_limit);
        self.anchor != other.anchor || limits != (other.token_limit, other.cost_limit)
    }

    /// Returns true if other settings search different folders, or at another interval.
    pub(crate) fn search_differs(&self, other: &Self) -> bool {
        self.claude_config_dirs != other.claude_config_dirs
            || self.watch_interval != other.watch_interval
            || self.follow_links != other.follow_links
    }
}
