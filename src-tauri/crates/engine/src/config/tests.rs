//! Tests of all settings together: defaults, layers, and each key.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use serde_json::{Value, json};
use token_monitor_core::alerts::{AlertSettings, Budget, QuietHours};
use token_monitor_core::blocks::{BlockPlacement, LimitRule};
use token_monitor_core::report::model::{DisplaySettings, IconContent, Theme, TrayFigure, WeekStart};

use crate::config::keys::AppliesAt;
use crate::config::*;
use crate::ingest::dirs::UserDirs;

fn sources(file: &str) -> ConfigSources {
    let dirs = UserDirs { home: Some("/home/me".into()), ..UserDirs::default() };
    ConfigSources { dirs, file: ConfigFile::from_text("config.yaml", file), ..ConfigSources::default() }
}

#[test]
fn without_a_file_the_defaults_apply() {
    let settings = sources("").resolve();
    assert_eq!(settings.problems, Vec::<String>::new(), "the defaults themselves are understood");
    assert_eq!(settings.db_path, PathBuf::from("/home/me/.config/token-monitor/sessions.db"));
    assert_eq!(settings.session_retention, Duration::from_secs(720 * 3600));
    assert_eq!(settings.origins.len(), KEYS.len(), "each key of the table has a default");
    assert!(settings.origins.values().all(|origin| *origin == SettingOrigin::Default));
}

#[test]
fn a_higher_layer_wins_and_is_the_origin() {
    let mut sources = sources("blocks: { anchor: utc }\nlogging: { level: debug }");
    sources.saved.insert("blocks.anchor".into(), "\"estimate\"".into());
    sources.environment.insert("logging.level", "trace".into());
    let settings = sources.resolve();
    assert_eq!((settings.anchor, settings.level), (BlockPlacement::Estimate, LogLevel::Trace));
    assert_eq!(settings.origins["blocks.anchor"], SettingOrigin::Saved);
    assert_eq!(settings.origins["logging.level"], SettingOrigin::Environment);
}

#[test]
fn an_invalid_value_is_reported_and_keeps_the_default() {
    let settings = sources("monitoring: { watch_interval: often, update_frequency: 2s }\nunknown: 1").resolve();
    assert_eq!(settings.watch_interval, Duration::from_secs(1));
    assert_eq!(settings.update_frequency, Duration::from_secs(2), "the other keys of the group apply");
    assert_eq!(
        settings.problems,
        [
            "config.yaml: monitoring.watch_interval: expected a duration such as 1s, 100ms or 720h",
            "config.yaml: unknown: expected one of the known settings"
        ]
    );
}

#[test]
fn an_invalid_file_keeps_the_defaults() {
    for text in ["", "{", "\0\0", "- a\n- b", "blocks: 7", "a: [1"] {
        assert_eq!(sources(text).resolve().worker_pool_size, 5, "{text:?}");
    }
}

#[test]
fn folders_may_be_a_path_a_comma_separated_list_or_a_list() {
    for text in ["~/a,/b", "[~/a, /b]"] {
        let settings = sources(&format!("claude_config_dirs: {text}")).resolve();
        assert_eq!(settings.claude_config_dirs, [PathBuf::from("/home/me/a"), PathBuf::from("/b")]);
    }
}

/// Returns the keys of the commented defaults.
fn keys_of_the_defaults() -> Vec<String> {
    let mut group = "";
    let mut keys = Vec::new();
    for line in DEFAULTS.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let Some((name, value)) = line.split_once(':') else { continue };
        match (name.strip_prefix("  "), value.is_empty()) {
            (Some(inner), _) => keys.push(format!("{group}.{inner}")),
            (None, true) => group = name,
            (None, false) => keys.push(name.to_owned()),
        }
    }
    keys
}

#[test]
fn the_table_has_the_keys_of_the_defaults_in_their_order() {
    let keys: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    assert_eq!(keys, keys_of_the_defaults());
}

#[test]
fn the_defaults_are_those_of_the_code_without_settings() {
    let settings = sources("").resolve();
    assert_eq!((settings.alerts, settings.display), (AlertSettings::default(), DisplaySettings::default()));
    assert_eq!(settings.zone, None);
}

