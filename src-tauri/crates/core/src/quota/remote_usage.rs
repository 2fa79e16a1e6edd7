//! The usage of the current five-hour window on other computers or in a browser.
//!
//! The quota counts a whole account, the logs only this computer. An increase while no tokens are used here is remote
//! usage. An increase with any local usage is left out completely, so the sum is a lower bound.

use crate::quota::reading::{Percent, QuotaSource, Reading};
use crate::quota::reading_log::ReadingLog;
use crate::quota::usage::LatestReading;
use crate::time::{MICROS_PER_MINUTE, Timestamp};

/// The minimum increase that counts. Smaller ones are due to rounding, until they add up to this: some sources only give
/// whole percentages.
const MIN_RISE: Percent = Percent::from_thousandths(1_000);

/// The maximum time between local usage and its effect on the quota, in microseconds.
const MAX_REPORT_LAG: i64 = 2 * MICROS_PER_MINUTE;

/// Returns the remote usage of the window at `now`, or `None` without a figure of that window.
pub(crate) fn estimate_remote_usage(
    log: &ReadingLog,
    now: Timestamp,
    tokens_between: impl Fn(Timestamp, Timestamp) -> u128,
) -> Option<Percent> {
    let latest = log.latest(now)?;
    let samples = window_samples(log, &latest);
    let (start, level) = initial_level(&latest, samples.first()?);
    let mut rises = RiseAccumulator::new(start, level);
    for sample in samples {
        rises.add_sample(sample, &tokens_between);
    }
    Some(rises.remote)
}

/// Returns the samples of the latest reading's window in order of time. If no end is known, the window began with the last
/// decrease, at most its length ago.
fn window_samples<'a>(log: &'a ReadingLog, latest: &LatestReading<'a>) -> Vec<&'a Reading> {
    let latest_at = latest.reading.at.0;
    let first = latest_at.saturating_sub(latest.reading.window.length_micros());
    let same_window = log.samples().filter(|sample| latest.is_same_window(log.window_end(sample)));
    let mut samples: Vec<_> = same_window.filter(|sample| (first..=latest_at).contains(&sample.at.0)).collect();
    samples.sort_by_key(|sample| (sample.at, *sample));
    if latest.end.is_none() {
        let is_decrease = |pair: &[&Reading]| pair[0].used.saturating_sub(pair[1].used) >= MIN_RISE;
        let start = samples.windows(2).rposition(is_decrease).map_or(0, |before| before + 1);
        samples.drain(..start);
    }
    samples
}

/// Returns the first level: zero at the start of the window, or the first sample if the start is unknown.
fn initial_level(latest: &LatestReading<'_>, first: &Reading) -> (Timestamp, Percent) {
    let length = latest.reading.window.length_micros();
    latest.end.map_or((first.at, first.used), |end| (Timestamp(end.0.saturating_sub(length)), Percent::ZERO))
}

/// Adds up the increases without local usage.
struct RiseAccumulator {
    /// The start of the window; earlier local usage is ignored.
    start: Timestamp,
    /// The last time at which the usage was known to be at most `level`.
    since: Timestamp,
    level: Percent,
    remote: Percent,
}

impl RiseAccumulator {
    fn new(start: Timestamp, level: Percent) -> Self {
        Self { start, since: start, level, remote: Percent::ZERO }
    }

    fn add_sample(&mut self, sample: &Reading, tokens_between: impl Fn(Timestamp, Timestamp) -> u128) {
        let rise = sample.used.saturating_sub(self.level);
        if rise == Percent::ZERO {
            return self.skip_unchanged(sample);
        }
        let from = Timestamp(self.since.0.saturating_sub(MAX_REPORT_LAG)).max(self.start);
        let is_idle = tokens_between(from, sample.at) == 0;
        if is_idle && rise < MIN_RISE {
            return;
        }
        if is_idle {
            self.remote = self.remote.saturating_add(rise);
        }
        (self.since, self.level) = (sample.at, sample.used);
    }

