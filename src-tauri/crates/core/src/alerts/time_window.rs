//! Which window an alert is about.
//!
//! A window has no name, only times, and these are not sharp: resets drift by minutes from one reading to the next, an
//! estimated block moves when an official one is known, a day begins elsewhere after a journey. So two spans are the
//! same window where they overlap by more than such drift.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Edges drift by a quarter of an hour, either way: two windows one after the other overlap by no more than this.
const DRIFT: TimeDelta = TimeDelta::minutes(30);

/// From when to when something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its first instant.
    pub start: DateTime<Utc>,
    /// Its end, which is not part of it.
    pub end: DateTime<Utc>,
}

impl Span {
    /// Of what has no windows: once is once. It ends with the years that have four digits, which can be written.
    pub(crate) const ALWAYS: Self =
        Self { start: DateTime::UNIX_EPOCH, end: DateTime::from_timestamp(253_402_300_799, 0).expect("is a time") };

    /// From one instant to another.
    pub(crate) fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start, end }
    }

    /// Moves to another span, where their edges differ by so much.
    pub(crate) fn follow(&mut self, other: Self, by: TimeDelta) {
        let moved = (self.start - other.start).abs().max((self.end - other.end).abs());
        if moved >= by {
            *self = other;
        }
    }

    /// By how much two spans overlap, where that makes them the same window.
    pub(crate) fn overlap(&self, other: &Self) -> Option<TimeDelta> {
        let shared = self.end.min(other.end) - self.start.max(other.start);
        let shorter = (self.end - self.start).min(other.end - other.start);
        // A block that a known one cuts short may be shorter than any drift.
        (shared > DRIFT.min(shorter / 2)).then_some(shared)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn block(minute: i64) -> Span {
        let start = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        Span::new(start, start + TimeDelta::hours(5))
    }

    #[rstest]
    #[case::itself(0, true)]
    #[case::drifted_later(15, true)]
    #[case::drifted_earlier(-15, true)]
    #[case::moved_by_an_official_time(-80, true)]
    #[case::the_next(300, false)]
    #[case::the_next_a_quarter_of_an_hour_early(285, false)]
    #[case::both_a_quarter_of_an_hour_off(270, false)]
    #[case::the_one_before(-300, false)]
    #[case::tomorrows(1440, false)]
    fn spans_are_one_window_where_they_overlap_by_more_than_drift(#[case] minute: i64, #[case] same: bool) {
        assert_eq!(block(0).overlap(&block(minute)).is_some(), same);
        assert_eq!(block(minute).overlap(&block(0)).is_some(), same, "whichever was known first");
    }

    #[test]
    fn a_block_cut_short_is_itself() {
        let short = Span { end: block(0).start + TimeDelta::minutes(10), ..block(0) };
        assert!(short.overlap(&short).is_some() && short.overlap(&block(10)).is_none());
        assert!(Span::ALWAYS.overlap(&Span::ALWAYS).is_some());
    }
}
