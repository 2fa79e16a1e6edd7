//! How much of a window is used now, judged from readings that disagree.
//!
//! Each conversation's status line repeats the figure of its own last answer, so an idle one keeps telling what was
//! true hours ago with a fresh time. Within one instance of a window usage does not fall, hence the highest holds;
//! but not for ever, because the vendor does hand out refills.

use crate::quota::reading::{Percent, QuotaSource, Reading};
use crate::quota::reading_log::Track;
use crate::time::timestamp::Timestamp;

const MINUTE: i64 = 60_000_000;

/// For how long before the newest reading a higher one holds against it.
const HELD: i64 = 30 * MINUTE;

/// Resets that differ by less tell of the same instance of a window.
const SAME_RESET: i64 = 10 * MINUTE;

/// A figure older than this says nothing any more.
const GONE: i64 = 24 * 60 * MINUTE;

/// How much of a window is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How much.
    pub used: Percent,
    /// When the window starts anew, if that is known.
    pub resets: Option<Timestamp>,
    /// When that was so.
    pub at: Timestamp,
    /// Who said so.
    pub source: QuotaSource,
    /// How long ago that was.
    pub age_seconds: u64,
    /// Whether it may be shown as what is so now.
    pub freshness: Freshness,
}

/// Whether a figure may be shown as what is so now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It may.
    Fresh,
    /// Only with its age.
    Stale,
}

impl Freshness {
    fn of(source: QuotaSource, age: i64) -> Self {
        if age <= fresh_for(source) { Self::Fresh } else { Self::Stale }
    }
}

/// How long figures of a source pass for current.
fn fresh_for(source: QuotaSource) -> i64 {
    match source {
        // Both are the vendor's answer at that instant.
        QuotaSource::StatusLine | QuotaSource::CachedUsage => 10 * MINUTE,
        // Looks every 5 to 15 minutes while it runs.
        QuotaSource::DesktopHistory => 20 * MINUTE,
        // What is used up stays so until the reset, and nobody is answered who could tell more.
        QuotaSource::LimitMessage => 5 * 60 * MINUTE,
    }
}

/// The latest reading of the window that runs now, and where that ends.
pub(crate) struct Newest<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) end: Option<Timestamp>,
}

