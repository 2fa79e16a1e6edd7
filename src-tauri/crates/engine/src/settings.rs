//! The settings, in layers: what the program brings, the user's file, what the settings page saved, the
//! environment, the command line. The later wins, and each value knows which it came from.
//!
//! A value that is not understood keeps the one beneath it, says so by key and expected type, and stops nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use token_monitor_core::{Anchor, CostMode, LimitRule, LiteLlm, Overrides, PriceBook, Pricing};

use crate::roots::Homes;

/// The settings without any file, with a comment on each.
pub const DEFAULTS: &str = include_str!("defaults.yaml");

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// The program itself.
    Default,
    /// The user's file.
    File,
    /// The settings page.
    Saved,
    /// An environment variable.
    Environment,
    /// The command line.
    Flag,
}

/// What the layers other than the defaults say.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The user's folders.
    pub homes: Homes,
    /// The path of the user's file and what is in it; none where there is no file.
    pub file: Option<(PathBuf, String)>,
    /// Key → JSON, as the settings page saved it.
    pub saved: BTreeMap<String, String>,
    /// Key → text, from environment variables.
    pub environment: BTreeMap<&'static str, String>,
    /// Key → text, from the command line.
    pub flags: BTreeMap<&'static str, String>,
}

impl Layers {
    /// The environment and the user's file. `config` is the file named on the command line.
    pub fn gather(homes: Homes, config: Option<PathBuf>) -> Self {
        let named = config.or_else(|| std::env::var_os("TOKEN_MONITOR_CONFIG").map(PathBuf::from));
        let path = named.unwrap_or_else(|| homes.config().join("token-monitor/config.yaml"));
        let file = std::fs::read(&path).ok().map(|text| (path, String::from_utf8_lossy(&text).into_owned()));
        let mut environment = BTreeMap::new();
        let variables = [("TOKEN_MONITOR_DB", "storage.db_path"), ("TOKEN_MONITOR_LOG_LEVEL", "logging.level")];
        for (variable, key) in variables {
            if let Ok(value) = std::env::var(variable) {
                environment.insert(key, value);
            }
        }
        if let Some(folders) = &homes.claude_config_dir {
            environment.insert("claude_config_dirs", folders.clone());
        }
        Self { homes, file, saved: BTreeMap::new(), environment, flags: BTreeMap::new() }
    }

    /// What holds, all layers considered.
    pub fn settle(&self) -> Settings {
        let mut settings = Settings::bare();
        settings.apply(Origin::Default, "defaults", &yaml(DEFAULTS).unwrap_or_default(), &self.homes);
        settings.follow_homes(&self.homes);
        if let Some((path, text)) = &self.file {
            match yaml(text) {
                Ok(value) => settings.apply(Origin::File, &path.display().to_string(), &value, &self.homes),
                Err(error) => settings.problems.push(format!("{}: {error}", path.display())),
            }
        }
        for (key, json) in &self.saved {
            let value = serde_json::from_str(json).unwrap_or(Value::Null);
            settings.set(Origin::Saved, "saved settings", key, &value, &self.homes);
        }
        let typed =
            [(Origin::Environment, "environment", &self.environment), (Origin::Flag, "command line", &self.flags)];
        for (origin, source, layer) in typed {
            for (key, text) in layer {
                settings.set(origin, source, key, &Value::String(text.clone()), &self.homes);
            }
        }
        settings
    }
}

