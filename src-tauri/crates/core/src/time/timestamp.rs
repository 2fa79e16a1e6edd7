//! Instants and the five-minute slots they fall into.
//!
//! Nothing here asks what time it is: `now` is always somebody's argument.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// An instant in microseconds since 1970, UTC: the finest the logs are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

const MICROS_PER_SECOND: i64 = 1_000_000;

impl Timestamp {
    /// Reads an ISO 8601 timestamp. One without a zone is UTC; one that is no time at all is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let when = match DateTime::parse_from_rfc3339(text) {
            Ok(when) => when.to_utc(),
            Err(_) => loose(text)?,
        };
        let a_leap_second = when.nanosecond() >= 1_000_000_000;
        (!a_leap_second && (1..=9999).contains(&chrono::Datelike::year(&when))).then(|| when.into())
    }

    /// The slot it falls into.
    pub fn slot(self) -> Slot {
        let index = self.0.div_euclid(Slot::MICROS);
        Slot(i32::try_from(index).expect("four-digit years fit"))
    }

    /// As a calendar instant.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// So many microseconds before.
    #[must_use]
    pub fn earlier(self, micros: i64) -> Self {
        Self(self.0.saturating_sub(micros))
    }

    /// The time that has passed since `earlier`, never negative.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0).max(0) as f64 / MICROS_PER_SECOND as f64
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(when: DateTime<Utc>) -> Self {
        Self(when.timestamp_micros())
    }
}

/// The spellings RFC 3339 leaves out but ISO 8601 has: no zone, no seconds, no time, an offset without a colon.
fn loose(text: &str) -> Option<DateTime<Utc>> {
    let naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let zoned = || {
        ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z"]
            .iter()
            .find_map(|format| DateTime::parse_from_str(text, format).ok())
    };
    let date = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    naive.map(|when| when.and_utc()).or_else(|| Some(zoned()?.to_utc())).or_else(|| Some(date()?.and_utc()))
}

/// Five minutes of UTC, counted from 1970.
///
/// Every zone's offset is a multiple of fifteen minutes and every block edge lies on a ten-minute mark, so both
/// days and blocks are exact sums of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub i32);

impl Slot {
    /// Its length.
    pub const MICROS: i64 = 300 * MICROS_PER_SECOND;
    /// How many make an hour.
    pub const PER_HOUR: i32 = 12;

    /// Its first instant.
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * Self::MICROS)
    }

    /// The slot so many hours before.
    pub fn hours_before(self, hours: i32) -> Self {
        Self(self.0.saturating_sub(hours * Self::PER_HOUR))
    }
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
    fn timestamps_are_read_as_they_are_written(#[case] text: &str, #[case] micros: Option<i64>) {
        assert_eq!(Timestamp::parse(text).map(|when| when.0), micros);
    }

    #[test]
    fn a_slot_holds_its_first_instant_and_not_its_last() {
        let start = Slot(5).start();
        assert_eq!(start.slot(), Slot(5));
        assert_eq!(Timestamp(start.0 + Slot::MICROS).slot(), Slot(6));
        assert_eq!(Timestamp(-1).slot(), Slot(-1), "before 1970 the same grid goes on");
    }
}
