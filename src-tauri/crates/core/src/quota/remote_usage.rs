//! How much of the current five-hour window was used where no log of ours shows it.
//!
//! The vendor counts an account, we count a computer. What rises while nothing is used here was used elsewhere. A
//! rise during which anything was used here is left out whole, so the sum is a floor.

use crate::quota::reading::{Percent, QuotaSource, Reading};
use crate::quota::reading_log::Track;
use crate::quota::usage::Newest;
use crate::time::timestamp::Timestamp;

const MINUTE: i64 = 60_000_000;

/// Smaller rises are rounding, until they add up to this: some sources tell whole percents only.
const NOISE: Percent = Percent::from_thousandths(1_000);

/// How long after an answer its use may show in the vendor's figure, which comes before the answer is complete.
const LAG: i64 = 2 * MINUTE;

/// What was used elsewhere in the window that runs at `now`.
pub(crate) fn used(
    track: &Track,
    now: Timestamp,
    tokens_between: impl Fn(Timestamp, Timestamp) -> u128,
) -> Option<Percent> {
    let newest = track.newest(now)?;
    let samples = samples(track, &newest);
    let mut climb = Climb::from(opening(&newest, samples.first()?));
    for sample in samples {
        climb.see(sample, &tokens_between);
    }
    Some(climb.elsewhere)
}

/// The samples of the window the newest is of, by their time. Where no end is known that window began with the last
/// fall, at most its length ago.
fn samples<'a>(track: &'a Track, newest: &Newest<'a>) -> Vec<&'a Reading> {
    let first = newest.reading.at.0.saturating_sub(newest.reading.window.length());
    let ours = track.samples().filter(|sample| newest.same(track.end_of(sample)));
    let mut ours: Vec<_> = ours.filter(|sample| (first..=newest.reading.at.0).contains(&sample.at.0)).collect();
    ours.sort_by_key(|sample| (sample.at, *sample));
    if newest.end.is_none() {
        let fell = |pair: &[&Reading]| pair[0].used.above(pair[1].used) >= NOISE;
        let fall = ours.windows(2).rposition(fell).map_or(0, |before| before + 1);
        ours.drain(..fall);
    }
    ours
}

/// What to climb from: nothing used at the start of the window, or the first sample where the start is not known.
fn opening(newest: &Newest<'_>, first: &Reading) -> (Timestamp, Percent) {
    let length = newest.reading.window.length();
    newest.end.map_or((first.at, first.used), |end| (Timestamp(end.0.saturating_sub(length)), Percent::NONE))
}

/// A walk up the samples.
struct Climb {
    /// Nothing before counts.
    start: Timestamp,
    /// When the level was last known to be no higher.
    since: Timestamp,
    level: Percent,
    elsewhere: Percent,
}

impl From<(Timestamp, Percent)> for Climb {
    fn from((start, level): (Timestamp, Percent)) -> Self {
        Self { start, since: start, level, elsewhere: Percent::NONE }
    }
}

impl Climb {
    fn see(&mut self, sample: &Reading, tokens_between: impl Fn(Timestamp, Timestamp) -> u128) {
        let rise = sample.used.above(self.level);
        if rise == Percent::NONE {
            return self.rest(sample);
        }
        let from = Timestamp(self.since.0.saturating_sub(LAG)).max(self.start);
        let idle = tokens_between(from, sample.at) == 0;
        if idle && rise < NOISE {
            return;
        }
        if idle {
            self.elsewhere = self.elsewhere.and(rise);
        }
        (self.since, self.level) = (sample.at, sample.used);
    }

