//! The table of all settings: name, kind, parser and formatter of each.
//!
//! The order is that of `defaults.yaml` and of the settings page.

use std::time::Duration;

use serde_json::{Value, json};
use token_monitor_core::alerts::QuietHours;
use token_monitor_core::blocks::LimitRule;
use token_monitor_core::report::model::SettingKind;

use crate::config::forms::{
    apply_overrides, format_budget, format_quiet_hours, parse_budget, parse_collector, parse_hub_address,
    parse_hub_level, parse_listen_address, parse_shortcut, parse_tray_figures, parse_web_address, parse_zone,
    value_or_none,
};
use crate::config::kinds::{
    choice_kind, duration_kind, number_kind, percent_list_kind, switch_kind, text_kind, text_list_kind, to_strings,
};
use crate::config::settings::Settings;
use crate::config::value::{Expected, RawValue, format_duration, shorten_path};
use crate::ingest::dirs::UserDirs;

/// A setting.
pub(crate) struct SettingKey {
    /// The name, such as `blocks.token_limit`.
    pub(crate) name: &'static str,
    /// The time at which a change takes effect.
    pub(crate) applies_at: AppliesAt,
    kind: fn() -> SettingKind,
    read: fn(&mut Settings, &RawValue<'_>) -> Result<(), Expected>,
    write: fn(&Settings, &UserDirs) -> Value,
}

/// The time at which a change of a setting takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AppliesAt {
    /// Immediately.
    Immediately,
    /// The next start. Such a setting is read before the store is open, so it cannot be saved in the store.
    NextStart,
}

impl SettingKey {
    /// Finds a setting by its name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// Returns the kind of its values.
    pub(crate) fn kind(&self) -> SettingKind {
        (self.kind)()
    }

    /// Parses a value into the settings. Returns the expected form if it is invalid.
    pub(crate) fn read(&self, into: &mut Settings, value: &Value, dirs: &UserDirs) -> Result<(), Expected> {
        (self.read)(into, &RawValue::new(value, self.kind(), dirs))
    }

    /// Returns the current value in a form that `read` accepts.
    pub(crate) fn write(&self, settings: &Settings, dirs: &UserDirs) -> Value {
        (self.write)(settings, dirs)
    }

    const fn at_next_start(self) -> Self {
        Self { applies_at: AppliesAt::NextStart, ..self }
    }
}

