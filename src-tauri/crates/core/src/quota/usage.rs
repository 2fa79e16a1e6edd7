//! The current usage of a window, derived from readings that disagree.
//!
//! The status line of each conversation repeats the figure of its own last answer, so an idle conversation reports an old
//! figure with a new time. Usage does not fall within a window, so the highest recent figure applies; only for a limited
//! time, because Anthropic sometimes grants a refill.

use crate::quota::reading::{Percent, QuotaSource, Reading};
use crate::quota::reading_log::ReadingLog;
use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, Timestamp};

/// The time for which a higher reading takes precedence over a newer one, in microseconds.
const PEAK_HOLD: i64 = 30 * MICROS_PER_MINUTE;

/// The maximum difference between reset times of the same window, in microseconds.
const RESET_TOLERANCE: i64 = 10 * MICROS_PER_MINUTE;

/// The age from which a figure is no longer used, in microseconds.
pub(crate) const MAX_AGE: i64 = MICROS_PER_DAY;

/// The usage of a quota window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaUsage {
    /// The used share.
    pub used: Percent,
    /// The time of the next reset, if known.
    pub resets_at: Option<Timestamp>,
    /// The time of the figure.
    pub at: Timestamp,
    /// The source of the figure.
    pub source: QuotaSource,
    /// The age of the figure in seconds.
    pub age_seconds: u64,
    /// The freshness of the figure, which depends on its age and source.
    pub freshness: Freshness,
}

/// The freshness of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// A figure that may be shown as current.
    Fresh,
    /// A figure that must be shown with its age.
    Stale,
}

impl Freshness {
    fn from_age(source: QuotaSource, age: i64) -> Self {
        if age <= fresh_duration(source) { Self::Fresh } else { Self::Stale }
    }
}

/// Returns how long a figure of a source counts as current, in microseconds.
fn fresh_duration(source: QuotaSource) -> i64 {
    match source {
        // They are the response of Anthropic at that time.
        QuotaSource::StatusLine | QuotaSource::CachedUsage | QuotaSource::ErrorResponse => 10 * MICROS_PER_MINUTE,
        // Claude Desktop records a sample every 5 to 15 minutes while it runs.
        QuotaSource::DesktopHistory => 20 * MICROS_PER_MINUTE,
        // A limit stays reached until the reset, and no answers with newer figures arrive until then.
        QuotaSource::LimitMessage => 5 * MICROS_PER_HOUR,
    }
}

/// The latest reading of the current window, with the window's end.
pub(crate) struct LatestReading<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) end: Option<Timestamp>,
}

