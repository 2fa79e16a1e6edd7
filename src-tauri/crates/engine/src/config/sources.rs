//! The layers that settings come in, and what holds when all of them are considered.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::Value;
use token_monitor_core::report::model::Origin;

use crate::config::Settings;
use crate::config::keys::{Holds, KEYS, Key};
use crate::ingest::dirs::Homes;

/// The settings without any file, with a comment on each.
pub const DEFAULTS: &str = include_str!("../defaults.yaml");

/// A settings file of a thousand pages is none.
const LONGEST_FILE: u64 = 1 << 20;

/// What the layers other than the defaults say.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The user's folders.
    pub homes: Homes,
    /// The user's file.
    pub file: ConfigFile,
    /// Key → JSON, as the settings page saved it.
    pub saved: BTreeMap<String, String>,
    /// Key → text, from environment variables.
    pub environment: BTreeMap<&'static str, String>,
    /// Key → text, from the command line.
    pub flags: BTreeMap<&'static str, String>,
}

/// The user's file. It is read, never written.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// What is in it; none where there is no file, and the reason where it cannot be read.
    text: Option<Result<String, String>>,
    stamp: Option<Stamp>,
}

/// What tells that a file was changed: when that was, and how long it is.
type Stamp = (SystemTime, u64);

impl ConfigFile {
    /// Reads it, if it is there.
    pub fn read(path: PathBuf) -> Self {
        let stamp = stamp(&path);
        let text = stamp.map(|_| text(&path));
        Self { path, text, stamp }
    }

    /// One that says this.
    #[cfg(test)]
    pub(crate) fn of(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: Some(Ok(text.to_owned())), stamp: None }
    }

    /// Whether there is one.
    pub(crate) fn is_there(&self) -> bool {
        self.text.is_some()
    }

    /// Reads it again if it was changed. Says whether it was.
    pub(crate) fn look_again(&mut self) -> bool {
        let changed = !self.path.as_os_str().is_empty() && stamp(&self.path) != self.stamp;
        if changed {
            *self = Self::read(std::mem::take(&mut self.path));
        }
        changed
    }
}

fn stamp(path: &PathBuf) -> Option<Stamp> {
    let found = fs::metadata(path).ok()?;
    Some((found.modified().unwrap_or(SystemTime::UNIX_EPOCH), found.len()))
}

/// Opening a pipe would wait for somebody to write into it.
fn text(path: &PathBuf) -> Result<String, String> {
    if !path.is_file() {
        return Err("is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(format!("cannot be read: {error}")),
        Ok(_) if bytes.len() as u64 > LONGEST_FILE => Err("is too long to be a settings file".to_owned()),
        Ok(_) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

impl Layers {
    /// The environment and the user's file. `config` is the file named on the command line.
    pub fn gather(homes: Homes, config: Option<PathBuf>) -> Self {
        let named = config.or_else(|| std::env::var_os("TOKEN_MONITOR_CONFIG").map(PathBuf::from));
        let file = ConfigFile::read(named.unwrap_or_else(|| homes.config().join("token-monitor/config.yaml")));
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
        let mut settings = self.defaults();
        self.apply_file(&mut settings);
        for (key, json) in &self.saved {
            let value = serde_json::from_str(json).unwrap_or(Value::Null);
            match Key::named(key).map(|key| key.holds) {
                Some(Holds::NextStart) => settings.problems.push(format!("saved settings: {key}: is read before them")),
                Some(Holds::AtOnce) | None => settings.set(Origin::Saved, "saved settings", key, &value, &self.homes),
            }
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

    /// What holds where nobody says anything.
    pub(crate) fn defaults(&self) -> Settings {
        let mut settings = Settings::bare();
        settings.apply(Origin::Default, "defaults", &yaml(DEFAULTS).unwrap_or_default(), &self.homes);
        settings.follow_homes(&self.homes);
        settings
    }

    fn apply_file(&self, settings: &mut Settings) {
        let source = self.file.path.display().to_string();
        let read = self.file.text.as_ref().map(|text| text.as_deref().map_err(|why| format!("{source} {why}")));
        let tree = read.map(|text| text.and_then(|text| yaml(text).map_err(|error| format!("{source}: {error}"))));
        match tree {
            None => {}
            Some(Ok(tree)) => settings.apply(Origin::File, &source, &tree, &self.homes),
            Some(Err(problem)) => settings.problems.push(problem),
        }
    }
}

impl Settings {
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

    fn set(&mut self, origin: Origin, source: &str, name: &str, value: &Value, homes: &Homes) {
        let known = Key::named(name).ok_or_else(|| "one of the known settings".into());
        match known.and_then(|key| key.read(self, value, homes)) {
            Ok(()) => drop(self.origins.insert(name.to_owned(), origin)),
            Err(expected) => self.problems.push(format!("{source}: {name}: expected {expected}")),
        }
    }

    /// Takes over what is read only at the start, and so holds on whatever the layers say since.
    pub(crate) fn keep_what_holds_till_the_end(&mut self, from: &Self) {
        let Self { default_mode, color_enabled, refresh_rate, db_path, cache_dir, level, output, .. } = from;
        (self.default_mode, self.color_enabled, self.refresh_rate) = (*default_mode, *color_enabled, *refresh_rate);
        (self.level, self.output) = (*level, *output);
        self.db_path.clone_from(db_path);
        self.cache_dir.clone_from(cache_dir);
        for key in KEYS.iter().filter(|key| key.holds == Holds::NextStart) {
            if let Some(origin) = from.origins.get(key.name) {
                self.origins.insert(key.name.to_owned(), *origin);
            }
        }
    }
}

/// Reads YAML, and says in one line why it is none.
pub(crate) fn yaml(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_saphyr::from_str(text).map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}
