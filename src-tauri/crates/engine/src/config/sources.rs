//! The layers of settings, and their resolution to the settings in effect.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;
use token_monitor_core::report::model::SettingOrigin;

use crate::config::keys::{AppliesAt, KEYS, SettingKey};
use crate::config::settings::{ServeSettings, Settings};
use crate::config::yaml::parse_yaml;
use crate::demo::FOLDER_VARIABLE;
use crate::ingest::dirs::UserDirs;

/// The default settings as commented YAML.
pub const DEFAULTS: &str = include_str!("../defaults.yaml");

/// The largest settings file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// All layers but the defaults.
#[derive(Clone, Debug, Default)]
pub struct ConfigSources {
    /// The user's folders.
    pub dirs: UserDirs,
    /// The user's file.
    pub file: ConfigFile,
    /// SettingKey → JSON, as the settings page saved it.
    pub saved: BTreeMap<String, String>,
    /// SettingKey → text, from environment variables.
    pub environment: BTreeMap<&'static str, String>,
    /// SettingKey → text, from the command line.
    pub flags: BTreeMap<&'static str, String>,
    /// The environment variables that cannot be read, one sentence each.
    pub environment_problems: Vec<String>,
    /// True if the logs are sample data.
    pub is_demo: bool,
}

/// The user's settings file. It is never written.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// The path of the file, which may not exist.
    pub path: PathBuf,
    /// The content, or the reason why it cannot be read; None if there is no file.
    text: Option<Result<String, String>>,
    stamp: Option<FileStamp>,
}

/// The modification time and length of a file, which show that it changed.
type FileStamp = (SystemTime, u64);

impl ConfigFile {
    /// Reads the file if it exists.
    pub fn read(path: PathBuf) -> Self {
        let stamp = file_stamp(&path);
        let text = stamp.map(|_| read_text(&path));
        Self { path, text, stamp }
    }

    /// Creates a file with the given text.
    #[cfg(test)]
    pub(crate) fn from_text(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: Some(Ok(text.to_owned())), stamp: None }
    }

    /// Returns true if the file exists.
    pub(crate) fn exists(&self) -> bool {
        self.text.is_some()
    }

    /// Reads the file again if it changed. Returns true if it did.
    pub(crate) fn reload_if_changed(&mut self) -> bool {
        let changed = !self.path.as_os_str().is_empty() && file_stamp(&self.path) != self.stamp;
        if changed {
            *self = Self::read(std::mem::take(&mut self.path));
        }
        changed
    }
}

fn file_stamp(path: &PathBuf) -> Option<FileStamp> {
    let found = fs::metadata(path).ok()?;
    Some((found.modified().unwrap_or(SystemTime::UNIX_EPOCH), found.len()))
}