/// What holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The folders that may hold logs.
    pub claude_config_dirs: Vec<PathBuf>,
    /// How often to look for changes where the system does not tell of them.
    pub watch_interval: Duration,
    /// How often figures that change by themselves are worked out anew.
    pub update_frequency: Duration,
    /// How long an unused session stays in the list.
    pub session_retention: Duration,
    /// How many logs are read at once, at most.
    pub worker_pool_size: usize,
    /// How many parts of logs may wait to be counted.
    pub cache_size: usize,
    /// How long changes are gathered before they are written.
    pub batch_window: Duration,
    /// What the command does without a subcommand.
    pub default_mode: Mode,
    /// Whether terminals get colour.
    pub color_enabled: bool,
    /// How often a terminal is redrawn, at most.
    pub refresh_rate: Duration,
    /// The store.
    pub db_path: PathBuf,
    /// Where the log file goes.
    pub cache_dir: PathBuf,
    /// How much is logged.
    pub level: Level,
    /// Where to.
    pub output: Output,
    /// How blocks are placed.
    pub anchor: Anchor,
    /// How many tokens a block may hold.
    pub token_limit: LimitRule,
    /// How much a block may cost, in whole dollars; none where that is not limited.
    pub cost_limit: Option<LimitRule>,
    /// Whose word about costs holds.
    pub cost_mode: CostMode,
    /// Where prices come from that the program does not bring.
    pub price_source: PriceSource,
    /// Where LiteLLM's prices are fetched from, where they are.
    pub litellm_url: String,
    /// The user's own prices.
    pub price_overrides: Overrides,
    /// Where each value comes from, by key.
    pub origins: BTreeMap<String, Origin>,
    /// What was not understood, a sentence each.
    pub problems: Vec<String>,
}

/// What the command does without a subcommand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Follow the figures.
    Live,
    /// Print them once.
    Status,
}

/// Where prices come from that the program does not bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceSource {
    /// From nowhere: such models are unpriced.
    Bundled,
    /// From LiteLLM's list, fetched at most daily.
    LiteLlm,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Someone must act.
    Error,
    /// Unexpected but recovered.
    Warn,
    /// A few lines a minute.
    Info,
    /// A line a batch.
    Debug,
    /// A line for each line.
    Trace,
}

/// Where logs go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// The terminal.
    Stderr,
    /// A file in the cache folder.
    File,
}