const fn define_key(
    name: &'static str,
    kind: fn() -> SettingKind,
    read: fn(&mut Settings, &RawValue<'_>) -> Result<(), Expected>,
    write: fn(&Settings, &UserDirs) -> Value,
) -> SettingKey {
    SettingKey { name, applies_at: AppliesAt::Immediately, kind, read, write }
}

/// The settings the popover's page cannot change, because they name a program to run or an address to connect to, or decide
/// what leaves this computer.
pub(crate) const RESTRICTED_SETTINGS: [&str; 7] = [
    "alerts.command",
    "pricing.litellm_url",
    "push.otlp_endpoint",
    "push.hub_url",
    "push.hub_level",
    "push.hub_limits",
    "updates.url",
];

/// All settings.
pub(crate) const KEYS: &[SettingKey] = &[
    define_key(
        "claude_config_dirs",
        text_list_kind,
        |s, raw| raw.parse_folders().map(|it| s.claude_config_dirs = it),
        |s, dirs| s.claude_config_dirs.iter().map(|folder| shorten_path(folder, dirs)).collect(),
    ),
    define_key(
        "monitoring.watch_interval",
        duration_kind,
        |s, raw| raw.parse_duration(Duration::from_millis(100), MAX_INTERVAL).map(|it| s.watch_interval = it),
        |s, _| format_duration(s.watch_interval),
    ),
    define_key(
        "monitoring.follow_links",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.follow_links = it),
        |s, _| json!(s.follow_links),
    ),
    define_key(
        "monitoring.update_frequency",
        duration_kind,
        |s, raw| raw.parse_duration(Duration::from_millis(250), MAX_INTERVAL).map(|it| s.update_frequency = it),
        |s, _| format_duration(s.update_frequency),
    ),
    define_key(
        "monitoring.session_retention",
        duration_kind,
        |s, raw| raw.parse_duration(Duration::ZERO, MAX_RETENTION).map(|it| s.session_retention = it),
        |s, _| format_duration(s.session_retention),
    ),
    define_key(
        "performance.worker_pool_size",
        || number_kind(&[], 1, 64),
        |s, raw| raw.parse_number().map(|it| s.worker_pool_size = it as usize),
        |s, _| json!(s.worker_pool_size),
    ),
    define_key(
        "performance.cache_size",
        || number_kind(&[], 1, 10_000),
        |s, raw| raw.parse_number().map(|it| s.cache_size = it as usize),
        |s, _| json!(s.cache_size),
    ),
    define_key(
        "performance.batch_window",
        duration_kind,
        |s, raw| raw.parse_duration(Duration::from_millis(1), MAX_BATCH_WINDOW).map(|it| s.batch_window = it),
        |s, _| format_duration(s.batch_window),
    ),
    define_key(
        "display.default_mode",
        || choice_kind(&["live", "compact", "table", "json", "status"]),
        |s, raw| raw.parse_word().map(|it| s.default_mode = it),
        |s, _| json!(s.default_mode),
    )
    .at_next_start(),
    define_key(
        "display.color_enabled",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.color_enabled = it),
        |s, _| json!(s.color_enabled),
    )
    .at_next_start(),
    define_key(
        "display.refresh_rate",
        duration_kind,
        |s, raw| raw.parse_duration(Duration::from_millis(50), MAX_INTERVAL).map(|it| s.refresh_rate = it),
        |s, _| format_duration(s.refresh_rate),
    )
    .at_next_start(),
    define_key(
        "display.tray",
        || SettingKind::Choices { words: to_strings(&["tokens", "cost", "block", "left", "burn"]), most: 2 },
        |s, raw| parse_tray_figures(raw).map(|it| s.display.tray = it),
        |s, _| json!(s.display.tray),
    ),
    define_key(
        "display.icon",
        || choice_kind(&["figure", "bars"]),
        |s, raw| raw.parse_word().map(|it| s.display.icon = it),
        |s, _| json!(s.display.icon),
    ),
    define_key(
        "display.theme",
        || choice_kind(&["auto", "light", "dark", "contrast"]),
        |s, raw| raw.parse_word().map(|it| s.display.theme = it),
        |s, _| json!(s.display.theme),
    ),
    define_key(
        "display.zone",
        text_kind,
        |s, raw| parse_zone(raw).map(|it| s.zone = it),
        |s, _| json!(s.zone.map_or("auto", chrono_tz::Tz::name)),
    ),
    define_key(
        "display.week_start",
        || choice_kind(&["auto", "monday", "saturday", "sunday"]),
        |s, raw| raw.parse_word().map(|it| s.display.week_start = it),
        |s, _| json!(s.display.week_start),
    ),
    define_key(
        "display.keep_popover",
        duration_kind,
        |s, raw| {
            let kept = raw.parse_duration(Duration::ZERO, MAX_INTERVAL)?.as_secs();
            s.display.keep_popover_seconds = u32::try_from(kept).unwrap_or(u32::MAX);
            Ok(())
        },
        |s, _| format_duration(Duration::from_secs(s.display.keep_popover_seconds.into())),
    ),
    define_key(
        "display.shortcut",
        text_kind,
        |s, raw| parse_shortcut(raw).map(|it| s.display.shortcut = it),
        |s, _| json!(s.display.shortcut.map_or("none".to_owned(), String::from)),
    ),
    define_key(
        "storage.db_path",
        text_kind,
        |s, raw| raw.parse_path().map(|it| s.db_path = it),
        |s, dirs| shorten_path(&s.db_path, dirs).into(),
    )
    .at_next_start(),
    define_key(
        "storage.cache_dir",
        text_kind,
        |s, raw| raw.parse_path().map(|it| s.cache_dir = it),
        |s, dirs| shorten_path(&s.cache_dir, dirs).into(),
    )
    .at_next_start(),
    define_key(
        "logging.level",
        || choice_kind(&["error", "warn", "info", "debug", "trace"]),
        |s, raw| raw.parse_word().map(|it| s.level = it),
        |s, _| json!(s.level),
    )
    .at_next_start(),
    define_key(
        "logging.output",
        || choice_kind(&["stderr", "file"]),
        |s, raw| raw.parse_word().map(|it| s.output = it),
        |s, _| json!(s.output),
    )
    .at_next_start(),
    define_key(
        "blocks.anchor",
        || choice_kind(&["auto", "estimate", "utc"]),
        |s, raw| raw.parse_word().map(|it| s.anchor = it),
        |s, _| json!(s.anchor),
    ),
    define_key(
        "blocks.token_limit",
        || number_kind(&["auto", "max", "p90"], 1, MAX_TOKENS),
        |s, raw| raw.parse_limit().map(|it| s.token_limit = it),
        |s, _| json!(s.token_limit),
    ),
    define_key(
        "blocks.cost_limit",
        || number_kind(&["none", "auto", "max", "p90"], 1, MAX_DOLLARS),
        |s, raw| raw.parse_dollar_limit_or_none().map(|it| s.cost_limit = it),
        |s, _| value_or_none(s.cost_limit.map(|limit: LimitRule| json!(limit))),
    ),
    define_key(
        "cost.mode",
        || choice_kind(&["auto", "calculate", "display"]),
        |s, raw| raw.parse_word().map(|it| s.cost_mode = it),
        |s, _| json!(s.cost_mode),
    ),
    define_key(
        "pricing.source",
        || choice_kind(&["bundled", "litellm"]),
        |s, raw| raw.parse_word().map(|it| s.price_source = it),
        |s, _| json!(s.price_source),
    ),
    define_key(
        "pricing.litellm_url",
        text_kind,
        |s, raw| raw.parse_text("an address that begins with https://", parse_web_address).map(|it| s.litellm_url = it),
        |s, _| json!(s.litellm_url),
    ),
    define_key("pricing.overrides", text_kind, apply_overrides, |s, _| json!(s.price_overrides_given)),
    define_key(
        "alerts.enabled",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.enabled = it),
        |s, _| json!(s.alerts.enabled),
    ),
    define_key(
        "alerts.block",
        percent_list_kind,
        |s, raw| raw.parse_numbers().map(|it| s.alerts.block_thresholds = it),
        |s, _| json!(s.alerts.block_thresholds),
    ),
    define_key(
        "alerts.forecast",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.forecast = it),
        |s, _| json!(s.alerts.forecast),
    ),
    define_key(
        "alerts.burn_rate_tokens",
        || number_kind(&["none"], 1, MAX_TOKENS),
        |s, raw| raw.parse_number_or_none().map(|it| s.alerts.max_tokens_per_minute = it),
        |s, _| value_or_none(s.alerts.max_tokens_per_minute),
    ),
    define_key(
        "alerts.burn_rate_cost",
        || number_kind(&["none"], 1, MAX_DOLLARS),
        |s, raw| raw.parse_number_or_none().map(|it| s.alerts.max_dollars_per_hour = it),
        |s, _| value_or_none(s.alerts.max_dollars_per_hour),
    ),
    define_key(
        "alerts.burn_rate_minutes",
        || number_kind(&[], 1, 60),
        |s, raw| raw.parse_number().map(|it| s.alerts.burn_rate_minutes = it),
        |s, _| json!(s.alerts.burn_rate_minutes),
    ),
    define_key(
        "alerts.week",
        percent_list_kind,
        |s, raw| raw.parse_numbers().map(|it| s.alerts.week_thresholds = it),
        |s, _| json!(s.alerts.week_thresholds),
    ),
    define_key(
        "alerts.reset",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.reset = it),
        |s, _| json!(s.alerts.reset),
    ),
    define_key(
        "alerts.limit_hit",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.limit_reached = it),
        |s, _| json!(s.alerts.limit_reached),
    ),
    define_key(
        "alerts.daily_budget",
        text_kind,
        |s, raw| parse_budget(raw).map(|it| s.alerts.daily_budget = it),
        |s, _| format_budget(s.alerts.daily_budget),
    ),
    define_key(
        "alerts.weekly_budget",
        text_kind,
        |s, raw| parse_budget(raw).map(|it| s.alerts.weekly_budget = it),
        |s, _| format_budget(s.alerts.weekly_budget),
    ),
    define_key(
        "alerts.monthly_budget",
        text_kind,
        |s, raw| parse_budget(raw).map(|it| s.alerts.monthly_budget = it),
        |s, _| format_budget(s.alerts.monthly_budget),
    ),
    define_key(
        "alerts.session_cost",
        || number_kind(&["none"], 1, MAX_DOLLARS),
        |s, raw| raw.parse_number_or_none().map(|it| s.alerts.session_cost = it),
        |s, _| value_or_none(s.alerts.session_cost),
    ),
    define_key(
        "alerts.waiting",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.agent_waiting = it),
        |s, _| json!(s.alerts.agent_waiting),
    ),
    define_key(
        "alerts.cleaning",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.log_retention = it),
        |s, _| json!(s.alerts.log_retention),
    ),
    define_key(
        "alerts.sound",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.sound = it),
        |s, _| json!(s.alerts.sound),
    ),
    define_key(
        "alerts.quiet_hours",
        text_kind,
        |s, raw| raw.parse_text_or_none(QUIET_HOURS_FORM, QuietHours::parse).map(|it| s.alerts.quiet_hours = it),
        |s, _| value_or_none(s.alerts.quiet_hours.map(format_quiet_hours)),
    ),
    define_key(
        "alerts.quiet_summary",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.alerts.quiet_summary = it),
        |s, _| json!(s.alerts.quiet_summary),
    ),
    define_key(
        "alerts.command",
        text_list_kind,
        |s, raw| raw.parse_command().map(|it| s.alerts.command = it),
        |s, _| json!(s.alerts.command),
    ),
    define_key(
        "serve.enabled",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.serve.enabled = it),
        |s, _| json!(s.serve.enabled),
    ),
    define_key(
        "serve.listen",
        text_kind,
        |s, raw| raw.parse_text(LISTEN_FORM, parse_listen_address).map(|it| s.serve.listen = it),
        |s, _| json!(s.serve.listen),
    )
    .at_next_start(),
    define_key(
        "serve.public_health",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.serve.public_health = it),
        |s, _| json!(s.serve.public_health),
    )
    .at_next_start(),
    define_key(
        "serve.public_metrics",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.serve.public_metrics = it),
        |s, _| json!(s.serve.public_metrics),
    )
    .at_next_start(),
    define_key(
        "push.otlp_endpoint",
        text_kind,
        |s, raw| parse_collector(raw).map(|it| s.otlp_endpoint = it),
        |s, _| value_or_none(s.otlp_endpoint.clone()),
    ),
    define_key(
        "push.hub_url",
        text_kind,
        |s, raw| raw.parse_text_or_none(HUB_FORM, parse_hub_address).map(|it| s.hub_url = it),
        |s, _| value_or_none(s.hub_url.clone()),
    ),
    define_key(
        "push.hub_level",
        || number_kind(&[], 0, 3),
        |s, raw| parse_hub_level(raw).map(|it| s.hub_level = it),
        |s, _| json!(s.hub_level),
    ),
    define_key(
        "push.hub_limits",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.hub_limits = it),
        |s, _| json!(s.hub_limits),
    ),
    define_key(
        "updates.check",
        switch_kind,
        |s, raw| raw.parse_bool().map(|it| s.updates.check = it),
        |s, _| json!(s.updates.check),
    ),
    define_key(
        "updates.url",
        text_kind,
        |s, raw| raw.parse_text("an address that begins with https://", parse_web_address).map(|it| s.updates.url = it),
        |s, _| json!(s.updates.url),
    )
    .at_next_start(),
];

/// The longest interval: one day.
const MAX_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest time changes are collected before they are written.
const MAX_BATCH_WINDOW: Duration = Duration::from_secs(60);

/// The longest retention: a hundred years, which is as good as unlimited.
const MAX_RETENTION: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The largest number of tokens, which JSON numbers represent exactly.
const MAX_TOKENS: u64 = 1_000_000_000_000;

/// The largest amount of money, in dollars.
const MAX_DOLLARS: u64 = 1_000_000;

/// The expected form of quiet hours.
const QUIET_HOURS_FORM: &str = "none or two different times such as 22:00-08:00";

/// The expected form of the address of a hub.
const HUB_FORM: &str = "none or an address that begins with https://, without a name and a password";

/// The expected form of the address of the web server.
const LISTEN_FORM: &str = "an address such as 127.0.0.1:7337, or unix: and the path of a socket";
