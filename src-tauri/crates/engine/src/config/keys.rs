//! The one table of all that can be set: what each setting is called, what it can be, how it is read and written.
//!
//! In the order of the commented defaults, which is the order pages show them in.

use std::time::Duration;

use serde_json::{Value, json};
use token_monitor_core::alerts::{Budget, QuietHours};
use token_monitor_core::blocks::LimitRule;
use token_monitor_core::pricing::Overrides;
use token_monitor_core::report::model::{SettingKind, TrayFigure};

use crate::config::Settings;
use crate::config::value::{Given, Wrong, shortened, spelled};
use crate::ingest::dirs::Homes;

/// One setting.
pub(crate) struct Key {
    /// Such as `blocks.token_limit`.
    pub(crate) name: &'static str,
    /// When a change of it holds.
    pub(crate) holds: Holds,
    kind: fn() -> SettingKind,
    read: fn(&mut Settings, &Given<'_>) -> Result<(), Wrong>,
    write: fn(&Settings, &Homes) -> Value,
}

/// When a change of a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// At once.
    AtOnce,
    /// From the next start. It is read before the store is open, so it cannot be saved in there.
    NextStart,
}

impl Key {
    /// The setting of a name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// What it can be.
    pub(crate) fn kind(&self) -> SettingKind {
        (self.kind)()
    }

    /// Takes a value, or says what was expected.
    pub(crate) fn read(&self, into: &mut Settings, value: &Value, homes: &Homes) -> Result<(), Wrong> {
        (self.read)(into, &Given::new(value, self.kind(), homes))
    }

    /// What holds, as it could be given.
    pub(crate) fn write(&self, settings: &Settings, homes: &Homes) -> Value {
        (self.write)(settings, homes)
    }

    const fn early(self) -> Self {
        Self { holds: Holds::NextStart, ..self }
    }
}

