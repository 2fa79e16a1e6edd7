//! The few fields of the vendor's files that matter, read tolerantly.
//!
//! Everything else in them is private and is skipped without being looked at. A field of the wrong type reads as
//! absent. Nothing here judges what the fields mean.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use crate::time::timestamp::Timestamp;
use crate::transcript::lenient_json::{List, Narrow, Object, Text, narrow};

/// How many entries of an object or list of windows are looked at: several times what there are.
const MOST: usize = 16;

/// A number; none where something else stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Number(pub(super) Option<f64>);

/// An instant, spelled as ISO 8601 or as seconds since 1970; none where something else stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock(pub(super) Option<Timestamp>);

narrow! {
    /// Our own file: what a status line command of ours was handed, and when.
    Inbox { "version" => version: Number, "at" => at: Text<'a>, "rate_limits" => windows: Object<Windows> }
}

narrow! {
    /// Claude Code's own file.
    ClaudeJson { "cachedUsageUtilization" => cached: Object<Cached<'a>> }
}

narrow! {
    /// The vendor's last answer about quota.
    Cached { "fetchedAtMs" => at: Number, "utilization" => windows: Object<Windows> }
}

narrow! {
    /// Claude Desktop's history.
    Desktop { "samples" => samples: List<Sample<'a>> }
}

narrow! {
    /// One look of Claude Desktop at the quota of one organisation.
    Sample { "t" => at: Number, "org" => org: Text<'a>, "u" => used: Object<Shares<'a>> }
}

narrow! {
    /// The percentages of one look.
    Shares { "fh" => five_hour: Number, "sd" => weekly: Number, "xu" => extra: Number }
}

narrow! {
    /// One entry of the newer list of limits.
    Limit {
        "kind" => kind: Text<'a>,
        "percent" => used: Number,
        "resets_at" => resets: Clock,
        "scope" => scope: Object<Scope<'a>>,
    }
}

narrow! {
    /// What a limit is limited to.
    Scope { "model" => model: Object<Model<'a>> }
}

narrow! {
    /// A family of models.
    Model { "display_name" => name: Text<'a> }
}

/// The figures of one window, in the status line's words or the vendor's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gauge {
    pub(crate) used: Number,
    pub(crate) resets: Clock,
}

/// Windows by their key, and the list the vendor sends beside them since mid-2026.
#[derive(Debug, Default)]
pub(crate) struct Windows {
    pub(crate) gauges: Vec<(String, Gauge)>,
    pub(crate) limits: Vec<Scoped>,
}

/// An entry of the list, free of the text it was read from.
#[derive(Debug)]
pub(crate) struct Scoped {
    pub(crate) kind: String,
    pub(crate) family: String,
    pub(crate) gauge: Gauge,
}

impl<'de> Narrow<'de> for Gauge {
    fn take<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "used_percentage" | "utilization" => self.used = map.next_value()?,
            "resets_at" => self.resets = map.next_value()?,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> Narrow<'de> for Windows {
    fn take<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key == "limits" {
            let limits: List<Limit<'de>> = map.next_value()?;
            self.limits = limits.0.into_iter().filter_map(|limit| limit.0).take(MOST).map(Scoped::from).collect();
        } else if let Some(gauge) = map.next_value::<Object<Gauge>>()?.0
            && self.gauges.len() < MOST
        {
            self.gauges.push((key.to_owned(), gauge));
        }
        Ok(())
    }
}

impl From<Limit<'_>> for Scoped {
    fn from(limit: Limit<'_>) -> Self {
        let model = limit.scope.0.and_then(|scope| scope.model.0);
        Self {
            kind: limit.kind.0.into_owned(),
            family: model.map(|model| model.name.0.into_owned()).unwrap_or_default(),
            gauge: Gauge { used: limit.used, resets: limit.resets },
        }
    }
}

impl Number {
    fn read(spelled: &str) -> Self {
        Self(spelled.parse().ok())
    }

    /// Taken as milliseconds since 1970.
    pub(crate) fn as_millis(self) -> Option<Timestamp> {
        self.0.map(|millis| Timestamp::near(millis * 1e3))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(<&RawValue>::deserialize(deserializer)?.get()))
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spelled = <&RawValue>::deserialize(deserializer)?.get();
        let seconds = Number::read(spelled).0.map(|seconds| Timestamp::near(seconds * 1e6));
        Ok(Self(seconds.or_else(|| Timestamp::parse(&serde_json::from_str::<String>(spelled).ok()?))))
    }
}

impl Timestamp {
    /// The last one of four-digit years.
    pub(crate) const LAST: Self = Self(253_402_300_799_999_999);

    /// The instant so many microseconds after 1970, or the nearest one within four-digit years.
    fn near(micros: f64) -> Self {
        Self((micros as i64).clamp(0, Self::LAST.0))
    }
}
