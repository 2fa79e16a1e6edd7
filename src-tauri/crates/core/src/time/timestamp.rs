//! Timestamps, parsed from the forms found in logs.
//!
//! Nothing in this crate reads a clock: the current time is always an argument.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::time::units::MICROS_PER_SECOND;

/// An instant in microseconds since 1970, UTC, which is the finest resolution found in logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Parses an ISO 8601 timestamp. Without a zone it is UTC.
    ///
    /// Returns `None` for anything else, for a leap second, and outside the years 1 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let when = match DateTime::parse_from_rfc3339(text) {
            Ok(when) => when.to_utc(),
            Err(_) => parse_iso_8601_variant(text)?,
        };
        let is_leap_second = when.nanosecond() >= 1_000_000_000;
        (!is_leap_second && (1..=9999).contains(&chrono::Datelike::year(&when))).then(|| when.into())
    }

    /// Converts the timestamp to a calendar date and time in UTC.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// Returns the timestamp that is this many microseconds earlier.
    #[must_use]
    pub fn minus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_sub(micros))
    }

    /// Returns the seconds that have passed since `earlier`, at least 0.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0).max(0) as f64 / MICROS_PER_SECOND as f64
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(when: DateTime<Utc>) -> Self {
        Self(when.timestamp_micros())
    }
}

/// Parses forms that ISO 8601 allows and RFC 3339 does not: no zone, no seconds, no time, an offset without a colon.
fn parse_iso_8601_variant(text: &str) -> Option<DateTime<Utc>> {
    let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let zoned = || {
        ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z"]
            .iter()
            .find_map(|format| DateTime::parse_from_str(text, format).ok())
    };
    let date = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    local.map(|when| when.and_utc()).or_else(|| Some(zoned()?.to_utc())).or_else(|| Some(date()?.and_utc()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-01-02T03:04:05.678Z", Some(1_767_323_045_678_000))]
    #[case("2026-01-02T03:04:05.678901Z", Some(1_767_323_045_678_901))]
    #[case("2026-01-02T08:34:05.678+05:30", Some(1_767_323_045_678_000))]
    #[case("2026-01-02T03:04:05", Some(1_767_323_045_000_000))]
    #[case("2026-01-02 03:04:05Z", Some(1_767_323_045_000_000))]
    #[case("2026-01-02", Some(1_767_312_000_000_000))]
    #[case("2026-01-02T03:04:60Z", None)]
    #[case("yesterday", None)]
    #[case("", None)]
    fn timestamps_are_parsed_to_microseconds(#[case] text: &str, #[case] micros: Option<i64>) {
        assert_eq!(Timestamp::parse(text).map(|when| when.0), micros);
    }
}
