//! Reads what somebody gave as a setting's value.
//!
//! The same value may come as YAML, as JSON, or as a text from the environment or a command line; all are read here.
//! What cannot be meant is refused with the words for what was expected.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use token_monitor_core::blocks::LimitRule;
use token_monitor_core::report::model::SettingKind;

use crate::config::sources::yaml;
use crate::ingest::dirs::{self, Homes};

/// What was expected instead, in words that follow “expected”.
pub(crate) type Wrong = Cow<'static, str>;

/// As many folders are searched at most: each costs a look at every sweep.
const MOST_FOLDERS: usize = 64;

/// As many numbers, or parts of a command line.
const MOST_PARTS: usize = 32;

/// A value that somebody gave for a setting of some kind.
pub(crate) struct Given<'a> {
    value: Cow<'a, Value>,
    kind: SettingKind,
    homes: &'a Homes,
}

impl<'a> Given<'a> {
    pub(crate) fn new(value: &'a Value, kind: SettingKind, homes: &'a Homes) -> Self {
        Self { value: written_out(value), kind, homes }
    }

    /// As it is.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// What a setting of this kind can be, in words.
    fn expected(&self) -> Wrong {
        let either = |words: &[String], other: &str| {
            let mut all: Vec<&str> = words.iter().map(String::as_str).collect();
            all.extend((!other.is_empty()).then_some(other));
            listed(&all, "or").into()
        };
        match &self.kind {
            SettingKind::Switch => "true or false".into(),
            SettingKind::Choice { words } => either(words, ""),
            SettingKind::Choices { words, most } => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                format!("at most {most} of {}", listed(&words, "and")).into()
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

    pub(crate) fn flag(&self) -> Result<bool, Wrong> {
        let said = || self.value.as_str()?.parse().ok();
        self.value.as_bool().or_else(said).ok_or_else(|| self.expected())
    }

    pub(crate) fn word<T: DeserializeOwned>(&self) -> Result<T, Wrong> {
        serde_json::from_value(self.value.as_ref().clone()).map_err(|_| self.expected())
    }

    /// Some of the words, each once.
    pub(crate) fn words<T: DeserializeOwned + PartialEq>(&self) -> Result<Vec<T>, Wrong> {
        let SettingKind::Choices { most, .. } = self.kind else { return Err(self.expected()) };
        let mut words: Vec<T> = Vec::new();
        for part in self.parts().ok_or_else(|| self.expected())? {
            let word = serde_json::from_value(part).map_err(|_| self.expected())?;
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.len() <= most as usize { Ok(words) } else { Err(self.expected()) }
    }

    pub(crate) fn number(&self) -> Result<u64, Wrong> {
        self.in_range(&self.value).ok_or_else(|| self.expected())
    }

    /// A number, or nothing where the word for it stands.
    pub(crate) fn number_or_none(&self) -> Result<Option<u64>, Wrong> {
        if self.is_none() { Ok(None) } else { self.number().map(Some) }
    }

    /// Numbers in ascending order, each once.
    pub(crate) fn numbers(&self) -> Result<Vec<u64>, Wrong> {
        let parts = self.parts().filter(|parts| parts.len() <= MOST_PARTS);
        let numbers = parts.and_then(|parts| parts.iter().map(|part| self.in_range(part)).collect());
        let mut numbers: Vec<u64> = numbers.ok_or_else(|| self.expected())?;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    pub(crate) fn limit(&self) -> Result<LimitRule, Wrong> {
        match self.in_range(&self.value) {
            Some(number) => Ok(LimitRule::Number(number)),
            None => match self.word()? {
                LimitRule::Number(_) => Err(self.expected()),
                rule @ (LimitRule::Auto | LimitRule::Max | LimitRule::P90) => Ok(rule),
            },
        }
    }

    pub(crate) fn limit_or_none(&self) -> Result<Option<LimitRule>, Wrong> {
        if self.is_none() { Ok(None) } else { self.limit().map(Some) }
    }

    /// A duration, brought within bounds: shorter would keep the computer busy, longer is beyond what a clock can
    /// count.
    pub(crate) fn duration(&self, least: Duration, most: Duration) -> Result<Duration, Wrong> {
        let read = self.value.as_str().and_then(|text| humantime::parse_duration(text).ok());
        read.map(|read| read.clamp(least, most)).ok_or_else(|| self.expected())
    }

    /// A text of a form of its own, or a number that stands for one.
    pub(crate) fn text<T>(&self, expected: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, Wrong> {
        let text = match self.value.as_ref() {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(expected.into()),
        };
        read(text.trim()).ok_or_else(|| expected.into())
    }

    /// The same, or nothing where the word for it stands.
    pub(crate) fn text_or_none<T>(
        &self,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Wrong> {
        if self.is_none() { Ok(None) } else { self.text(expected, read).map(Some) }
    }

    /// A program and its arguments.
    pub(crate) fn command(&self) -> Result<Vec<String>, Wrong> {
        let expected = "a program, or a list of a program and its arguments";
        let parts = match self.value.as_ref() {
            Value::String(text) if text.is_empty() || text == "none" => Some(Vec::new()),
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        };
        let sound =
            |parts: &Vec<String>| parts.len() <= MOST_PARTS && parts.first().is_none_or(|first| !first.is_empty());
        parts.filter(sound).ok_or_else(|| expected.into())
    }

    pub(crate) fn path(&self) -> Result<PathBuf, Wrong> {
        self.as_path(&self.value).ok_or_else(|| "a path".into())
    }

    /// Folders to search, none of which is a whole file system.
    pub(crate) fn folders(&self) -> Result<Vec<PathBuf>, Wrong> {
        let parts = self.parts().ok_or("a folder or a list of folders")?;
        if parts.len() > MOST_FOLDERS {
            return Err(format!("at most {MOST_FOLDERS} folders").into());
        }
        let folders: Option<Vec<PathBuf>> = parts.iter().map(|part| self.as_path(part)).collect();
        let folders = folders.ok_or("a folder or a list of folders")?;
        folders.iter().try_for_each(|folder| is_a_folder_of_logs(folder))?;
        Ok(folders)
    }

    fn as_path(&self, value: &Value) -> Option<PathBuf> {
        value.as_str().filter(|text| !text.is_empty()).map(|text| self.homes.expand(text))
    }

    fn is_none(&self) -> bool {
        self.value.as_str() == Some("none")
    }

    fn in_range(&self, value: &Value) -> Option<u64> {
        let (SettingKind::Number { least, most, .. } | SettingKind::Numbers { least, most }) = self.kind else {
            return None;
        };
        let said = || value.as_str()?.trim().replace('_', "").parse().ok();
        value.as_u64().or_else(said).filter(|number| (least..=most).contains(number))
    }

    /// The parts of a list, or of a text with commas; none of them where the word for nothing stands.
    fn parts(&self) -> Option<Vec<Value>> {
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

/// A text that is a list or a map in writing, as that list or map.
fn written_out(value: &Value) -> Cow<'_, Value> {
    let brackets = |text: &&str| text.trim_start().starts_with(['[', '{']);
    let written = value.as_str().filter(brackets).and_then(|text| yaml(text).ok());
    written.map_or(Cow::Borrowed(value), Cow::Owned)
}

fn is_a_folder_of_logs(folder: &Path) -> Result<(), Wrong> {
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

/// Words as a sentence has them: `a, b or c`.
fn listed(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [before @ .., end] => format!("{} {last} {end}", before.join(", ")),
    }
}

/// A duration as it is read: `720h`, `1s`, `100ms`.
pub(crate) fn spelled(duration: Duration) -> Value {
    let units = [(3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1, "ns")];
    let nanos = duration.as_nanos();
    let fits = |(unit, _): &&(u128, &str)| nanos > 0 && nanos.is_multiple_of(*unit);
    units.iter().find(fits).map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", nanos / unit)).into()
}

/// A path as a person would write it, its home folder as `~`.
pub(crate) fn shortened(path: &Path, homes: &Homes) -> String {
    let inner = homes.home.as_ref().and_then(|home| path.strip_prefix(home).ok());
    match inner {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