    /// Handles a sample without an increase. A status line may repeat an old figure, so it does not prove that usage was
    /// unchanged; the other sources do.
    fn skip_unchanged(&mut self, sample: &Reading) {
        match sample.source {
            QuotaSource::StatusLine | QuotaSource::LimitMessage | QuotaSource::ErrorResponse => {}
            QuotaSource::CachedUsage | QuotaSource::DesktopHistory => self.since = sample.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::{Quota, QuotaWindow};
    use QuotaSource::{DesktopHistory, LimitMessage, StatusLine};

    const NOON: i64 = 1_784_289_600_000_000;

    fn at(minute: i64) -> Timestamp {
        Timestamp(NOON + minute * MICROS_PER_MINUTE)
    }

    /// Returns the remote usage of a window from 12:00 to 17:00. Samples are minutes, percentages and sources; `local` has the
    /// minutes of local usage.
    fn remote_percent(samples: &[(i64, f64, QuotaSource)], resets: Option<i64>, local: &[i64]) -> Option<f64> {
        let mut quota = Quota::default();
        for &(minute, percent, source) in samples {
            let used = Percent::from_percent(percent, &QuotaWindow::FiveHour).expect("a percentage");
            let resets = resets.filter(|_| source != DesktopHistory).map(at);
            quota.insert(
                Reading {
                    window: QuotaWindow::FiveHour,
                    used,
                    resets_at: resets,
                    at: at(minute),
                    source,
                    account: None,
                },
                at(300),
            );
        }
        let tokens = |from: Timestamp, to: Timestamp| local.iter().filter(|m| from < at(**m) && at(**m) <= to).count();
        let last = samples.last().map_or(0, |(minute, ..)| *minute);
        quota.remote_usage(at(last), |from, to| tokens(from, to) as u128).map(Percent::percent)
    }

    #[test]
    fn an_increase_without_local_usage_is_remote() {
        let samples = [(10, 5.0, StatusLine), (20, 5.0, DesktopHistory), (30, 12.0, DesktopHistory)];
        assert_eq!(remote_percent(&samples, Some(300), &[9]), Some(7.0));
    }

    #[test]
    fn usage_before_the_first_sample_counts_if_the_start_is_known() {
        assert_eq!(remote_percent(&[(60, 30.0, StatusLine)], Some(300), &[]), Some(30.0));
        assert_eq!(remote_percent(&[(60, 30.0, StatusLine)], Some(300), &[59]), Some(0.0));
    }

    #[test]
    fn an_increase_with_any_local_usage_is_left_out() {
        let samples = [(10, 0.0, DesktopHistory), (20, 10.0, DesktopHistory), (30, 50.0, DesktopHistory)];
        assert_eq!(remote_percent(&samples, None, &[15]), Some(40.0));
        assert_eq!(remote_percent(&samples, None, &[15, 25]), Some(0.0));
    }

    #[test]
    fn local_usage_may_appear_two_minutes_late() {
        let samples = [(10, 0.0, DesktopHistory), (20, 10.0, DesktopHistory)];
        assert_eq!(
            remote_percent(&samples, Some(300), &[9]),
            Some(10.0),
            "the last increase started after the local usage"
        );
        let samples = [(0, 0.0, DesktopHistory), (10, 0.0, DesktopHistory), (20, 10.0, DesktopHistory)];
        assert_eq!(remote_percent(&samples, None, &[9]), Some(0.0));
        assert_eq!(remote_percent(&samples, None, &[8]), Some(10.0));
    }

    #[test]
    fn increases_below_one_percent_count_once_they_add_up() {
        let step = |n: i32| (i64::from(n) * 10, f64::from(n) * 0.4, DesktopHistory);
        let samples: Vec<_> = (0..3).map(step).collect();
        assert_eq!(remote_percent(&samples, None, &[]), Some(0.0));
        let samples: Vec<_> = (0..4).map(step).collect();
        assert_eq!(remote_percent(&samples, None, &[]), Some(1.2));
    }

    #[test]
    fn an_unchanged_status_line_does_not_prove_that_usage_was_unchanged() {
        let samples = [(10, 5.0, StatusLine), (20, 5.0, StatusLine), (21, 15.0, StatusLine)];
        assert_eq!(
            remote_percent(&samples, Some(300), &[9, 15]),
            Some(0.0),
            "the increase came from the local usage at minute 15"
        );
    }

    #[test]
    fn a_limit_reached_without_local_usage_is_remote() {
        let samples = [(10, 40.0, StatusLine), (15, 40.0, DesktopHistory), (90, 100.0, LimitMessage)];
        assert_eq!(remote_percent(&samples, Some(300), &[9]), Some(60.0));
    }

    #[test]
    fn without_a_known_end_the_window_starts_at_the_last_decrease() {
        let samples = [(10, 80.0, DesktopHistory), (20, 2.0, DesktopHistory), (30, 6.0, DesktopHistory)];
        assert_eq!(remote_percent(&samples, None, &[]), Some(4.0));
    }

    #[test]
    fn without_a_figure_of_this_window_there_is_no_result() {
        assert_eq!(remote_percent(&[], None, &[]), None);
        assert_eq!(remote_percent(&[(300, 5.0, StatusLine)], Some(300), &[]), None);
    }
}
