//! The time window an alert is about.
//!
//! Windows have no ids, only times that can shift: reset times change by minutes from one reading to the next, an
//! estimated block moves when an official one becomes known, and a change of time zone moves the start of a day. Two
//! windows that overlap by more than such a shift therefore count as the same window.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The maximum overlap of two consecutive windows, if the edges of each shift by up to 15 minutes.
const MAX_DRIFT: TimeDelta = TimeDelta::minutes(30);

/// A period of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeWindow {
    /// The start, inclusive.
    pub start: DateTime<Utc>,
    /// The end, exclusive.
    pub end: DateTime<Utc>,
}

impl TimeWindow {
    /// The window of subjects that have no windows, such as sessions. It ends with the last year of four digits, which
    /// can still be serialized.
    pub(crate) const UNBOUNDED: Self =
        Self { start: DateTime::UNIX_EPOCH, end: DateTime::from_timestamp(253_402_300_799, 0).expect("is a time") };

    /// Creates a window between two instants.
    pub(crate) fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start, end }
    }

    /// Takes the edges of another window if they differ by at least a minimum.
    pub(crate) fn move_to(&mut self, other: Self, min_shift: TimeDelta) {
        let shift = (self.start - other.start).abs().max((self.end - other.end).abs());
        if shift >= min_shift {
            *self = other;
        }
    }

    /// Returns the overlap of two windows if it is long enough to count them as the same window.
    pub(crate) fn overlap_with(&self, other: &Self) -> Option<TimeDelta> {
        let overlap = self.end.min(other.end) - self.start.max(other.start);
        let shorter = (self.end - self.start).min(other.end - other.start);
        // A block cut short by a confirmed one may be shorter than the drift.
        (overlap > MAX_DRIFT.min(shorter / 2)).then_some(overlap)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn block(minute: i64) -> TimeWindow {
        let start = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        TimeWindow::new(start, start + TimeDelta::hours(5))
    }

    #[rstest]
    #[case::itself(0, true)]
    #[case::shifted_later(15, true)]
    #[case::shifted_earlier(-15, true)]
    #[case::moved_by_an_official_time(-80, true)]
    #[case::next(300, false)]
    #[case::next_15_minutes_early(285, false)]
    #[case::both_off_by_15_minutes(270, false)]
    #[case::previous(-300, false)]
    #[case::tomorrow(1440, false)]
    fn windows_are_the_same_if_they_overlap_by_more_than_the_drift(#[case] minute: i64, #[case] same: bool) {
        assert_eq!(block(0).overlap_with(&block(minute)).is_some(), same);
        assert_eq!(block(minute).overlap_with(&block(0)).is_some(), same, "in either order");
    }

    #[test]
    fn a_shortened_block_overlaps_with_itself() {
        let short = TimeWindow { end: block(0).start + TimeDelta::minutes(10), ..block(0) };
        assert!(short.overlap_with(&short).is_some() && short.overlap_with(&block(10)).is_none());
        assert!(TimeWindow::UNBOUNDED.overlap_with(&TimeWindow::UNBOUNDED).is_some());
    }
}
