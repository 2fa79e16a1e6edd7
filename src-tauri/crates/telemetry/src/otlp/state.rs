//! The counters of one destination: what was counted, and what was received.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use prost::Message;
use serde::{Deserialize, Serialize};
use token_monitor_engine::fs_permissions;
use xxhash_rust::xxh3::xxh3_64;

use crate::counters::{CounterFile, CounterFileError, CounterTable, SeriesKey};
use crate::otlp::config::{OtlpConfig, Temporality};
use crate::otlp::message::{MetricPoint, Period, build_message, metric_point};
use crate::usage::UsageFigures;

/// The reason why a push cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PushStateError {
    /// Another process sends to the same destination.
    #[error("another process sends to the same endpoint")]
    InUse,
    /// The lock cannot be used.
    #[error("cannot lock {path}")]
    Lock {
        /// The lock.
        path: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// The counters cannot be used.
    #[error(transparent)]
    Counters(#[from] CounterFileError),
}

/// The counters of one destination, kept over restarts. One process at a time uses them.
#[derive(Debug)]
pub struct PushState {
    config: OtlpConfig,
    file: CounterFile,
    saved: SavedState,
    _lock: File,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SavedState {
    #[serde(flatten)]
    counters: CounterTable,
    /// The time of the first message when the first export was made. It stays the same, or receivers would take the
    /// counters for new ones.
    start_time: Option<DateTime<Utc>>,
    /// Distinguishes the counters of several computers.
    instance_id: String,
    /// The values that the destination has received.
    received: Vec<ReceivedValue>,
    /// The time of those values.
    received_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ReceivedValue {
    #[serde(flatten)]
    key: SeriesKey,
    value: u64,
}

/// An export that is ready to be sent.
#[derive(Clone, Debug)]
pub struct MetricsExport {
    /// The message as protobuf.
    pub body: Vec<u8>,
    /// Its values, to be shown.
    pub points: Vec<MetricPoint>,
    /// The start of the period of the values.
    pub start_time: DateTime<Utc>,
    /// The attributes of the resource.
    pub resource: Vec<(String, String)>,
    values: Vec<ReceivedValue>,
    at: DateTime<Utc>,
}

impl PushState {
    /// Opens the counters of a destination in a folder, see [`counters_folder`](crate::counters_folder).
    ///
    /// # Errors
    ///
    /// If another process uses them, or they cannot be read.
    pub fn open(folder: &Path, config: OtlpConfig) -> Result<Self, PushStateError> {
        let id = xxh3_64(config.endpoint.as_bytes());
        let lock = lock(folder, &format!("push-{id:016x}.lock"))?;
        let (file, mut saved) = CounterFile::open::<SavedState>(folder, &format!("push-{id:016x}.json"))?;
        if saved.instance_id.is_empty() {
            saved.instance_id = random_id();
        }
        Ok(Self { config, file, saved, _lock: lock })
    }

    /// Returns true if the time of the first message has to be set before an export.
    pub fn needs_start_time(&self) -> bool {
        self.saved.start_time.is_none()
    }

    /// Sets the time of the first message, unless there is one.
    pub fn set_start_time(&mut self, first_message: DateTime<Utc>) {
        self.saved.start_time.get_or_insert(first_message);
    }

    /// Raises the counters to the figures and returns the next export, or `None` if there is nothing to send.
    pub fn prepare_export(&mut self, usage: &UsageFigures, now: DateTime<Utc>) -> Option<MetricsExport> {
        self.saved.counters.observe(usage, 0, now);
        let first_message = self.saved.start_time?;
        let values = self.saved.counters.values().map(|(key, value)| ReceivedValue { key: key.clone(), value });
        let values: Vec<ReceivedValue> = values.collect();
        let (points, start_time) = match self.config.temporality {
            Temporality::Cumulative => (points(&values, |value| Some(value.value)), first_message),
            Temporality::Delta => {
                (self.points_since_received(&values), self.saved.received_at.unwrap_or(first_message))
            }
        };
        if points.is_empty() {
            return None;
        }
        // The first message may be later than now, if the clock was set back.
        let period = Period { start: start_time.min(now), end: now };
        let resource = self.resource();
        let message = build_message(&resource, &points, self.config.temporality, period);
        Some(MetricsExport { body: message.encode_to_vec(), points, start_time, resource, values, at: now })
    }

    /// Writes the counters. Has to be called before an export is sent.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn save(&mut self) -> Result<(), CounterFileError> {
        self.file.save(&self.saved)
    }

    /// Records that an export was received, and writes that. The next delta starts there.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn confirm(&mut self, export: MetricsExport) -> Result<(), CounterFileError> {
        if self.config.temporality == Temporality::Delta {
            self.saved.received = export.values;
            self.saved.received_at = Some(export.at);
        }
        self.save()
    }

    fn points_since_received(&self, values: &[ReceivedValue]) -> Vec<MetricPoint> {
        let received: BTreeMap<&SeriesKey, u64> = self.saved.received.iter().map(|row| (&row.key, row.value)).collect();
        let added = |row: &ReceivedValue| row.value.checked_sub(received.get(&row.key).copied().unwrap_or(0));
        points(values, |row| added(row).filter(|added| *added > 0))
    }

    /// Returns the attributes of the resource: those of the configuration before our own.
    fn resource(&self) -> Vec<(String, String)> {
        let mut resource = self.config.resource.clone();
        let own = [
            ("service.version", env!("CARGO_PKG_VERSION")),
            ("service.instance.id", self.saved.instance_id.as_str()),
            ("os.type", os_type()),
        ];
        for (key, value) in own {
            if !resource.iter().any(|(present, _)| present == key) {
                resource.push((key.to_owned(), value.to_owned()));
            }
        }
        resource
    }
}

fn points(values: &[ReceivedValue], value: impl Fn(&ReceivedValue) -> Option<u64>) -> Vec<MetricPoint> {
    values.iter().filter_map(|row| metric_point(&row.key, value(row)?)).collect()
}

fn lock(folder: &Path, name: &str) -> Result<File, PushStateError> {
    let path = folder.join(name);
    let failed = |source| PushStateError::Lock { path: path.clone(), source };
    fs_permissions::create_own_folder(folder).map_err(failed)?;
    let file = fs_permissions::open_or_create_file(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(PushStateError::InUse),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Returns the name of the system in OpenTelemetry's spelling.
fn os_type() -> &'static str {
    if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS }
}

/// Returns an id as random as the keys of hash maps. Nothing depends on its secrecy.
fn random_id() -> String {
    let random = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", random(), random())
}