/// Reads a regular file. Opening a pipe would block until something is written to it.
fn read_text(path: &PathBuf) -> Result<String, String> {
    if !path.is_file() {
        return Err("is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(format!("cannot be read: {error}")),
        Ok(_) if bytes.len() as u64 > MAX_FILE_BYTES => Err("is too long to be a settings file".to_owned()),
        Ok(_) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Describes the problem of an environment variable that is not UTF-8.
fn describe_unreadable(variable: &str) -> Option<String> {
    let value = std::env::var_os(variable)?;
    let is_valid = value.to_str().is_some();
    (!is_valid).then(|| format!("environment: {variable}: expected UTF-8 text, not {}", value.to_string_lossy()))
}

impl ConfigSources {
    /// Loads the environment and the user's file. `config` is the path given on the command line. If the environment
    /// names a folder with sample data, nothing else is loaded.
    pub fn load(dirs: UserDirs, config: Option<PathBuf>) -> Self {
        if let Some(folder) = std::env::var_os(FOLDER_VARIABLE).filter(|folder| !folder.is_empty()) {
            return Self::for_demo(Path::new(&folder));
        }
        let named = config.or_else(|| std::env::var_os("TOKEN_MONITOR_CONFIG").map(PathBuf::from));
        let file = ConfigFile::read(named.unwrap_or_else(|| dirs.config_dir().join("token-monitor/config.yaml")));
        let mut environment = BTreeMap::new();
        let variables = [("TOKEN_MONITOR_DB", "storage.db_path"), ("TOKEN_MONITOR_LOG_LEVEL", "logging.level")];
        for (variable, key) in variables {
            if let Ok(value) = std::env::var(variable) {
                environment.insert(key, value);
            }
        }
        if let Some(folders) = &dirs.claude_config_dir {
            environment.insert("claude_config_dirs", folders.clone());
        }
        let names = variables.iter().map(|(variable, _)| *variable).chain(["CLAUDE_CONFIG_DIR"]);
        let environment_problems = names.filter_map(describe_unreadable).collect();
        Self { dirs, file, environment, environment_problems, ..Self::default() }
    }

    /// Returns the sources for a folder with sample data. Except for the log level, they name only files in the folder.
    pub fn for_demo(folder: &Path) -> Self {
        let claude_config_dir = Some(folder.join(".claude").display().to_string());
        let dirs = UserDirs { claude_config_dir, home: Some(folder.to_owned()), ..UserDirs::default() };
        let own = dirs.config_dir().join("token-monitor");
        let level = std::env::var("TOKEN_MONITOR_LOG_LEVEL").ok().map(|level| ("logging.level", level));
        Self {
            file: ConfigFile::read(own.join("config.yaml")),
            environment: level.into_iter().collect(),
            is_demo: true,
            dirs,
            ..Self::default()
        }
    }

    /// Returns the environment variable that gives the same sources to another process.
    pub fn environment_variable(&self) -> (&'static str, &Path) {
        match self.dirs.home.as_deref().filter(|_| self.is_demo) {
            Some(folder) => (FOLDER_VARIABLE, folder),
            None => ("TOKEN_MONITOR_CONFIG", &self.file.path),
        }
    }

    /// Returns the settings in effect, with a problem for each invalid value.
    pub fn resolve(&self) -> Settings {
        let mut settings = self.default_settings();
        settings.problems.extend(self.environment_problems.iter().cloned());
        self.apply_file(&mut settings);
        for (key, json) in &self.saved {
            let value = serde_json::from_str(json).unwrap_or(Value::Null);
            match SettingKey::find(key).map(|key| key.applies_at) {
                Some(AppliesAt::NextStart) => {
                    settings.problems.push(format!("saved settings: {key}: is read before the store is open"));
                }
                Some(AppliesAt::Immediately) | None => {
                    settings.set_value(SettingOrigin::Saved, "saved settings", key, &value, &self.dirs);
                }
            }
        }
        let typed = [
            (SettingOrigin::Environment, "environment", &self.environment),
            (SettingOrigin::Flag, "command line", &self.flags),
        ];
        for (origin, source, layer) in typed {
            for (key, text) in layer {
                settings.set_value(origin, source, key, &Value::String(text.clone()), &self.dirs);
            }
        }
        settings
    }

    /// Returns the default settings.
    pub(crate) fn default_settings(&self) -> Settings {
        let mut settings = Settings::unset();
        settings.apply_tree(SettingOrigin::Default, "defaults", &parse_yaml(DEFAULTS).unwrap_or_default(), &self.dirs);
        settings.apply_user_dirs(&self.dirs);
        settings
    }

    fn apply_file(&self, settings: &mut Settings) {
        let source = self.file.path.display().to_string();
        let read = self.file.text.as_ref().map(|text| text.as_deref().map_err(|why| format!("{source} {why}")));
        let tree =
            read.map(|text| text.and_then(|text| parse_yaml(text).map_err(|error| format!("{source}: {error}"))));
        match tree {
            None => {}
            Some(Ok(tree)) => settings.apply_tree(SettingOrigin::File, &source, &tree, &self.dirs),
            Some(Err(problem)) => settings.problems.push(problem),
        }
    }
}

impl Settings {
    /// Moves the program's own files, and the first folder to search, to the user's configuration folder.
    fn apply_user_dirs(&mut self, dirs: &UserDirs) {
        let own = dirs.config_dir().join("token-monitor");
        (self.db_path, self.cache_dir) = (own.join("sessions.db"), own.join("cache"));
        if let (Some(xdg), Some(first)) = (&dirs.xdg_config, self.claude_config_dirs.first_mut()) {
            *first = xdg.join("claude/projects");
        }
    }

    fn apply_tree(&mut self, origin: SettingOrigin, source: &str, tree: &Value, dirs: &UserDirs) {
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
                        self.set_value(origin, source, &format!("{name}.{inner}"), value, dirs);
                    }
                }
                value => self.set_value(origin, source, name, value, dirs),
            }
        }
    }

    fn set_value(&mut self, origin: SettingOrigin, source: &str, name: &str, value: &Value, dirs: &UserDirs) {
        let known = SettingKey::find(name).ok_or_else(|| "one of the known settings".into());
        match known.and_then(|key| key.read(self, value, dirs)) {
            Ok(()) => drop(self.origins.insert(name.to_owned(), origin)),
            Err(expected) => self.problems.push(format!("{source}: {name}: expected {expected}")),
        }
    }

    /// Keeps the values that apply at the next start only.
    pub(crate) fn carry_over_startup_only(&mut self, from: &Self) {
        let Self {
            default_mode, color_enabled, refresh_rate, db_path, cache_dir, level, output, serve, updates, ..
        } = from;
        (self.default_mode, self.color_enabled, self.refresh_rate) = (*default_mode, *color_enabled, *refresh_rate);
        (self.level, self.output) = (*level, *output);
        self.db_path.clone_from(db_path);
        self.cache_dir.clone_from(cache_dir);
        self.serve = ServeSettings { enabled: self.serve.enabled, ..serve.clone() };
        self.updates.url.clone_from(&updates.url);
        for key in KEYS.iter().filter(|key| key.applies_at == AppliesAt::NextStart) {
            if let Some(origin) = from.origins.get(key.name) {
                self.origins.insert(key.name.to_owned(), *origin);
            }
        }
    }
}