/// Returns a value of each setting other than its default: as it may be written, and as it is shown.
fn sample_values() -> Vec<(&'static str, Value, Value)> {
    let same = |key, value: Value| (key, value.clone(), value);
    vec![
        ("claude_config_dirs", json!("/logs, ~/more"), json!(["/logs", "~/more"])),
        same("monitoring.watch_interval", json!("5s")),
        same("monitoring.follow_links", json!(true)),
        ("monitoring.update_frequency", json!("1ms"), json!("250ms")),
        ("monitoring.session_retention", json!("7days"), json!("168h")),
        ("performance.worker_pool_size", json!("3"), json!(3)),
        same("performance.cache_size", json!(7)),
        ("performance.batch_window", json!("1000years"), json!("1m")),
        same("display.default_mode", json!("status")),
        ("display.color_enabled", json!("false"), json!(false)),
        same("display.refresh_rate", json!("2s")),
        ("display.tray", json!("cost, burn"), json!(["cost", "burn"])),
        same("display.icon", json!("bars")),
        same("display.theme", json!("contrast")),
        same("display.zone", json!("Asia/Kathmandu")),
        same("display.week_start", json!("saturday")),
        same("display.keep_popover", json!("5m")),
        ("display.shortcut", json!("alt+ctrl+t"), json!("Ctrl+Alt+T")),
        ("storage.db_path", json!("/home/me/x.db"), json!("~/x.db")),
        same("storage.cache_dir", json!("/cache")),
        same("logging.level", json!("trace")),
        same("logging.output", json!("file")),
        same("blocks.anchor", json!("utc")),
        ("blocks.token_limit", json!("1_000"), json!(1000)),
        same("blocks.cost_limit", json!("p90")),
        same("cost.mode", json!("display")),
        same("pricing.source", json!("litellm")),
        same("pricing.litellm_url", json!("http://localhost/prices")),
        (
            "pricing.overrides",
            json!({ "m": { "input": 1, "output": 2.5 } }),
            json!(r#"{"m":{"input":1,"output":2.5}}"#),
        ),
        same("alerts.enabled", json!(false)),
        ("alerts.block", json!("[90, 80, 90]"), json!([80, 90])),
        same("alerts.forecast", json!(false)),
        same("alerts.burn_rate_tokens", json!(50_000)),
        ("alerts.burn_rate_cost", json!("20"), json!(20)),
        same("alerts.burn_rate_minutes", json!(15)),
        ("alerts.week", json!("none"), json!([])),
        same("alerts.reset", json!(false)),
        same("alerts.limit_hit", json!(false)),
        ("alerts.daily_budget", json!(2_000_000), json!("2000000")),
        ("alerts.weekly_budget", json!("$ 20"), json!("$20")),
        same("alerts.monthly_budget", json!("$300")),
        same("alerts.session_cost", json!(5)),
        same("alerts.waiting", json!(true)),
        same("alerts.cleaning", json!(false)),
        same("alerts.sound", json!(true)),
        ("alerts.quiet_hours", json!("22:00 - 8:05"), json!("22:00-08:05")),
        same("alerts.quiet_summary", json!(false)),
        ("alerts.command", json!("notify-me"), json!(["notify-me"])),
        same("serve.enabled", json!(true)),
        same("serve.listen", json!("[::1]:80")),
        same("serve.public_health", json!(true)),
        same("serve.public_metrics", json!(true)),
        same("push.otlp_endpoint", json!("http://collector:4318")),
        same("push.hub_url", json!("https://hub.example/")),
        ("push.hub_level", json!("2"), json!(2)),
        same("push.hub_limits", json!(true)),
        same("updates.check", json!(true)),
        same("updates.url", json!("http://127.0.0.1:8000/releases")),
    ]
}

#[test]
fn each_setting_is_resolved_shown_and_parsed_again() {
    assert_eq!(sample_values().iter().map(|(key, ..)| *key).collect::<Vec<_>>(), keys_of_the_defaults());
    let dirs = sources("").dirs;
    for (name, given, shown) in sample_values() {
        let (group, inner) = name.split_once('.').unwrap_or(("", name));
        let tree = if group.is_empty() { json!({ inner: given }) } else { json!({ group: { inner: given } }) };
        let sources = sources(&tree.to_string());
        let settings = sources.resolve();
        assert_eq!(settings.problems, Vec::<String>::new(), "{name}");
        let page = settings_page(&settings, &sources);
        let row = page.rows.iter().find(|row| row.key == name).expect("each key has a row");
        assert_eq!((&row.value, row.origin), (&shown, SettingOrigin::File), "{name}");
        assert_ne!(row.value, row.default, "{name}");
        let mut again = sources.default_settings();
        SettingKey::find(name).expect("it is one").read(&mut again, &row.value, &dirs).expect("it reads what it wrote");
        again.origins.clone_from(&settings.origins);
        assert_eq!(again, settings, "{name}");
    }
}

#[test]
fn a_cost_limit_may_be_written_like_a_budget() {
    for written in ["20", "'20'", "$20", "' $ 20 '"] {
        let settings = sources(&format!("blocks: {{ cost_limit: {written} }}")).resolve();
        assert_eq!((settings.cost_limit, &settings.problems[..]), (Some(LimitRule::Number(20)), &[][..]), "{written}");
    }
}

#[test]
fn startup_only_settings_do_not_change_at_runtime() {
    let tree = |(name, given, _): (&str, Value, Value)| match name.split_once('.') {
        Some((group, inner)) => format!("{}\n", json!({ group: { inner: given } })),
        None => format!("{}\n", json!({ name: given })),
    };
    let before = sources("").resolve();
    for other in sample_values() {
        let key = SettingKey::find(other.0).expect("it is one");
        let sources = sources(&tree(other));
        let mut after = sources.resolve();
        after.carry_over_startup_only(&before);
        assert_eq!(after == before, key.applies_at == AppliesAt::NextStart, "{}", key.name);
    }
}

#[test]
fn display_and_alert_settings_are_parsed() {
    let text = "display: { tray: icon, icon: bars, theme: dark, zone: Asia/Kathmandu, week_start: sunday, keep_popover: 90s, shortcut: Super+F2 }\n\
                alerts: { block: [], daily_budget: 5, quiet_hours: 22:00-08:00, command: [run, -x] }";
    let settings = sources(text).resolve();
    let display = DisplaySettings {
        tray: Vec::<TrayFigure>::new(),
        icon: IconContent::Bars,
        theme: Theme::Dark,
        week_start: WeekStart::Sunday,
        keep_popover_seconds: 90,
        shortcut: "Super+F2".parse().ok(),
    };
    assert_eq!((settings.problems, settings.display), (vec![], display));
    assert_eq!(settings.zone, Some(Tz::Asia__Kathmandu));
    let expected = AlertSettings {
        block_thresholds: vec![],
        daily_budget: Some(Budget::Tokens(5)),
        quiet_hours: QuietHours::parse("22:00-08:00"),
        command: vec!["run".into(), "-x".into()],
        ..AlertSettings::default()
    };
    assert_eq!(settings.alerts, expected);
}

#[test]
fn an_invalid_value_is_rejected_with_the_expected_form_and_changes_nothing() {
    let sources = sources("");
    let before = sources.resolve();
    for (name, bad, expected) in [
        ("claude_config_dirs", json!(7), "a folder or a list of folders"),
        ("claude_config_dirs", json!(["/"]), "folders that hold logs; / would mean to search a whole file system"),
        ("claude_config_dirs", json!("~/a, /proc/self"), "folders that hold logs; /proc/self would"),
        ("claude_config_dirs", json!("logs"), "whole paths, which logs is not"),
        ("claude_config_dirs", json!(vec!["/a"; 65]), "at most 64 folders"),
        ("monitoring.watch_interval", json!("-1s"), "a duration such as 1s, 100ms or 720h"),
        ("performance.worker_pool_size", json!(65), "a whole number from 1 to 64"),
        ("display.color_enabled", json!("yes"), "true or false"),
        ("display.tray", json!(["tokens", "cost", "left"]), "at most 2 of tokens, cost, block, left and burn"),
        ("display.theme", json!("pink"), "auto, light, dark or contrast"),
        ("display.zone", json!("Mars/Olympus"), "auto or a time zone such as Europe/Berlin"),
        ("display.shortcut", json!("T"), "none or a shortcut such as Ctrl+Alt+T"),
        ("blocks.token_limit", json!(0), "auto, max, p90 or a whole number from 1 to 1000000000000"),
        ("blocks.cost_limit", json!("$0"), "none, auto, max, p90 or a whole number from 1 to 1000000"),
        ("blocks.cost_limit", json!("$2.50"), "none, auto, max, p90 or a whole number from 1 to 1000000"),
        ("blocks.cost_limit", json!("$max"), "none, auto, max, p90 or a whole number from 1 to 1000000"),
        ("blocks.cost_limit", json!(-5), "none, auto, max, p90 or a whole number from 1 to 1000000"),
        ("pricing.litellm_url", json!("file:///etc/passwd"), "an address that begins with https://"),
        ("pricing.litellm_url", json!("http://prices.example/"), "an address that begins with https://"),
        ("pricing.litellm_url", json!("http://localhost.evil.example/"), "an address that begins with https://"),
        ("pricing.litellm_url", json!("http://127.0.0.1:80@evil.example/"), "an address that begins with https://"),
        ("pricing.overrides", json!("cheap"), "prices by model"),
        ("push.hub_url", json!("http://hub.example/"), "none or an address that begins with https://"),
        ("push.hub_url", json!("https://me:secret@hub.example/"), "none or an address that begins with https://"),
        ("push.hub_level", json!(4), "a whole number from 0 to 3"),
        ("push.otlp_endpoint", json!("collector:4318"), "none or an address such as http://localhost:4318"),
        ("push.otlp_endpoint", json!("https://"), "none or an address such as http://localhost:4318"),
        (
            "push.otlp_endpoint",
            json!("https://me:secret@collector"),
            "none or an address such as http://localhost:4318",
        ),
        (
            "push.otlp_endpoint",
            json!("https://collector/?key=secret"),
            "none or an address such as http://localhost:4318",
        ),
        ("alerts.block", json!([75, 201]), "a list of whole numbers from 1 to 200"),
        ("alerts.burn_rate_tokens", json!("many"), "none or a whole number from 1 to 1000000000000"),
        ("alerts.daily_budget", json!("20$"), "none, a number of tokens, or whole dollars such as $20"),
        ("alerts.quiet_hours", json!("late"), "none or two different times such as 22:00-08:00"),
        ("alerts.command", json!(["", "x"]), "a program, or a list of a program and its arguments"),
        ("serve.listen", json!("localhost"), "an address such as 127.0.0.1:7337, or unix: and the path of a socket"),
    ] {
        let mut tried = before.clone();
        let key = SettingKey::find(name).expect("it is one");
        let wrong = key.read(&mut tried, &bad, &sources.dirs).expect_err(name);
        assert!(wrong.starts_with(expected), "{name} = {bad}: {wrong}");
        assert_eq!(tried, before, "{name}: the settings are unchanged");
    }
}

#[test]
fn the_paths_of_sample_data_are_shown_in_full() {
    let sources = ConfigSources::for_demo(Path::new("/tmp/sample"));
    let page = settings_page(&sources.resolve(), &sources);
    let database = page.rows.iter().find(|row| row.key == "storage.db_path").expect("it is a setting");
    let path: PathBuf = ["/tmp/sample", ".config", "token-monitor", "sessions.db"].iter().collect();
    let path = json!(path.display().to_string());
    assert_eq!((&database.value, &database.default), (&path, &path), "`~` would be the user's own folder");
}

#[test]
fn settings_read_before_the_store_are_not_read_from_it() {
    let mut sources = sources("");
    sources.saved.insert("storage.db_path".into(), "\"/elsewhere\"".into());
    let settings = sources.resolve();
    assert_eq!(settings.db_path, PathBuf::from("/home/me/.config/token-monitor/sessions.db"));
    assert_eq!(settings.problems, ["saved settings: storage.db_path: is read before the store is open"]);
}
