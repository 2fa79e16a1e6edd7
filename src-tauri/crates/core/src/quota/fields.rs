//! The fields of quota files, parsed leniently.
//!
//! All other fields are private and are skipped without being parsed. A field of the wrong type reads as missing. Values
//! are not validated here.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use crate::time::Timestamp;
use crate::transcript::lenient_json::{List, Object, PartialDeserialize, Text, partial};

/// The maximum number of entries read from an object or list of windows, several times the known number.
const MAX_ENTRIES: usize = 16;

/// A number, or nothing if the value has another type.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LenientNumber(pub(super) Option<f64>);

/// An instant in ISO 8601 or in seconds since 1970, or nothing if the value has another form.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LenientTime(pub(crate) Option<Timestamp>);

partial! {
    /// A file in Token Monitor's inbox: the quota figures passed to its status-line command, and their time.
    InboxFile {
        "version" => version: LenientNumber,
        "at" => at: Text<'a>,
        "session" => session: Text<'a>,
        "rate_limits" => windows: Object<WindowMap>,
    }
}

partial! {
    /// Claude Code's `.claude.json`.
    ClaudeJsonFile { "cachedUsageUtilization" => cached: Object<CachedUtilization<'a>> }
}

partial! {
    /// The last response of Anthropic about quota.
    CachedUtilization {
        "fetchedAtMs" => at: LenientNumber,
        "utilization" => windows: Object<WindowMap>,
        "accountUuid" => account: Text<'a>,
        "organizationUuid" => organization: Text<'a>,
    }
}

partial! {
    /// Claude Desktop's history.
    DesktopHistoryFile { "samples" => samples: List<DesktopSample<'a>> }
}

partial! {
    /// A sample of the quota of one organization in Claude Desktop's history.
    DesktopSample {
        "t" => at: LenientNumber,
        "org" => org: Text<'a>,
        "u" => used: Object<DesktopPercentages<'a>>,
    }
}

partial! {
    /// The percentages of one sample.
    DesktopPercentages {
        "fh" => five_hour: LenientNumber,
        "sd" => weekly: LenientNumber,
        "xu" => extra: LenientNumber,
    }
}

partial! {
    /// An entry of a list of limits. Entries of the status line have no kind: they are weekly windows of model families.
    LimitEntry {
        "kind" => kind: Text<'a>,
        "display_name" => name: Text<'a>,
        "percent" => percent: LenientNumber,
        "utilization" => utilization: LenientNumber,
        "used_percentage" => used_percentage: LenientNumber,
        "resets_at" => resets_at: LenientTime,
        "scope" => scope: Object<LimitScope<'a>>,
    }
}

partial! {
    /// The scope of a limit: a model family or a product.
    LimitScope { "model" => model: Object<ModelFamily<'a>>, "surface" => product: Text<'a> }
}

partial! {
    /// A model family.
    ModelFamily { "display_name" => name: Text<'a> }
}

/// The figures of one window, with the field names of the status line or of the cached response.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WindowFigures {
    pub(crate) used: LenientNumber,
    pub(crate) resets_at: LenientTime,
    /// The amount of money spent, for limits on spending.
    amount: LenientNumber,
    /// The limit on the amount.
    limit: LenientNumber,
    /// True if the window is switched off.
    is_off: bool,
}

/// The windows of an object by key, and the lists of limits that responses contain since mid-2026.
#[derive(Debug, Default)]
pub(crate) struct WindowMap {
    pub(crate) by_key: Vec<(String, WindowFigures)>,
    pub(crate) limits: Vec<ListedLimit>,
}

/// An owned entry of a list of limits.
#[derive(Debug)]
pub(crate) struct ListedLimit {
    pub(crate) kind: String,
    /// The display name of a model family, empty if there is none.
    pub(crate) family: String,
    /// The name of a product, empty if there is none.
    pub(crate) product: String,
    pub(crate) figures: WindowFigures,
}

impl WindowFigures {
    /// Creates the figures of a window with a share and a reset time.
    pub(crate) fn new(used: LenientNumber, resets_at: LenientTime) -> Self {
        Self { used, resets_at, ..Self::default() }
    }

    /// Returns the used share in percent: the given one, otherwise the spent part of the limit. Returns `None` for a
    /// window that is switched off.
    pub(crate) fn used_percent(&self) -> Option<f64> {
        let spent = || Some(self.amount.0? / self.limit.0.filter(|limit| *limit > 0.0)? * 100.0);
        self.used.0.or_else(spent).filter(|_| !self.is_off)
    }
}

impl<'de> PartialDeserialize<'de> for WindowFigures {
    fn deserialize_field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "used_percentage" | "utilization" | "percent" => self.used = map.next_value()?,
            "resets_at" => self.resets_at = map.next_value()?,
            "used" | "used_usd" => self.amount = map.next_value()?,
            "limit" | "limit_usd" => self.limit = map.next_value()?,
            "is_enabled" | "enabled" => self.is_off = map.next_value::<&RawValue>()?.get() == "false",
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> PartialDeserialize<'de> for WindowMap {
    fn deserialize_field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key == "limits" || key == "model_scoped" {
            let entries: List<LimitEntry<'de>> = map.next_value()?;
            let entries = entries.0.into_iter().filter_map(|entry| entry.0).map(ListedLimit::from);
            self.limits.extend(entries.take(MAX_ENTRIES.saturating_sub(self.limits.len())));
        } else if let Some(figures) = map.next_value::<Object<WindowFigures>>()?.0
            && self.by_key.len() < MAX_ENTRIES
        {
            self.by_key.push((key.to_owned(), figures));
        }
        Ok(())
    }
}

impl From<LimitEntry<'_>> for ListedLimit {
    fn from(entry: LimitEntry<'_>) -> Self {
        let (model, product) = entry.scope.0.map(|scope| (scope.model.0, scope.product.0)).unwrap_or_default();
        let family = model.map(|model| model.name.0).filter(|name| !name.is_empty()).unwrap_or(entry.name.0);
        let used = [entry.percent, entry.utilization, entry.used_percentage].into_iter().find(|used| used.0.is_some());
        Self {
            kind: entry.kind.0.into_owned(),
            family: family.into_owned(),
            product: product.into_owned(),
            figures: WindowFigures::new(used.unwrap_or_default(), entry.resets_at),
        }
    }
}

impl LenientNumber {
    fn parse(json: &str) -> Self {
        Self(json.parse().ok())
    }

    /// Converts milliseconds since 1970.
    pub(crate) fn as_millis(self) -> Option<Timestamp> {
        self.0.map(|millis| Timestamp::from_micros_clamped(millis * 1e3))
    }
}

impl<'de> Deserialize<'de> for LenientNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(<&RawValue>::deserialize(deserializer)?.get()))
    }
}

impl<'de> Deserialize<'de> for LenientTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        let from_seconds = LenientNumber::parse(json).0.map(|seconds| Timestamp::from_micros_clamped(seconds * 1e6));
        Ok(Self(from_seconds.or_else(|| Timestamp::parse(&serde_json::from_str::<String>(json).ok()?))))
    }
}

impl Timestamp {
    /// The last instant of the year 9999.
    pub(crate) const MAX: Self = Self(253_402_300_799_999_999);

    /// Returns the instant after this many microseconds since 1970, clamped to the years 1970 to 9999.
    fn from_micros_clamped(micros: f64) -> Self {
        Self((micros as i64).clamp(0, Self::MAX.0))
    }
}