impl Settings {
    /// Values that the defaults fill before anyone sees them.
    fn bare() -> Self {
        Self {
            claude_config_dirs: Vec::new(),
            watch_interval: Duration::from_secs(1),
            update_frequency: Duration::from_secs(1),
            session_retention: Duration::MAX,
            worker_pool_size: 1,
            cache_size: 1,
            batch_window: Duration::from_millis(100),
            default_mode: Mode::Live,
            color_enabled: true,
            refresh_rate: Duration::from_secs(1),
            db_path: PathBuf::new(),
            cache_dir: PathBuf::new(),
            level: Level::Info,
            output: Output::Stderr,
            anchor: Anchor::Auto,
            token_limit: LimitRule::Auto,
            cost_limit: None,
            cost_mode: CostMode::Auto,
            price_source: PriceSource::Bundled,
            litellm_url: String::new(),
            price_overrides: Overrides::default(),
            origins: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Where configuration lives elsewhere than in `~/.config`, so do our files and one of the places to look at.
    fn follow_homes(&mut self, homes: &Homes) {
        let own = homes.config().join("token-monitor");
        (self.db_path, self.cache_dir) = (own.join("sessions.db"), own.join("cache"));
        if let (Some(xdg), Some(first)) = (&homes.xdg_config, self.claude_config_dirs.first_mut()) {
            *first = xdg.join("claude/projects");
        }
    }

    fn apply(&mut self, origin: Origin, source: &str, tree: &Value, homes: &Homes) {
        let Value::Object(groups) = tree else {
            if !tree.is_null() {
                self.problems.push(format!("{source}: expected settings by name"));
            }
            return;
        };
        for (name, value) in groups {
            match value {
                Value::Object(group) => {
                    for (inner, value) in group {
                        self.set(origin, source, &format!("{name}.{inner}"), value, homes);
                    }
                }
                value => self.set(origin, source, name, value, homes),
            }
        }
    }

    fn set(&mut self, origin: Origin, source: &str, key: &str, value: &Value, homes: &Homes) {
        match self.take(key, value, homes) {
            Ok(()) => drop(self.origins.insert(key.to_owned(), origin)),
            Err(expected) => self.problems.push(format!("{source}: {key}: expected {expected}")),
        }
    }

    /// Takes the prices that are understood, and says which are not.
    fn take_overrides(&mut self, value: &Value) -> Result<(), &'static str> {
        let (overrides, bad) = Overrides::read(value);
        self.price_overrides = overrides;
        self.problems.extend(bad.iter().map(ToString::to_string));
        if value.is_object() || value.is_null() { Ok(()) } else { Err("prices by model") }
    }

    /// The prices that hold, with what LiteLLM has for models that are not ours.
    pub fn pricing(&self, fill: Option<LiteLlm>) -> Pricing {
        let book = fill.into_iter().fold(PriceBook::bundled(), PriceBook::filled);
        Pricing::new(book.overridden(self.price_overrides.clone()), self.cost_mode)
    }

    /// Where `token-monitor statusline` leaves what it was told.
    pub fn inbox(&self) -> PathBuf {
        self.db_path.with_file_name("inbox")
    }

    /// Takes a value, or says what it should have been.
    fn take(&mut self, key: &str, value: &Value, homes: &Homes) -> Result<(), &'static str> {
        match key {
            "claude_config_dirs" => self.claude_config_dirs = folders(value, homes)?,
            "monitoring.watch_interval" => self.watch_interval = duration(value, Duration::from_millis(100))?,
            "monitoring.update_frequency" => self.update_frequency = duration(value, Duration::from_millis(250))?,
            "monitoring.session_retention" => self.session_retention = duration(value, Duration::ZERO)?,
            "performance.worker_pool_size" => self.worker_pool_size = count(value, 1..=64)?,
            "performance.cache_size" => self.cache_size = count(value, 1..=10_000)?,
            "performance.batch_window" => self.batch_window = duration(value, Duration::from_millis(1))?,
            "display.default_mode" => self.default_mode = word(value, "live or status")?,
            "display.color_enabled" => self.color_enabled = flag(value)?,
            "display.refresh_rate" => self.refresh_rate = duration(value, Duration::from_millis(50))?,
            "storage.db_path" => self.db_path = path(value, homes)?,
            "storage.cache_dir" => self.cache_dir = path(value, homes)?,
            "logging.level" => self.level = word(value, "error, warn, info, debug or trace")?,
            "logging.output" => self.output = word(value, "stderr or file")?,
            "blocks.anchor" => self.anchor = word(value, "auto, estimate or utc")?,
            "blocks.token_limit" => self.token_limit = limit(value, "auto, max, p90 or a number of tokens")?,
            "blocks.cost_limit" => self.cost_limit = cost_limit(value)?,
            "cost.mode" => self.cost_mode = word(value, "auto, calculate or display")?,
            "pricing.source" => self.price_source = word(value, "bundled or litellm")?,
            "pricing.litellm_url" => self.litellm_url = web_address(value)?,
            "pricing.overrides" => self.take_overrides(value)?,
            _ => return Err("one of the known settings"),
        }
        Ok(())
    }
}

fn yaml(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_saphyr::from_str(text).map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}

fn folders(value: &Value, homes: &Homes) -> Result<Vec<PathBuf>, &'static str> {
    let expected = "a folder or a list of folders";
    match value {
        Value::String(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(parts.map(|part| homes.expand(part)).collect())
        }
        Value::Array(items) => items.iter().map(|item| path(item, homes).map_err(|_| expected)).collect(),
        _ => Err(expected),
    }
}

fn path(value: &Value, homes: &Homes) -> Result<PathBuf, &'static str> {
    value.as_str().filter(|text| !text.is_empty()).map(|text| homes.expand(text)).ok_or("a path")
}

fn duration(value: &Value, least: Duration) -> Result<Duration, &'static str> {
    let expected = "a duration such as 1s, 100ms or 720h";
    let read = humantime::parse_duration(value.as_str().ok_or(expected)?).map_err(|_| expected)?;
    Ok(read.max(least))
}

