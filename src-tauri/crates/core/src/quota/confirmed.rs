//! Five-hour windows with a known end, which determine the placement of blocks.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::quota::reading::QuotaSource;
use crate::quota::reading_log::ReadingLog;
use crate::quota::window::QuotaWindow;
use crate::time::{Slot, Timestamp};

/// The number of slots of a five-hour window.
const SLOTS_PER_WINDOW: i32 = 5 * Slot::PER_HOUR;

/// A five-hour window with a known end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfirmedWindow {
    /// The start, five hours before the end.
    pub start: Timestamp,
    /// The end, rounded to the nearest five minutes.
    pub end: Timestamp,
    /// The source of the end.
    pub source: QuotaSource,
}

impl ConfirmedWindow {
    fn ending_at(end: Slot, source: QuotaSource) -> Self {
        debug_assert_eq!(i64::from(SLOTS_PER_WINDOW) * Slot::MICROS, QuotaWindow::FiveHour.length_micros());
        Self { start: end.hours_before(5).start(), end: end.start(), source }
    }
}

/// Returns the windows of a log in order of time. Of windows that overlap, after a refill, with a second account or a
/// rounded time, the official one is kept, then the one that was first given later, because it corrects the other.
pub(crate) fn confirmed_windows(log: &ReadingLog) -> Vec<ConfirmedWindow> {
    let mut ends: Vec<_> = log.ends().collect();
    ends.sort_by_key(|(end, reading)| Reverse((reading.source.is_official(), reading.at, *end)));
    let mut kept: BTreeMap<Slot, QuotaSource> = BTreeMap::new();
    for (end, reading) in ends {
        let overlapping =
            Slot(end.0.saturating_sub(SLOTS_PER_WINDOW - 1))..Slot(end.0.saturating_add(SLOTS_PER_WINDOW));
        if kept.range(overlapping).next().is_none() {
            kept.insert(end, reading.source);
        }
    }
    kept.into_iter().map(|(end, source)| ConfirmedWindow::ending_at(end, source)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::{Percent, Quota, Reading};
    use crate::time::MICROS_PER_MINUTE;
    use QuotaSource::{CachedUsage, LimitMessage, StatusLine};

    /// 2026-07-17T12:00:00Z, a five-minute mark.
    const NOON: i64 = 1_784_289_600_000_000;

    /// Returns a reading of a minute after noon, with a window that ends at another minute after noon.
    fn reading(at: i64, end: i64, source: QuotaSource) -> Reading {
        let [at, end] = [at, end].map(|minute| Timestamp(NOON + minute * MICROS_PER_MINUTE));
        Reading { window: QuotaWindow::FiveHour, used: Percent::FULL, resets_at: Some(end), at, source, account: None }
    }

    fn windows_of(readings: Vec<Reading>) -> Vec<(i64, i64, QuotaSource)> {
        let mut quota = Quota::default();
        for reading in readings {
            quota.insert(reading, Timestamp(i64::MAX));
        }
        let minute = |when: Timestamp| (when.0 - NOON) / MICROS_PER_MINUTE;
        quota.confirmed_windows().map(|window| (minute(window.start), minute(window.end), window.source)).collect()
    }

    #[test]
    fn a_window_starts_five_hours_before_its_end() {
        assert_eq!(windows_of(vec![reading(0, 110, StatusLine)]), vec![(-190, 110, StatusLine)]);
    }

    #[test]
    fn ends_are_rounded_to_the_nearest_five_minutes() {
        let just_before = Some(Timestamp(NOON + 110 * MICROS_PER_MINUTE - 1));
        let first = Reading { resets_at: just_before, ..reading(0, 110, StatusLine) };
        assert_eq!(windows_of(vec![first, reading(1, 110, StatusLine), reading(2, 112, StatusLine)]).len(), 1);
    }

    #[test]
    fn adjacent_windows_are_kept_and_sorted_by_time() {
        let windows = windows_of(vec![reading(301, 600, CachedUsage), reading(0, 300, LimitMessage)]);
        assert_eq!(windows, vec![(0, 300, LimitMessage), (300, 600, CachedUsage)]);
    }

    #[test]
    fn an_official_end_takes_precedence_over_a_limit_message() {
        let windows = windows_of(vec![reading(100, 300, LimitMessage), reading(0, 280, StatusLine)]);
        assert_eq!(windows, vec![(-20, 280, StatusLine)]);
        let same_end = windows_of(vec![reading(0, 300, LimitMessage), reading(100, 300, StatusLine)]);
        assert_eq!(same_end, vec![(0, 300, StatusLine)]);
    }

    #[test]
    fn the_later_of_two_overlapping_official_ends_corrects_the_other() {
        let windows = windows_of(vec![reading(0, 240, StatusLine), reading(60, 340, StatusLine)]);
        assert_eq!(windows, vec![(40, 340, StatusLine)]);
    }

    #[test]
    fn other_windows_and_readings_without_a_reset_give_no_window() {
        let weekly = Reading { window: QuotaWindow::Weekly, ..reading(0, 110, StatusLine) };
        let without_reset = Reading { resets_at: None, ..reading(0, 0, StatusLine) };
        assert!(windows_of(vec![weekly, without_reset]).is_empty());
    }

    #[test]
    fn windows_are_kept_for_400_days() {
        let day = 24 * 60;
        let windows = windows_of((0..500).map(|n| reading(n * day, n * day + 300, StatusLine)).collect());
        assert_eq!(windows.len(), 401, "both ends of 400 days");
    }
}