const fn key(
    name: &'static str,
    kind: fn() -> SettingKind,
    read: fn(&mut Settings, &Given<'_>) -> Result<(), Wrong>,
    write: fn(&Settings, &Homes) -> Value,
) -> Key {
    Key { name, holds: Holds::AtOnce, kind, read, write }
}

/// All that can be set.
pub(crate) const KEYS: &[Key] = &[
    key(
        "claude_config_dirs",
        texts,
        |s, given| given.folders().map(|it| s.claude_config_dirs = it),
        |s, homes| s.claude_config_dirs.iter().map(|folder| shortened(folder, homes)).collect(),
    ),
    key(
        "monitoring.watch_interval",
        duration,
        |s, given| given.duration(Duration::from_millis(100), DAY).map(|it| s.watch_interval = it),
        |s, _| spelled(s.watch_interval),
    ),
    key(
        "monitoring.update_frequency",
        duration,
        |s, given| given.duration(Duration::from_millis(250), DAY).map(|it| s.update_frequency = it),
        |s, _| spelled(s.update_frequency),
    ),
    key(
        "monitoring.session_retention",
        duration,
        |s, given| given.duration(Duration::ZERO, LONGEST).map(|it| s.session_retention = it),
        |s, _| spelled(s.session_retention),
    ),
    key(
        "performance.worker_pool_size",
        || number(&[], 1, 64),
        |s, given| given.number().map(|it| s.worker_pool_size = it as usize),
        |s, _| json!(s.worker_pool_size),
    ),
    key(
        "performance.cache_size",
        || number(&[], 1, 10_000),
        |s, given| given.number().map(|it| s.cache_size = it as usize),
        |s, _| json!(s.cache_size),
    ),
    key(
        "performance.batch_window",
        duration,
        |s, given| given.duration(Duration::from_millis(1), MINUTE).map(|it| s.batch_window = it),
        |s, _| spelled(s.batch_window),
    ),
    key(
        "display.default_mode",
        || choice(&["live", "status"]),
        |s, given| given.word().map(|it| s.default_mode = it),
        |s, _| json!(s.default_mode),
    )
    .early(),
    key(
        "display.color_enabled",
        switch,
        |s, given| given.flag().map(|it| s.color_enabled = it),
        |s, _| json!(s.color_enabled),
    )
    .early(),
    key(
        "display.refresh_rate",
        duration,
        |s, given| given.duration(Duration::from_millis(50), DAY).map(|it| s.refresh_rate = it),
        |s, _| spelled(s.refresh_rate),
    )
    .early(),
    key(
        "display.tray",
        || SettingKind::Choices { words: owned(&["tokens", "cost", "block", "left", "burn"]), most: 2 },
        |s, given| tray(given).map(|it| s.display.tray = it),
        |s, _| json!(s.display.tray),
    ),
    key(
        "display.theme",
        || choice(&["auto", "light", "dark", "contrast"]),
        |s, given| given.word().map(|it| s.display.theme = it),
        |s, _| json!(s.display.theme),
    ),
    key(
        "display.zone",
        text,
        |s, given| zone(given).map(|it| s.zone = it),
        |s, _| json!(s.zone.map_or("auto", chrono_tz::Tz::name)),
    ),
    key(
        "display.week_start",
        || choice(&["auto", "monday", "saturday", "sunday"]),
        |s, given| given.word().map(|it| s.display.week_start = it),
        |s, _| json!(s.display.week_start),
    ),
    key(
        "display.keep_popover",
        duration,
        |s, given| {
            let kept = given.duration(Duration::ZERO, DAY)?.as_secs();
            s.display.keep_popover_seconds = u32::try_from(kept).unwrap_or(u32::MAX);
            Ok(())
        },
        |s, _| spelled(Duration::from_secs(s.display.keep_popover_seconds.into())),
    ),
    key(
        "storage.db_path",
        text,
        |s, given| given.path().map(|it| s.db_path = it),
        |s, homes| shortened(&s.db_path, homes).into(),
    )
    .early(),
    key(
        "storage.cache_dir",
        text,
        |s, given| given.path().map(|it| s.cache_dir = it),
        |s, homes| shortened(&s.cache_dir, homes).into(),
    )
    .early(),
    key(
        "logging.level",
        || choice(&["error", "warn", "info", "debug", "trace"]),
        |s, given| given.word().map(|it| s.level = it),
        |s, _| json!(s.level),
    )
    .early(),
    key(
        "logging.output",
        || choice(&["stderr", "file"]),
        |s, given| given.word().map(|it| s.output = it),
        |s, _| json!(s.output),
    )
    .early(),
    key(
        "blocks.anchor",
        || choice(&["auto", "estimate", "utc"]),
        |s, given| given.word().map(|it| s.anchor = it),
        |s, _| json!(s.anchor),
    ),
    key(
        "blocks.token_limit",
        || number(&["auto", "max", "p90"], 1, MOST_TOKENS),
        |s, given| given.limit().map(|it| s.token_limit = it),
        |s, _| json!(s.token_limit),
    ),
    key(
        "blocks.cost_limit",
        || number(&["none", "auto", "max", "p90"], 1, MOST_DOLLARS),
        |s, given| given.limit_or_none().map(|it| s.cost_limit = it),
        |s, _| or_none(s.cost_limit.map(|limit: LimitRule| json!(limit))),
    ),
    key(
        "cost.mode",
        || choice(&["auto", "calculate", "display"]),
        |s, given| given.word().map(|it| s.cost_mode = it),
        |s, _| json!(s.cost_mode),
    ),
    key(
        "pricing.source",
        || choice(&["bundled", "litellm"]),
        |s, given| given.word().map(|it| s.price_source = it),
        |s, _| json!(s.price_source),
    ),
    key(
        "pricing.litellm_url",
        text,
        |s, given| given.text("a web address", web_address).map(|it| s.litellm_url = it),
        |s, _| json!(s.litellm_url),
    ),
    key("pricing.overrides", text, take_overrides, |s, _| json!(s.price_overrides_given)),
    key(
        "alerts.enabled",
        switch,
        |s, given| given.flag().map(|it| s.alerts.enabled = it),
        |s, _| json!(s.alerts.enabled),
    ),
    key("alerts.block", shares, |s, given| given.numbers().map(|it| s.alerts.block = it), |s, _| json!(s.alerts.block)),
    key(
        "alerts.forecast",
        switch,
        |s, given| given.flag().map(|it| s.alerts.forecast = it),
        |s, _| json!(s.alerts.forecast),
    ),
    key(
        "alerts.burn_rate_tokens",
        || number(&["none"], 1, MOST_TOKENS),
        |s, given| given.number_or_none().map(|it| s.alerts.burn_tokens = it),
        |s, _| or_none(s.alerts.burn_tokens),
    ),
    key(
        "alerts.burn_rate_cost",
        || number(&["none"], 1, MOST_DOLLARS),
        |s, given| given.number_or_none().map(|it| s.alerts.burn_cost = it),
        |s, _| or_none(s.alerts.burn_cost),
    ),
    key(
        "alerts.burn_rate_minutes",
        || number(&[], 1, 60),
        |s, given| given.number().map(|it| s.alerts.burn_minutes = it),
        |s, _| json!(s.alerts.burn_minutes),
    ),
    key("alerts.week", shares, |s, given| given.numbers().map(|it| s.alerts.week = it), |s, _| json!(s.alerts.week)),
    key("alerts.reset", switch, |s, given| given.flag().map(|it| s.alerts.reset = it), |s, _| json!(s.alerts.reset)),
    key(
        "alerts.limit_hit",
        switch,
        |s, given| given.flag().map(|it| s.alerts.limit_hit = it),
        |s, _| json!(s.alerts.limit_hit),
    ),
    key(
        "alerts.daily_budget",
        text,
        |s, given| budget(given).map(|it| s.alerts.daily_budget = it),
        |s, _| written_budget(s.alerts.daily_budget),
    ),
    key(
        "alerts.weekly_budget",
        text,
        |s, given| budget(given).map(|it| s.alerts.weekly_budget = it),
        |s, _| written_budget(s.alerts.weekly_budget),
    ),
    key(
        "alerts.monthly_budget",
        text,
        |s, given| budget(given).map(|it| s.alerts.monthly_budget = it),
        |s, _| written_budget(s.alerts.monthly_budget),
    ),
    key(
        "alerts.session_cost",
        || number(&["none"], 1, MOST_DOLLARS),
        |s, given| given.number_or_none().map(|it| s.alerts.session_cost = it),
        |s, _| or_none(s.alerts.session_cost),
    ),
    key(
        "alerts.cleaning",
        switch,
        |s, given| given.flag().map(|it| s.alerts.cleaning = it),
        |s, _| json!(s.alerts.cleaning),
    ),
    key("alerts.sound", switch, |s, given| given.flag().map(|it| s.alerts.sound = it), |s, _| json!(s.alerts.sound)),
    key(
        "alerts.quiet_hours",
        text,
        |s, given| given.text_or_none(QUIET, QuietHours::read).map(|it| s.alerts.quiet = it),
        |s, _| or_none(s.alerts.quiet.map(written_hours)),
    ),
    key(
        "alerts.quiet_summary",
        switch,
        |s, given| given.flag().map(|it| s.alerts.quiet_summary = it),
        |s, _| json!(s.alerts.quiet_summary),
    ),
    key(
        "alerts.command",
        texts,
        |s, given| given.command().map(|it| s.alerts.command = it),
        |s, _| json!(s.alerts.command),
    ),
];

/// Longer than anybody waits, and short enough to be added to any instant.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// A hundred years: a session is as good as never too old.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// More than anybody uses, and still exact in every program that reads JSON.
const MOST_TOKENS: u64 = 1_000_000_000_000;
const MOST_DOLLARS: u64 = 1_000_000;

const QUIET: &str = "none or two different times such as 22:00-08:00";

fn switch() -> SettingKind {
    SettingKind::Switch
}

fn duration() -> SettingKind {
    SettingKind::Duration
}

fn text() -> SettingKind {
    SettingKind::Text { several: false }
}

fn texts() -> SettingKind {
    SettingKind::Text { several: true }
}

fn choice(words: &[&str]) -> SettingKind {
    SettingKind::Choice { words: owned(words) }
}

fn number(words: &[&str], least: u64, most: u64) -> SettingKind {
    SettingKind::Number { words: owned(words), least, most }
}

/// Percentages of a limit, which can be passed.
fn shares() -> SettingKind {
    SettingKind::Numbers { least: 1, most: 200 }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

fn tray(given: &Given<'_>) -> Result<Vec<TrayFigure>, Wrong> {
    if given.value() == "icon" { Ok(Vec::new()) } else { given.words() }
}

fn zone(given: &Given<'_>) -> Result<Option<chrono_tz::Tz>, Wrong> {
    given.text("auto or a time zone such as Europe/Berlin", |name| match name {
        "auto" => Some(None),
        name => name.parse().ok().map(Some),
    })
}

fn budget(given: &Given<'_>) -> Result<Option<Budget>, Wrong> {
    given.text_or_none("none, a number of tokens, or whole dollars such as $20", Budget::read)
}

fn web_address(text: &str) -> Option<String> {
    let is_one = text.starts_with("https://") || text.starts_with("http://");
    is_one.then(|| text.to_owned())
}

/// Takes the prices that are understood, and says which are not.
fn take_overrides(settings: &mut Settings, given: &Given<'_>) -> Result<(), Wrong> {
    let value = given.value();
    if !value.is_object() && !value.is_null() {
        return Err("prices by model".into());
    }
    let (overrides, bad) = Overrides::read(value);
    settings.price_overrides = overrides;
    settings.price_overrides_given = if value.is_null() { "{}".to_owned() } else { value.to_string() };
    settings.problems.extend(bad.iter().map(ToString::to_string));
    Ok(())
}

fn or_none(value: Option<impl Into<Value>>) -> Value {
    value.map_or_else(|| "none".into(), Into::into)
}

fn written_budget(budget: Option<Budget>) -> Value {
    or_none(budget.map(|budget| match budget {
        Budget::Tokens(tokens) => tokens.to_string(),
        Budget::Dollars(dollars) => format!("${dollars}"),
    }))
}

fn written_hours(quiet: QuietHours) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}-{}", time(quiet.from), time(quiet.to))
}
