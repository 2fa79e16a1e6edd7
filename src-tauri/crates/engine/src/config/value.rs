//! Parsing of setting values.
//!
//! A value may be YAML, JSON, or text from the environment or a command line. An invalid value is rejected with the
//! expected form.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use token_monitor_core::blocks::LimitRule;
use token_monitor_core::report::model::SettingKind;

use crate::config::yaml::parse_yaml;
use crate::ingest::dirs::{self, UserDirs};

/// The expected form of a value, as text that follows “expected”.
pub(crate) type Expected = Cow<'static, str>;

/// The largest number of folders. Each one is searched at every sweep.
const MAX_FOLDERS: usize = 64;

/// The largest number of list items, or of parts of a command line.
const MAX_PARTS: usize = 32;

/// An unparsed value for a setting of a known kind.
pub(crate) struct RawValue<'a> {
    value: Cow<'a, Value>,
    kind: SettingKind,
    dirs: &'a UserDirs,
}

impl<'a> RawValue<'a> {
    pub(crate) fn new(value: &'a Value, kind: SettingKind, dirs: &'a UserDirs) -> Self {
        Self { value: parse_inline_yaml(value), kind, dirs }
    }

    /// Returns the unparsed value.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the expected form of this kind as text.
    fn expected_form(&self) -> Expected {
        let either = |words: &[String], other: &str| {
            let mut all: Vec<&str> = words.iter().map(String::as_str).collect();
            all.extend((!other.is_empty()).then_some(other));
            join_words(&all, "or").into()
        };
        match &self.kind {
            SettingKind::Switch => "true or false".into(),
            SettingKind::Choice { words } => either(words, ""),
            SettingKind::Choices { words, most } => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                format!("at most {most} of {}", join_words(&words, "and")).into()
            }
            SettingKind::Number { words, least, most } => {
                either(words, &format!("a whole number from {least} to {most}"))
            }
            SettingKind::Numbers { least, most } => format!("a list of whole numbers from {least} to {most}").into(),
            SettingKind::Duration => "a duration such as 1s, 100ms or 720h".into(),
            SettingKind::Text { several: false } => "a text".into(),
            SettingKind::Text { several: true } => "a text or a list of texts".into(),
        }
    }

    pub(crate) fn parse_bool(&self) -> Result<bool, Expected> {
        let parsed = || self.value.as_str()?.parse().ok();
        self.value.as_bool().or_else(parsed).ok_or_else(|| self.expected_form())
    }

    pub(crate) fn parse_word<T: DeserializeOwned>(&self) -> Result<T, Expected> {
        serde_json::from_value(self.value.as_ref().clone()).map_err(|_| self.expected_form())
    }

    /// Parses a list of words without repetitions.
    pub(crate) fn parse_words<T: DeserializeOwned + PartialEq>(&self) -> Result<Vec<T>, Expected> {
        let SettingKind::Choices { most, .. } = self.kind else { return Err(self.expected_form()) };
        let mut words: Vec<T> = Vec::new();
        for part in self.split_parts().ok_or_else(|| self.expected_form())? {
            let word = serde_json::from_value(part).map_err(|_| self.expected_form())?;
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.len() <= most as usize { Ok(words) } else { Err(self.expected_form()) }
    }

    pub(crate) fn parse_number(&self) -> Result<u64, Expected> {
        self.number_in_range(&self.value).ok_or_else(|| self.expected_form())
    }

    /// Parses a number, or `none`.
    pub(crate) fn parse_number_or_none(&self) -> Result<Option<u64>, Expected> {
        if self.is_none_word() { Ok(None) } else { self.parse_number().map(Some) }
    }

    /// Parses a list of numbers. Sorts them and drops repetitions.
    pub(crate) fn parse_numbers(&self) -> Result<Vec<u64>, Expected> {
        let parts = self.split_parts().filter(|parts| parts.len() <= MAX_PARTS);
        let numbers = parts.and_then(|parts| parts.iter().map(|part| self.number_in_range(part)).collect());
        let mut numbers: Vec<u64> = numbers.ok_or_else(|| self.expected_form())?;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    pub(crate) fn parse_limit(&self) -> Result<LimitRule, Expected> {
        match self.number_in_range(&self.value) {
            Some(number) => Ok(LimitRule::Number(number)),
            None => match self.parse_word()? {
                LimitRule::Number(_) => Err(self.expected_form()),
                rule @ (LimitRule::Auto | LimitRule::Max | LimitRule::P90) => Ok(rule),
            },
        }
    }

    /// Parses a limit in dollars, with or without a dollar sign, or `none`.
    pub(crate) fn parse_dollar_limit_or_none(&self) -> Result<Option<LimitRule>, Expected> {
        match self.value.as_str().and_then(|text| text.trim().strip_prefix('$')) {
            Some(number) => match self.number_in_range(&Value::from(number)) {
                Some(dollars) => Ok(Some(LimitRule::Number(dollars))),
                None => Err(self.expected_form()),
            },
            None => self.parse_limit_or_none(),
        }
    }

    fn parse_limit_or_none(&self) -> Result<Option<LimitRule>, Expected> {
        if self.is_none_word() { Ok(None) } else { self.parse_limit().map(Some) }
    }

    /// Parses a duration and clamps it: a shorter one would keep the computer busy, a longer one could overflow a clock.
    pub(crate) fn parse_duration(&self, least: Duration, most: Duration) -> Result<Duration, Expected> {
        let read = self.value.as_str().and_then(|text| humantime::parse_duration(text).ok());
        read.map(|read| read.clamp(least, most)).ok_or_else(|| self.expected_form())
    }

    /// Parses text of a special form. A number is converted to text first.
    pub(crate) fn parse_text<T>(
        &self,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Expected> {
        let text = match self.value.as_ref() {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(expected.into()),
        };
        read(text.trim()).ok_or_else(|| expected.into())
    }

    /// Parses text of a special form, or `none`.
    pub(crate) fn parse_text_or_none<T>(
        &self,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Expected> {
        if self.is_none_word() { Ok(None) } else { self.parse_text(expected, read).map(Some) }
    }

    /// Parses a program with its arguments; empty for `none`.
    pub(crate) fn parse_command(&self) -> Result<Vec<String>, Expected> {
        let expected = "a program, or a list of a program and its arguments";
        let parts = match self.value.as_ref() {
            Value::String(text) if text.is_empty() || text == "none" => Some(Vec::new()),
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        };
        let sound =
            |parts: &Vec<String>| parts.len() <= MAX_PARTS && parts.first().is_none_or(|first| !first.is_empty());
        parts.filter(sound).ok_or_else(|| expected.into())
    }

    pub(crate) fn parse_path(&self) -> Result<PathBuf, Expected> {
        self.to_path(&self.value).ok_or_else(|| "a path".into())
    }

    /// Parses folders to search. Rejects relative paths and whole file systems.
    pub(crate) fn parse_folders(&self) -> Result<Vec<PathBuf>, Expected> {
        let parts = self.split_parts().ok_or("a folder or a list of folders")?;
        if parts.len() > MAX_FOLDERS {
            return Err(format!("at most {MAX_FOLDERS} folders").into());
        }
        let folders: Option<Vec<PathBuf>> = parts.iter().map(|part| self.to_path(part)).collect();
        let folders = folders.ok_or("a folder or a list of folders")?;
        folders.iter().try_for_each(|folder| check_log_folder(folder))?;
        Ok(folders)
    }

    fn to_path(&self, value: &Value) -> Option<PathBuf> {
        value.as_str().filter(|text| !text.is_empty()).map(|text| self.dirs.expand_home(text))
    }

    fn is_none_word(&self) -> bool {
        self.value.as_str() == Some("none")
    }

    fn number_in_range(&self, value: &Value) -> Option<u64> {
        let (SettingKind::Number { least, most, .. } | SettingKind::Numbers { least, most }) = self.kind else {
            return None;
        };
        let parsed = || value.as_str()?.trim().replace('_', "").parse().ok();
        value.as_u64().or_else(parsed).filter(|number| (least..=most).contains(number))
    }

    /// Returns the items of a list, or of a text with commas; an empty list for `none`.
    fn split_parts(&self) -> Option<Vec<Value>> {
        match self.value.as_ref() {
            Value::Array(items) => Some(items.clone()),
            Value::String(text) if text == "none" => Some(Vec::new()),
            Value::String(text) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Some(parts.map(Value::from).collect())
            }
            number @ Value::Number(_) => Some(vec![number.clone()]),
            Value::Null | Value::Bool(_) | Value::Object(_) => None,
        }
    }
}

/// Parses text that is a YAML list or map. Returns other values unchanged.
fn parse_inline_yaml(value: &Value) -> Cow<'_, Value> {
    let brackets = |text: &&str| text.trim_start().starts_with(['[', '{']);
    let written = value.as_str().filter(brackets).and_then(|text| parse_yaml(text).ok());
    written.map_or(Cow::Borrowed(value), Cow::Owned)
}

fn check_log_folder(folder: &Path) -> Result<(), Expected> {
    let without_a_home = folder.starts_with("~");
    if !folder.has_root() && !without_a_home {
        return Err(format!("whole paths, which {} is not", folder.display()).into());
    }
    match dirs::is_whole_file_system(folder) {
        true => {
            Err(format!("folders that hold logs; {} would mean to search a whole file system", folder.display()).into())
        }
        false => Ok(()),
    }
}

/// Joins words for a sentence: `a, b or c`.
fn join_words(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [before @ .., end] => format!("{} {last} {end}", before.join(", ")),
    }
}

/// Formats a duration in its largest whole unit: `720h`, `1s`, `100ms`.
pub(crate) fn format_duration(duration: Duration) -> Value {
    let units = [(3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1, "ns")];
    let nanos = duration.as_nanos();
    let fits = |(unit, _): &&(u128, &str)| nanos > 0 && nanos.is_multiple_of(*unit);
    units.iter().find(fits).map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", nanos / unit)).into()
}

/// Formats a path with the home folder as `~`.
pub(crate) fn shorten_path(path: &Path, dirs: &UserDirs) -> String {
    let inner = dirs.home.as_ref().and_then(|home| path.strip_prefix(home).ok());
    match inner {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
