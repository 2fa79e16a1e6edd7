//! The diagnostics file: everything that helps to find a fault, without any of the user's names.
//!
//! It has counts and the program's own words. No session, title, project, model or file is named. A path keeps only
//! the parts that are the same on every computer, and a free-text setting is reported as default or changed.

use std::path::{Component, Path};

use serde_json::{Value, json};
use token_monitor_core::report::model::{Progress, SettingKind};

use crate::actor::queries::health::health;
use crate::actor::queries::view::EngineView;
use crate::api::Health;
use crate::config::{KEYS, SettingKey, SettingOrigin, Settings, shorten_path};
use crate::ingest::dirs::UserDirs;

/// The names of folders and files that are the same on every computer.
const COMMON: [&str; 24] = [
    "~",
    "home",
    "Users",
    "root",
    "tmp",
    "var",
    "mnt",
    "media",
    "Volumes",
    ".config",
    "AppData",
    "Roaming",
    "Local",
    "Library",
    "Application Support",
    "claude",
    ".claude",
    "Claude",
    "local-agent-mode-sessions",
    "projects",
    "token-monitor",
    "sessions.db",
    "cache",
    "inbox",
];

/// The text settings whose values reveal nothing about the user.
const HARMLESS: [&str; 5] =
    ["display.zone", "alerts.daily_budget", "alerts.weekly_budget", "alerts.monthly_budget", "alerts.quiet_hours"];

/// Returns the diagnostics as JSON.
pub(crate) fn diagnostics(view: &EngineView<'_>) -> Value {
    let health = health(view);
    let dirs = &view.live.sources.dirs;
    let roots = health.roots.iter();
    json!({
        "version": health.version,
        "system": {
            "os": std::env::consts::OS,
            "architecture": std::env::consts::ARCH,
            "zone": view.live.zone.name(),
        },
        "importing": view.scanner.progress() != Progress::Live,
        "watching": health.watching,
        "revision": view.revision,
        "roots": roots
            .map(|root| json!({ "path": mask_path(root.path.as_ref(), dirs), "found": root.found, "logs": root.logs }))
            .collect::<Value>(),
        "logs": log_counts(view, &health),
        "store": store_counts(view, &health),
        "troubles": view.store_problems().map(|problem| mask_paths_in(&problem.message, view)).collect::<Value>(),
        "settings": setting_values(view),
        "settingsProblems": view.live.settings.problems.iter().map(|problem| key_in(problem)).collect::<Value>(),
        "configFile": view.live.sources.file.exists(),
    })
}

fn log_counts(view: &EngineView<'_>, health: &Health) -> Value {
    let skipped = health.skipped.iter().map(|skip| json!({ "reason": skip.reason, "count": skip.count }));
    let ignored = health.ignored_paths.iter().map(|path| json!({ "reason": path.reason, "count": path.count }));
    json!({
        "count": health.logs,
        "bytes": health.bytes,
        "lines": health.lines,
        "entries": health.entries,
        "skipped": skipped.collect::<Value>(),
        "passedOver": ignored.collect::<Value>(),
        "failing": view.scanner.failed_logs.len(),
    })
}

fn store_counts(view: &EngineView<'_>, health: &Health) -> Value {
    let store = &view.storage.ledger_store;
    let names = &store.ledger.names;
    json!({
        "path": mask_path(health.store.as_ref(), &view.live.sources.dirs),
        "bytes": health.store_bytes,
        "messages": health.messages,
        "sessions": names.sessions.len(),
        "named": store.session_metadata.len(),
        "models": names.models.len(),
        "projects": names.projects.len(),
        "branches": names.branches.len(),
        "runs": names.runs.len(),
        "logs": names.logs.len(),
    })
}

fn setting_values(view: &EngineView<'_>) -> Value {
    let defaults = view.live.sources.default_settings();
    let row = |key: &SettingKey| {
        let origin = view.live.settings.origins.get(key.name).unwrap_or(&SettingOrigin::Default);
        json!({ "key": key.name, "value": masked_value(key, view, &defaults), "origin": origin })
    };
    KEYS.iter().map(row).collect()
}

/// Returns a setting's value, or as much of it as reveals nothing about the user.
fn masked_value(key: &SettingKey, view: &EngineView<'_>, defaults: &Settings) -> Value {
    let dirs = &view.live.sources.dirs;
    let value = key.write(&view.live.settings, dirs);
    let masked = |text: &Value| text.as_str().map_or(Value::Null, |text| mask_path(text.as_ref(), dirs).into());
    let is_text = matches!(key.kind(), SettingKind::Text { .. });
    match key.name {
        "claude_config_dirs" => value.as_array().into_iter().flatten().map(masked).collect(),
        "storage.db_path" | "storage.cache_dir" => masked(&value),
        name if !is_text || HARMLESS.contains(&name) => value,
        _ if value == key.write(defaults, dirs) => "default".into(),
        _ => "changed".into(),
    }
}

/// Returns the key that a problem of the settings names. The invalid value is left out.
fn key_in(problem: &str) -> &'static str {
    let is_named = |key: &&SettingKey| problem.contains(&format!("{}: ", key.name)) || problem.starts_with(key.name);
    KEYS.iter().find(is_named).map_or("none of the known settings", |key| key.name)
}

/// Returns a path with every uncommon part replaced by an ellipsis.
fn mask_path(path: &Path, dirs: &UserDirs) -> String {
    let short = shorten_path(path, dirs);
    let part = |part: Component<'_>| match part {
        Component::Normal(name) => {
            let name = name.to_string_lossy().into_owned();
            if COMMON.contains(&name.as_str()) { name } else { "…".to_owned() }
        }
        Component::Prefix(_) | Component::RootDir => String::new(),
        Component::CurDir => ".".to_owned(),
        Component::ParentDir => "..".to_owned(),
    };
    Path::new(&short).components().map(part).collect::<Vec<_>>().join("/")
}

/// Returns a message about the store with the store's path, its folder and the home folder replaced by ellipses.
fn mask_paths_in(message: &str, view: &EngineView<'_>) -> String {
    let store = view.storage.ledger_store.store.path();
    let known = [Some(store), store.parent(), view.live.sources.dirs.home.as_deref()];
    let known = known.into_iter().flatten().filter(|path| path.file_name().is_some());
    known.fold(message.to_owned(), |message, path| message.replace(&path.display().to_string(), "…"))
}