impl Newest<'_> {
    /// Whether another reading is of the same instance of the window.
    pub(crate) fn same(&self, end: Option<Timestamp>) -> bool {
        match (self.end, end) {
            (Some(mine), Some(other)) => mine.0.abs_diff(other.0) <= SAME_RESET.unsigned_abs(),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl Track {
    /// How much is used at `now`.
    pub(crate) fn standing(&self, now: Timestamp) -> Option<Standing> {
        let newest = self.newest(now)?;
        let held = self.held(&newest, now);
        let age = now.0.saturating_sub(held.at.0).max(0);
        Some(Standing {
            used: held.used,
            resets: newest.end,
            at: held.at,
            source: held.source,
            age_seconds: age.unsigned_abs() / 1_000_000,
            freshness: Freshness::of(held.source, age),
        })
    }

    /// The latest reading that says something of `now`.
    pub(crate) fn newest(&self, now: Timestamp) -> Option<Newest<'_>> {
        let reading = self.alive(now).max_by_key(|reading| (reading.at, *reading))?;
        Some(Newest { reading, end: self.end_of(reading) })
    }

    /// The highest of the last half hour. Where no reset is known the newest: a fall is then the only sign of one.
    fn held<'a>(&'a self, newest: &Newest<'a>, now: Timestamp) -> &'a Reading {
        if newest.end.is_none() {
            return newest.reading;
        }
        let rivals = self.alive(now).filter(|reading| reading.at.0 >= newest.reading.at.0.saturating_sub(HELD));
        let rivals = rivals.filter(|reading| newest.same(self.end_of(reading)));
        rivals.max_by_key(|reading| (reading.used, reading.at, *reading)).unwrap_or(newest.reading)
    }

    fn alive(&self, now: Timestamp) -> impl Iterator<Item = &Reading> {
        self.samples().filter(move |reading| {
            let age = now.0.saturating_sub(reading.at.0);
            let latest_end = Timestamp(reading.at.0.saturating_add(reading.window.length()));
            (-Reading::AHEAD..GONE).contains(&age) && self.end_of(reading).unwrap_or(latest_end) > now
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::quota::{Quota, Window};
    use Freshness::{Fresh, Stale};
    use QuotaSource::{CachedUsage, DesktopHistory, LimitMessage, StatusLine};

    const NOON: i64 = 1_784_289_600_000_000;

    fn at(minute: i64) -> Timestamp {
        Timestamp(NOON + minute * MINUTE)
    }

    fn weekly(percent: f64, resets: Option<i64>, minute: i64, source: QuotaSource) -> Reading {
        Reading { window: Window::Weekly, ..session(percent, resets, minute, source) }
    }

    fn session(percent: f64, resets: Option<i64>, minute: i64, source: QuotaSource) -> Reading {
        let used = Percent::of(percent).expect("a percentage");
        Reading { window: Window::FiveHour, used, resets: resets.map(at), at: at(minute), source }
    }

    fn standing(readings: &[Reading], minute: i64) -> Option<Standing> {
        let mut quota = Quota::default();
        for reading in readings {
            quota.take(reading.clone(), at(10_000));
        }
        quota.standing(&readings[0].window, at(minute))
    }

    fn used(readings: &[Reading], minute: i64) -> Option<f64> {
        standing(readings, minute).map(|standing| standing.used.percent())
    }

    #[rstest]
    #[case(StatusLine, 10, Some(Fresh))]
    #[case(StatusLine, 11, Some(Stale))]
    #[case(CachedUsage, 10, Some(Fresh))]
    #[case(CachedUsage, 11, Some(Stale))]
    #[case(DesktopHistory, 20, Some(Fresh))]
    #[case(DesktopHistory, 21, Some(Stale))]
    #[case(LimitMessage, 300, Some(Fresh))]
    #[case(LimitMessage, 301, Some(Stale))]
    #[case(StatusLine, 24 * 60 - 1, Some(Stale))]
    #[case(StatusLine, 24 * 60, None)]
    #[case(LimitMessage, 24 * 60, None)]
    fn a_figure_ages(#[case] source: QuotaSource, #[case] age: i64, #[case] freshness: Option<Freshness>) {
        let found = standing(&[weekly(40.0, Some(5000), 0, source)], age);
        assert_eq!(found.map(|standing| standing.freshness), freshness);
        assert!(found.is_none_or(|standing| standing.age_seconds == age.unsigned_abs() * 60));
    }

    #[test]
    fn a_window_past_its_reset_is_dead() {
        let readings = [session(40.0, Some(60), 0, StatusLine)];
        assert_eq!(used(&readings, 59), Some(40.0));
        assert_eq!(used(&readings, 60), None, "nothing is known of the window after it");
    }

    #[test]
    fn without_a_reset_a_figure_lasts_no_longer_than_its_window_could() {
        let readings = [session(40.0, None, 0, DesktopHistory)];
        assert_eq!(used(&readings, 299), Some(40.0));
        assert_eq!(used(&readings, 300), None);
    }

    #[test]
    fn a_figure_without_a_reset_borrows_the_one_that_is_known() {
        let readings = [session(40.0, Some(60), 0, StatusLine), session(43.0, None, 5, DesktopHistory)];
        let found = standing(&readings, 6).expect("is known");
        assert_eq!((found.used.percent(), found.resets, found.source), (43.0, Some(at(60)), DesktopHistory));
        assert_eq!(used(&readings, 60), None, "and dies with it");
    }

    #[test]
    fn the_newest_of_several_sources_wins() {
        let readings = [session(30.0, Some(60), 0, CachedUsage), session(42.0, Some(61), 3, StatusLine)];
        assert_eq!(used(&readings, 4), Some(42.0));
    }

    #[test]
    fn an_idle_conversation_that_repeats_an_old_figure_does_not_lower_it() {
        let readings = [session(60.0, Some(200), 0, StatusLine), session(40.0, Some(200), 30, StatusLine)];
        let found = standing(&readings, 31).expect("is known");
        assert_eq!((found.used.percent(), found.at), (60.0, at(0)), "with the age of the figure that holds");
    }

    #[test]
    fn a_lower_figure_more_than_half_an_hour_newer_is_a_refill() {
        let readings = [session(60.0, Some(200), 0, StatusLine), session(5.0, Some(200), 31, StatusLine)];
        assert_eq!(used(&readings, 31), Some(5.0));
    }

    #[test]
    fn a_higher_figure_of_the_window_before_does_not_hold() {
        let readings = [session(90.0, Some(2), 0, StatusLine), session(1.0, Some(302), 3, StatusLine)];
        assert_eq!(used(&readings, 4), Some(1.0));
    }

    #[test]
    fn where_no_reset_is_known_a_fall_is_believed() {
        let readings = [session(90.0, None, 0, DesktopHistory), session(1.0, None, 5, DesktopHistory)];
        assert_eq!(used(&readings, 6), Some(1.0));
    }

    #[test]
    fn a_limit_that_was_hit_is_all_of_it() {
        let readings = [session(97.0, Some(61), 1, StatusLine), session(100.0, Some(60), 0, LimitMessage)];
        assert_eq!(used(&readings, 2), Some(100.0));
    }

    #[test]
    fn readings_from_the_future_are_refused() {
        let mut quota = Quota::default();
        assert!(!quota.take(session(40.0, None, 3, StatusLine), at(0)));
        assert!(quota.take(session(40.0, None, 2, StatusLine), at(0)), "two clocks are never the same");
        let found = quota.standing(&Window::FiveHour, at(0)).expect("is known");
        assert_eq!(found.age_seconds, 0);
    }

    #[test]
    fn a_repetition_is_no_news_and_a_rise_is() {
        let mut quota = Quota::default();
        let first = session(40.0, Some(60), 0, StatusLine);
        let repeated = Reading { at: Timestamp(first.at.0 + 1), ..first.clone() };
        let risen = Reading { used: Percent::FULL, ..repeated.clone() };
        assert!(quota.take(first, at(1)));
        assert!(!quota.take(repeated, at(1)));
        assert!(quota.take(risen, at(1)));
    }

    #[test]
    fn what_is_rejected_leaves_no_standing() {
        let mut quota = Quota::default();
        let too_far = session(40.0, Some(400), 0, StatusLine);
        let passed = session(40.0, Some(0), 0, StatusLine);
        let too_much = Reading { used: Percent::from_thousandths(101_001), ..session(40.0, None, 0, StatusLine) };
        for reading in [too_far, passed, too_much] {
            assert!(!quota.take(reading, at(0)));
        }
        assert_eq!(quota, Quota::default());
    }
}