impl LatestReading<'_> {
    /// Returns true if a reading with this window end belongs to the same window.
    pub(crate) fn is_same_window(&self, end: Option<Timestamp>) -> bool {
        match (self.end, end) {
            (Some(own), Some(other)) => own.0.abs_diff(other.0) <= RESET_TOLERANCE.unsigned_abs(),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl ReadingLog {
    /// Returns the usage at `now`.
    pub(crate) fn current_usage(&self, now: Timestamp) -> Option<QuotaUsage> {
        let latest = self.latest(now)?;
        let peak = self.peak_within_hold(&latest, now);
        let age = now.0.saturating_sub(peak.at.0).max(0);
        Some(QuotaUsage {
            used: peak.used,
            resets_at: latest.end,
            at: peak.at,
            source: peak.source,
            age_seconds: age.unsigned_abs() / MICROS_PER_SECOND.unsigned_abs(),
            freshness: Freshness::from_age(peak.source, age),
        })
    }

    /// Returns the latest reading of the window at `now`.
    pub(crate) fn latest(&self, now: Timestamp) -> Option<LatestReading<'_>> {
        let reading = self.active_samples(now).max_by_key(|reading| (reading.at, *reading))?;
        Some(LatestReading { reading, end: self.window_end(reading) })
    }

    /// Returns the highest reading of the last [`PEAK_HOLD`]. If no reset is known it is the latest reading, because a lower
    /// figure is then the only sign of a reset.
    fn peak_within_hold<'a>(&'a self, latest: &LatestReading<'a>, now: Timestamp) -> &'a Reading {
        if latest.end.is_none() {
            return latest.reading;
        }
        let first_held = latest.reading.at.0.saturating_sub(PEAK_HOLD);
        let held = self.active_samples(now).filter(|reading| reading.at.0 >= first_held);
        let same_window = held.filter(|reading| latest.is_same_window(self.window_end(reading)));
        same_window.max_by_key(|reading| (reading.used, reading.at, *reading)).unwrap_or(latest.reading)
    }

    /// Returns the samples that are not too old and whose window has not ended.
    fn active_samples(&self, now: Timestamp) -> impl Iterator<Item = &Reading> {
        self.samples().filter(move |reading| {
            let age = now.0.saturating_sub(reading.at.0);
            let latest_end = Timestamp(reading.at.0.saturating_add(reading.window.length_micros()));
            let is_recent = (-Reading::MAX_CLOCK_SKEW..MAX_AGE).contains(&age);
            is_recent && self.window_end(reading).unwrap_or(latest_end) > now
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::quota::{Quota, QuotaWindow};
    use Freshness::{Fresh, Stale};
    use QuotaSource::{CachedUsage, DesktopHistory, LimitMessage, StatusLine};

    const NOON: i64 = 1_784_289_600_000_000;

    fn at(minute: i64) -> Timestamp {
        Timestamp(NOON + minute * MICROS_PER_MINUTE)
    }

    fn weekly(percent: f64, resets: Option<i64>, minute: i64, source: QuotaSource) -> Reading {
        Reading { window: QuotaWindow::Weekly, ..session(percent, resets, minute, source) }
    }

    fn session(percent: f64, resets: Option<i64>, minute: i64, source: QuotaSource) -> Reading {
        let used = Percent::from_percent(percent, &QuotaWindow::FiveHour).expect("a percentage");
        Reading {
            window: QuotaWindow::FiveHour,
            used,
            resets_at: resets.map(at),
            at: at(minute),
            source,
            account: None,
        }
    }

    fn usage_at(readings: &[Reading], minute: i64) -> Option<QuotaUsage> {
        let mut quota = Quota::default();
        for reading in readings {
            quota.insert(reading.clone(), at(10_000));
        }
        quota.current_usage(&readings[0].window, at(minute))
    }

    fn used_at(readings: &[Reading], minute: i64) -> Option<f64> {
        usage_at(readings, minute).map(|usage| usage.used.percent())
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
    fn a_figure_becomes_stale_and_expires(
        #[case] source: QuotaSource,
        #[case] age: i64,
        #[case] freshness: Option<Freshness>,
    ) {
        let usage = usage_at(&[weekly(40.0, Some(5000), 0, source)], age);
        assert_eq!(usage.map(|usage| usage.freshness), freshness);
        assert!(usage.is_none_or(|usage| usage.age_seconds == age.unsigned_abs() * 60));
    }

    #[test]
    fn usage_is_unknown_after_the_reset() {
        let readings = [session(40.0, Some(60), 0, StatusLine)];
        assert_eq!(used_at(&readings, 59), Some(40.0));
        assert_eq!(used_at(&readings, 60), None, "the next window has no figure yet");
    }

    #[test]
    fn without_a_reset_a_figure_expires_after_the_length_of_its_window() {
        let readings = [session(40.0, None, 0, DesktopHistory)];
        assert_eq!(used_at(&readings, 299), Some(40.0));
        assert_eq!(used_at(&readings, 300), None);
    }

    #[test]
    fn a_figure_without_a_reset_uses_the_known_one() {
        let readings = [session(40.0, Some(60), 0, StatusLine), session(43.0, None, 5, DesktopHistory)];
        let usage = usage_at(&readings, 6).expect("is known");
        assert_eq!((usage.used.percent(), usage.resets_at, usage.source), (43.0, Some(at(60)), DesktopHistory));
        assert_eq!(used_at(&readings, 60), None, "it expires with that window");
    }

    #[test]
    fn the_newest_of_several_sources_applies() {
        let readings = [session(30.0, Some(60), 0, CachedUsage), session(42.0, Some(61), 3, StatusLine)];
        assert_eq!(used_at(&readings, 4), Some(42.0));
    }

    #[test]
    fn a_repeated_old_figure_does_not_lower_the_usage() {
        let readings = [session(60.0, Some(200), 0, StatusLine), session(40.0, Some(200), 30, StatusLine)];
        let usage = usage_at(&readings, 31).expect("is known");
        assert_eq!((usage.used.percent(), usage.at), (60.0, at(0)), "the age is that of the higher figure");
    }

    #[test]
    fn a_lower_figure_over_half_an_hour_newer_is_a_refill() {
        let readings = [session(60.0, Some(200), 0, StatusLine), session(5.0, Some(200), 31, StatusLine)];
        assert_eq!(used_at(&readings, 31), Some(5.0));
    }

    #[test]
    fn a_higher_figure_of_the_previous_window_is_ignored() {
        let readings = [session(90.0, Some(2), 0, StatusLine), session(1.0, Some(302), 3, StatusLine)];
        assert_eq!(used_at(&readings, 4), Some(1.0));
    }

    #[test]
    fn without_a_known_reset_a_lower_figure_applies() {
        let readings = [session(90.0, None, 0, DesktopHistory), session(1.0, None, 5, DesktopHistory)];
        assert_eq!(used_at(&readings, 6), Some(1.0));
    }

    #[test]
    fn a_reached_limit_is_100_percent() {
        let readings = [session(97.0, Some(61), 1, StatusLine), session(100.0, Some(60), 0, LimitMessage)];
        assert_eq!(used_at(&readings, 2), Some(100.0));
    }

    #[test]
    fn readings_from_the_future_are_ignored() {
        let mut quota = Quota::default();
        assert!(!quota.insert(session(40.0, None, 3, StatusLine), at(0)));
        assert!(quota.insert(session(40.0, None, 2, StatusLine), at(0)), "small clock differences are accepted");
        let usage = quota.current_usage(&QuotaWindow::FiveHour, at(0)).expect("is known");
        assert_eq!(usage.age_seconds, 0);
    }

    #[test]
    fn a_repeated_reading_changes_nothing_and_a_higher_one_does() {
        let mut quota = Quota::default();
        let first = session(40.0, Some(60), 0, StatusLine);
        let repeated = Reading { at: Timestamp(first.at.0 + 1), ..first.clone() };
        let risen = Reading { used: Percent::FULL, ..repeated.clone() };
        assert!(quota.insert(first, at(1)));
        assert!(!quota.insert(repeated, at(1)));
        assert!(quota.insert(risen, at(1)));
    }

    #[test]
    fn rejected_readings_leave_no_usage() {
        let mut quota = Quota::default();
        let too_far = session(40.0, Some(400), 0, StatusLine);
        let passed = session(40.0, Some(0), 0, StatusLine);
        let too_much = Reading { used: Percent::from_thousandths(101_001), ..session(40.0, None, 0, StatusLine) };
        for reading in [too_far, passed, too_much] {
            assert!(!quota.insert(reading, at(0)));
        }
        assert_eq!(quota, Quota::default());
    }
}
