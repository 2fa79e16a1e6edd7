//! Which five-hour windows are known: what places blocks.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::quota::reading::QuotaSource;
use crate::quota::reading_log::Track;
use crate::quota::window::Window;
use crate::time::timestamp::{Slot, Timestamp};

/// How many slots a five-hour window has.
const LENGTH: i32 = 5 * Slot::PER_HOUR;

/// A five-hour window whose end was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownWindow {
    /// Five hours before its end.
    pub start: Timestamp,
    /// The five-minute mark nearest to what was told.
    pub end: Timestamp,
    /// Who told it.
    pub source: QuotaSource,
}

impl KnownWindow {
    fn ending(end: Slot, source: QuotaSource) -> Self {
        debug_assert_eq!(i64::from(LENGTH) * Slot::MICROS, Window::FiveHour.length());
        Self { start: end.hours_before(5).start(), end: end.start(), source }
    }
}

/// The windows of a track, without overlap. Where two overlap (a refill, a second account, a rounded time) the one
/// told officially is kept, and then the one first told later: it corrects the other.
pub(crate) fn windows(track: &Track) -> Vec<KnownWindow> {
    let mut told: Vec<_> = track.ends().collect();
    told.sort_by_key(|(end, reading)| Reverse((reading.source.is_official(), reading.at, *end)));
    let mut kept: BTreeMap<Slot, QuotaSource> = BTreeMap::new();
    for (end, reading) in told {
        let overlapping = Slot(end.0.saturating_sub(LENGTH - 1))..Slot(end.0.saturating_add(LENGTH));
        if kept.range(overlapping).next().is_none() {
            kept.insert(end, reading.source);
        }
    }
    kept.into_iter().map(|(end, source)| KnownWindow::ending(end, source)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::{Percent, Quota, Reading};
    use QuotaSource::{CachedUsage, LimitMessage, StatusLine};

    const MINUTE: i64 = 60_000_000;
    /// 2026-07-17T12:00:00Z, a five-minute mark.
    const NOON: i64 = 1_784_289_600_000_000;

    /// A window told at a minute to end at another, both after noon.
    fn told(at: i64, end: i64, source: QuotaSource) -> Reading {
        let (at, resets) = (Timestamp(NOON + at * MINUTE), Some(Timestamp(NOON + end * MINUTE)));
        Reading { window: Window::FiveHour, used: Percent::FULL, resets, at, source }
    }

    fn known(readings: Vec<Reading>) -> Vec<(i64, i64, QuotaSource)> {
        let mut quota = Quota::default();
        for reading in readings {
            quota.take(reading, Timestamp(i64::MAX));
        }
        let minute = |when: Timestamp| (when.0 - NOON) / MINUTE;
        quota.known_windows().map(|known| (minute(known.start), minute(known.end), known.source)).collect()
    }

    #[test]
    fn a_window_starts_five_hours_before_its_end() {
        assert_eq!(known(vec![told(0, 110, StatusLine)]), vec![(-190, 110, StatusLine)]);
    }

    #[test]
    fn ends_are_rounded_to_the_nearest_five_minutes() {
        let nearly = Reading { resets: Some(Timestamp(NOON + 110 * MINUTE - 1)), ..told(0, 110, StatusLine) };
        assert_eq!(known(vec![nearly, told(1, 110, StatusLine), told(2, 112, StatusLine)]).len(), 1);
    }

    #[test]
    fn windows_may_touch_and_are_told_in_order_of_time() {
        let windows = known(vec![told(301, 600, CachedUsage), told(0, 300, LimitMessage)]);
        assert_eq!(windows, vec![(0, 300, LimitMessage), (300, 600, CachedUsage)]);
    }

    #[test]
    fn an_official_end_comes_before_a_message() {
        let windows = known(vec![told(100, 300, LimitMessage), told(0, 280, StatusLine)]);
        assert_eq!(windows, vec![(-20, 280, StatusLine)]);
        let same = known(vec![told(0, 300, LimitMessage), told(100, 300, StatusLine)]);
        assert_eq!(same, vec![(0, 300, StatusLine)]);
    }

    #[test]
    fn of_two_official_ends_that_overlap_the_one_told_later_corrects_the_other() {
        assert_eq!(known(vec![told(0, 240, StatusLine), told(60, 340, StatusLine)]), vec![(40, 340, StatusLine)]);
    }

    #[test]
    fn other_windows_and_figures_without_a_reset_place_nothing() {
        let weekly = Reading { window: Window::Weekly, ..told(0, 110, StatusLine) };
        let open = Reading { resets: None, ..told(0, 0, StatusLine) };
        assert!(known(vec![weekly, open]).is_empty());
    }

    #[test]
    fn windows_are_kept_for_400_days() {
        let day = 24 * 60;
        let windows = known((0..500).map(|n| told(n * day, n * day + 300, StatusLine)).collect());
        assert_eq!(windows.len(), 401, "both ends of 400 days");
    }
}
