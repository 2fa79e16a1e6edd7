//! All that helps to find a fault and says nothing of what anybody works on.
//!
//! Counts, and words of our own. No session, title, project, model or file is named; of a path only those parts are
//! kept that are the same on every computer; of a setting that is free text only whether it was changed.

use std::path::{Component, Path};

use serde_json::{Value, json};
use token_monitor_core::report::model::{Progress, SettingKind};

use crate::actor::Actor;
use crate::actor::queries;
use crate::api::Health;
use crate::config::{KEYS, Key, Origin, Settings, shortened};
use crate::ingest::dirs::Homes;

/// Names of folders and files that tell nothing about anybody.
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

/// Settings that are texts, but of a form that tells nothing about anybody.
const HARMLESS: [&str; 5] =
    ["display.zone", "alerts.daily_budget", "alerts.weekly_budget", "alerts.monthly_budget", "alerts.quiet_hours"];

/// What is known of a running engine, as JSON.
pub(crate) fn of(actor: &Actor) -> Value {
    let health = queries::health(actor);
    let homes = &actor.layers.homes;
    json!({
        "version": health.version,
        "system": { "os": std::env::consts::OS, "architecture": std::env::consts::ARCH, "zone": actor.zone.name() },
        "importing": actor.progress() != Progress::Live,
        "watching": health.watching,
        "revision": actor.revision,
        "roots": health.roots.iter().map(|root| {
            json!({ "path": masked(root.path.as_ref(), homes), "found": root.found, "logs": root.logs })
        }).collect::<Value>(),
        "logs": logs(actor, &health),
        "store": store(actor, &health),
        "troubles": actor.troubles().map(|trouble| without_paths(&trouble.message, actor)).collect::<Value>(),
        "settings": settings(actor),
        "settingsProblems": actor.settings.problems.iter().map(|problem| concerned(problem)).collect::<Value>(),
        "configFile": actor.layers.file.is_there(),
    })
}

fn logs(actor: &Actor, health: &Health) -> Value {
    json!({
        "count": health.logs,
        "bytes": health.bytes,
        "lines": health.lines,
        "entries": health.entries,
        "skipped": health.skipped.iter().map(|skip| json!({ "reason": skip.reason, "count": skip.count })).collect::<Value>(),
        "passedOver": health.passed_over.iter()
            .map(|pass| json!({ "reason": pass.reason, "count": pass.count }))
            .collect::<Value>(),
        "failing": actor.failing.len(),
    })
}

fn store(actor: &Actor, health: &Health) -> Value {
    let names = &actor.books.ledger.names;
    json!({
        "path": masked(health.store.as_ref(), &actor.layers.homes),
        "bytes": health.store_bytes,
        "messages": health.messages,
        "sessions": names.sessions.len(),
        "named": actor.books.given.len(),
        "models": names.models.len(),
        "projects": names.projects.len(),
        "branches": names.branches.len(),
        "runs": names.runs.len(),
        "logs": names.logs.len(),
    })
}

fn settings(actor: &Actor) -> Value {
    let defaults = actor.layers.defaults();
    let row = |key: &Key| {
        let origin = actor.settings.origins.get(key.name).unwrap_or(&Origin::Default);
        json!({ "key": key.name, "value": told(key, actor, &defaults), "origin": origin })
    };
    KEYS.iter().map(row).collect()
}

/// A setting's value, as far as it tells nothing about anybody.
fn told(key: &Key, actor: &Actor, defaults: &Settings) -> Value {
    let homes = &actor.layers.homes;
    let value = key.write(&actor.settings, homes);
    let masked = |text: &Value| text.as_str().map_or(Value::Null, |text| masked(text.as_ref(), homes).into());
    let is_text = matches!(key.kind(), SettingKind::Text { .. });
    match key.name {
        "claude_config_dirs" => value.as_array().into_iter().flatten().map(masked).collect(),
        "storage.db_path" | "storage.cache_dir" => masked(&value),
        name if !is_text || HARMLESS.contains(&name) => value,
        _ if value == key.write(defaults, homes) => "default".into(),
        _ => "changed".into(),
    }
}

/// The setting that a problem is about; what was given for it is left out.
fn concerned(problem: &str) -> &'static str {
    let named = |key: &&Key| problem.contains(&format!("{}: ", key.name)) || problem.starts_with(key.name);
    KEYS.iter().find(named).map_or("none of the known settings", |key| key.name)
}

/// A path in which whatever a person may have named is a dot leader.
fn masked(path: &Path, homes: &Homes) -> String {
    let short = shortened(path, homes);
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

/// A sentence of ours about the store, without where that is.
fn without_paths(sentence: &str, actor: &Actor) -> String {
    let store = actor.books.path();
    let known = [Some(store), store.parent(), actor.layers.homes.home.as_deref()];
    let known = known.into_iter().flatten().filter(|path| path.file_name().is_some());
    known.fold(sentence.to_owned(), |sentence, path| sentence.replace(&path.display().to_string(), "…"))
}