fn count(value: &Value, range: std::ops::RangeInclusive<usize>) -> Result<usize, &'static str> {
    let read = value.as_u64().and_then(|number| usize::try_from(number).ok());
    read.filter(|number| range.contains(number)).ok_or("a whole number within reason")
}

fn flag(value: &Value) -> Result<bool, &'static str> {
    value.as_bool().ok_or("true or false")
}

fn word<T: for<'de> Deserialize<'de>>(value: &Value, expected: &'static str) -> Result<T, &'static str> {
    serde_json::from_value(value.clone()).map_err(|_| expected)
}

fn limit(value: &Value, expected: &'static str) -> Result<LimitRule, &'static str> {
    // On the command line and in the environment a number is a text.
    let number = value.as_str().and_then(|text| text.parse().ok()).map(LimitRule::Number);
    let rule = number.map_or_else(|| word(value, expected), Ok)?;
    if rule == LimitRule::Number(0) { Err(expected) } else { Ok(rule) }
}

fn cost_limit(value: &Value) -> Result<Option<LimitRule>, &'static str> {
    match value.as_str() {
        Some("none") => Ok(None),
        _ => limit(value, "none, auto, max, p90 or a number of whole dollars").map(Some),
    }
}

fn web_address(value: &Value) -> Result<String, &'static str> {
    let is_one = |text: &&str| text.starts_with("https://") || text.starts_with("http://");
    value.as_str().filter(is_one).map(str::to_owned).ok_or("a web address")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(file: &str) -> Layers {
        let homes = Homes { home: Some("/home/me".into()), ..Homes::default() };
        Layers { homes, file: Some(("config.yaml".into(), file.to_owned())), ..Layers::default() }
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let settings = Layers { file: None, ..layers("") }.settle();
        assert_eq!(settings.problems, Vec::<String>::new(), "the defaults themselves are understood");
        assert_eq!(settings.db_path, PathBuf::from("/home/me/.config/token-monitor/sessions.db"));
        assert_eq!(settings.session_retention, Duration::from_secs(720 * 3600));
        assert_eq!(settings.origins.len(), 21, "each key of the table has a default");
        assert!(settings.origins.values().all(|origin| *origin == Origin::Default));
    }

    #[test]
    fn a_later_layer_wins_and_says_so() {
        let mut layers = layers("blocks: { anchor: utc }\nlogging: { level: debug }");
        layers.saved.insert("blocks.anchor".into(), "\"estimate\"".into());
        layers.environment.insert("logging.level", "trace".into());
        let settings = layers.settle();
        assert_eq!((settings.anchor, settings.level), (Anchor::Estimate, Level::Trace));
        assert_eq!(settings.origins["blocks.anchor"], Origin::Saved);
        assert_eq!(settings.origins["logging.level"], Origin::Environment);
    }

    #[test]
    fn a_bad_value_names_file_key_and_type_and_keeps_the_default() {
        let settings = layers("monitoring: { watch_interval: often, update_frequency: 2s }\nunknown: 1").settle();
        assert_eq!(settings.watch_interval, Duration::from_secs(1));
        assert_eq!(settings.update_frequency, Duration::from_secs(2), "the other keys of the group hold");
        assert_eq!(
            settings.problems,
            [
                "config.yaml: monitoring.watch_interval: expected a duration such as 1s, 100ms or 720h",
                "config.yaml: unknown: expected one of the known settings"
            ]
        );
    }

    #[test]
    fn a_broken_file_stops_nothing() {
        for text in ["", "{", "\0\0", "- a\n- b", "blocks: 7", "a: [1"] {
            assert_eq!(layers(text).settle().worker_pool_size, 5, "{text:?}");
        }
    }

    #[test]
    fn folders_come_as_one_path_a_comma_list_or_a_list() {
        for text in ["~/a,/b", "[~/a, /b]"] {
            let settings = layers(&format!("claude_config_dirs: {text}")).settle();
            assert_eq!(settings.claude_config_dirs, [PathBuf::from("/home/me/a"), PathBuf::from("/b")]);
        }
    }
}