    /// A status line may repeat an old figure, so that it shows no rise proves nothing; the others looked.
    fn rest(&mut self, sample: &Reading) {
        match sample.source {
            QuotaSource::StatusLine | QuotaSource::LimitMessage => {}
            QuotaSource::CachedUsage | QuotaSource::DesktopHistory => self.since = sample.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::{Quota, Window};
    use QuotaSource::{DesktopHistory, LimitMessage, StatusLine};

    const NOON: i64 = 1_784_289_600_000_000;

    fn at(minute: i64) -> Timestamp {
        Timestamp(NOON + minute * MINUTE)
    }

    /// Samples of a window from noon to five: minute, percent, source. Local use by the minute.
    fn elsewhere(samples: &[(i64, f64, QuotaSource)], resets: Option<i64>, local: &[i64]) -> Option<f64> {
        let mut quota = Quota::default();
        for &(minute, percent, source) in samples {
            let used = Percent::of(percent).expect("a percentage");
            let resets = resets.filter(|_| source != DesktopHistory).map(at);
            quota.take(Reading { window: Window::FiveHour, used, resets, at: at(minute), source }, at(300));
        }
        let tokens = |from: Timestamp, to: Timestamp| local.iter().filter(|m| from < at(**m) && at(**m) <= to).count();
        let last = samples.last().map_or(0, |(minute, ..)| *minute);
        quota.elsewhere(at(last), |from, to| tokens(from, to) as u128).map(Percent::percent)
    }

    #[test]
    fn what_rises_while_nothing_is_used_here_was_used_elsewhere() {
        let samples = [(10, 5.0, StatusLine), (20, 5.0, DesktopHistory), (30, 12.0, DesktopHistory)];
        assert_eq!(elsewhere(&samples, Some(300), &[9]), Some(7.0));
    }

    #[test]
    fn a_window_that_began_elsewhere_shows() {
        assert_eq!(elsewhere(&[(60, 30.0, StatusLine)], Some(300), &[]), Some(30.0));
        assert_eq!(elsewhere(&[(60, 30.0, StatusLine)], Some(300), &[59]), Some(0.0));
    }

    #[test]
    fn a_rise_with_anything_used_here_is_left_out_whole() {
        let samples = [(10, 0.0, DesktopHistory), (20, 10.0, DesktopHistory), (30, 50.0, DesktopHistory)];
        assert_eq!(elsewhere(&samples, None, &[15]), Some(40.0));
        assert_eq!(elsewhere(&samples, None, &[15, 25]), Some(0.0));
    }

    #[test]
    fn use_may_show_two_minutes_late() {
        let samples = [(10, 0.0, DesktopHistory), (20, 10.0, DesktopHistory)];
        assert_eq!(elsewhere(&samples, Some(300), &[9]), Some(10.0), "without a known end nothing before counts");
        let samples = [(0, 0.0, DesktopHistory), (10, 0.0, DesktopHistory), (20, 10.0, DesktopHistory)];
        assert_eq!(elsewhere(&samples, None, &[9]), Some(0.0));
        assert_eq!(elsewhere(&samples, None, &[8]), Some(10.0));
    }

    #[test]
    fn rounding_is_no_rise_until_it_adds_up() {
        let step = |n: i32| (i64::from(n) * 10, f64::from(n) * 0.4, DesktopHistory);
        let samples: Vec<_> = (0..3).map(step).collect();
        assert_eq!(elsewhere(&samples, None, &[]), Some(0.0));
        let samples: Vec<_> = (0..4).map(step).collect();
        assert_eq!(elsewhere(&samples, None, &[]), Some(1.2));
    }

    #[test]
    fn an_idle_status_line_proves_no_rest() {
        let samples = [(10, 5.0, StatusLine), (20, 5.0, StatusLine), (21, 15.0, StatusLine)];
        assert_eq!(elsewhere(&samples, Some(300), &[9, 15]), Some(0.0), "the rise came with the use at 15");
    }

    #[test]
    fn a_limit_hit_at_the_first_message_was_used_up_elsewhere() {
        let samples = [(10, 40.0, StatusLine), (15, 40.0, DesktopHistory), (90, 100.0, LimitMessage)];
        assert_eq!(elsewhere(&samples, Some(300), &[9]), Some(60.0));
    }

    #[test]
    fn where_no_end_is_known_the_last_fall_begins_the_window() {
        let samples = [(10, 80.0, DesktopHistory), (20, 2.0, DesktopHistory), (30, 6.0, DesktopHistory)];
        assert_eq!(elsewhere(&samples, None, &[]), Some(4.0));
    }

    #[test]
    fn without_a_figure_of_this_window_nothing_is_said() {
        assert_eq!(elsewhere(&[], None, &[]), None);
        assert_eq!(elsewhere(&[(300, 5.0, StatusLine)], Some(300), &[]), None);
    }
}
