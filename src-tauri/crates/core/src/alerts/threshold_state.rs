//! Records which thresholds were notified in which window, so that each alert is sent once.
//!
//! An episode belongs to a rule, a subject and a window. It contains the highest threshold that was notified, and lowers
//! it again only after usage really dropped. The number of episodes is limited, not their age: the clock may be wrong by
//! a year and be corrected later, and no alert may be repeated then.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::time_window::TimeWindow;
use crate::report::model::AlertRule;

/// The subjects of the two burn rates, of tokens and of cost. Version 1 of the state had one episode for both.
pub(crate) const BURN_RATE_SUBJECTS: [&str; 2] = ["rate", "rate of cost"];

/// The drop below a threshold after which it may be notified again, in percentage points.
const REARM_MARGIN: f64 = 5.0;

/// The maximum number of windows per subject: the current one, earlier ones, and those of a wrong clock.
const MAX_WINDOWS_PER_SUBJECT: usize = 16;

/// The maximum number of episodes per rule. Each rule has its own limit, so that many costly sessions cannot displace
/// the episode of the block.
const MAX_EPISODES_PER_RULE: usize = 64;

/// The maximum number of episodes of the session cost rule, where each session is a subject.
const MAX_SESSION_EPISODES: usize = 256;

/// The minimum change of the stored last time, which only serves to remove the oldest episode.
const LAST_SEEN_PRECISION: TimeDelta = TimeDelta::hours(6);

/// The minimum shift of a window's edges that is stored.
const EDGE_PRECISION: TimeDelta = TimeDelta::minutes(5);

/// The highest threshold notified for a subject in one window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ThresholdEpisode {
    rule: AlertRule,
    subject: String,
    #[serde(rename = "span")]
    window: TimeWindow,
    /// The highest notified threshold; zero for none.
    #[serde(rename = "said")]
    notified: u64,
    /// The approximate time of the last measurement.
    #[serde(rename = "met")]
    last_seen: DateTime<Utc>,
}

/// A figure that a rule compares with its thresholds.
#[derive(Clone, Debug)]
pub(crate) struct Measurement<'a> {
    pub(crate) rule: AlertRule,
    pub(crate) subject: String,
    pub(crate) window: TimeWindow,
    /// The figure, in the unit of the thresholds: percent, tokens or dollars.
    pub(crate) value: f64,
    /// The thresholds, ascending. Zero is ignored.
    pub(crate) thresholds: &'a [u64],
    /// True if a threshold in percent may be notified again in the same window after a drop by [`REARM_MARGIN`].
    pub(crate) can_repeat: bool,
}

/// The recorded episodes at one time.
pub(crate) struct ThresholdTracker<'a> {
    episodes: &'a mut Vec<ThresholdEpisode>,
    now: DateTime<Utc>,
}

impl<'a> ThresholdTracker<'a> {
    pub(crate) fn new(episodes: &'a mut Vec<ThresholdEpisode>, now: DateTime<Utc>) -> Self {
        Self { episodes, now }
    }

    /// Records a measurement. Returns the highest threshold that it newly crossed, which then counts as notified.
    pub(crate) fn check_crossing(&mut self, measurement: &Measurement<'_>) -> Option<u64> {
        let reached = highest_reached(measurement.thresholds, measurement.value).unwrap_or(0);
        let known = self.find_episode(measurement);
        if known.is_none() && reached == 0 {
            return None;
        }
        let now = self.now;
        let index = known.unwrap_or_else(|| self.start_episode(measurement));
        let episode = &mut self.episodes[index];
        episode.touch(measurement.window, now);
        if measurement.can_repeat {
            let not_left = highest_reached(measurement.thresholds, measurement.value + REARM_MARGIN).unwrap_or(0);
            episode.notified = episode.notified.min(not_left);
        }
        let is_new = reached > episode.notified;
        episode.notified = episode.notified.max(reached);
        is_new.then_some(reached)
    }

    /// Records a measurement whose thresholds were already covered by another alert.
    pub(crate) fn mark_notified(&mut self, measurement: &Measurement<'_>) {
        let _covered = self.check_crossing(&Measurement { can_repeat: false, ..measurement.clone() });
    }

    /// Returns true if a threshold of the measurement's window was notified and not cleared since.
    pub(crate) fn is_notified(&self, measurement: &Measurement<'_>) -> bool {
        self.find_episode(measurement).is_some_and(|index| self.episodes[index].notified > 0)
    }

    /// Clears all thresholds of the measurement's window, so that each may be notified again.
    pub(crate) fn clear(&mut self, measurement: &Measurement<'_>) {
        if let Some(index) = self.find_episode(measurement) {
            self.episodes[index].notified = 0;
        }
    }

    fn find_episode(&self, measurement: &Measurement<'_>) -> Option<usize> {
        let matching = self.episodes.iter().enumerate().filter(|(_, episode)| episode.matches(measurement));
        let overlapping =
            matching.filter_map(|(index, episode)| Some((episode.window.overlap_with(&measurement.window)?, index)));
        overlapping.max().map(|(_, index)| index)
    }

    fn start_episode(&mut self, measurement: &Measurement<'_>) -> usize {
        let Measurement { rule, subject, window, .. } = measurement;
        self.limit_episodes(MAX_WINDOWS_PER_SUBJECT, |episode| episode.matches(measurement));
        self.limit_episodes(max_episodes(*rule), |episode| episode.rule == *rule);
        let (subject, last_seen) = (subject.clone(), self.now);
        self.episodes.push(ThresholdEpisode { rule: *rule, subject, window: *window, notified: 0, last_seen });
        self.episodes.len() - 1
    }

    /// Removes the oldest episode of a group if the group is full.
    fn limit_episodes(&mut self, max_count: usize, is_in_group: impl Fn(&ThresholdEpisode) -> bool) {
        let group = || self.episodes.iter().enumerate().filter(|(_, episode)| is_in_group(episode));
        if group().count() < max_count {
            return;
        }
        let oldest = group().min_by_key(|(_, episode)| episode.last_seen).map(|(index, _)| index);
        if let Some(oldest) = oldest {
            self.episodes.remove(oldest);
        }
    }
}

/// Returns the maximum number of episodes of a rule.
fn max_episodes(rule: AlertRule) -> usize {
    if rule == AlertRule::SessionCost { MAX_SESSION_EPISODES } else { MAX_EPISODES_PER_RULE }
}

impl ThresholdEpisode {
    /// Converts an episode of version 1, which counted session costs and burn rates in percent of a threshold that is no
    /// longer known: any threshold counts as notified. Version 1 had one burn rate, of tokens or of cost.
    pub(crate) fn upgrade_from_v1(self) -> Vec<Self> {
        let notified = if self.notified > 0 { u64::MAX } else { 0 };
        match self.rule {
            AlertRule::SessionCost => vec![Self { notified, ..self }],
            AlertRule::BurnRate => {
                BURN_RATE_SUBJECTS.map(|subject| Self { notified, subject: subject.to_owned(), ..self.clone() }).into()
            }
            AlertRule::Block
            | AlertRule::Forecast
            | AlertRule::Week
            | AlertRule::Reset
            | AlertRule::LimitReached
            | AlertRule::Budget
            | AlertRule::AgentWaiting
            | AlertRule::LogRetention
            | AlertRule::Summary => vec![self],
        }
    }

    fn matches(&self, measurement: &Measurement<'_>) -> bool {
        self.rule == measurement.rule && self.subject == measurement.subject
    }

    /// Records a measurement: the window's edges may have shifted.
    fn touch(&mut self, window: TimeWindow, now: DateTime<Utc>) {
        self.window.move_to(window, EDGE_PRECISION);
        if (now - self.last_seen).abs() > LAST_SEEN_PRECISION {
            self.last_seen = now;
        }
    }
}

fn highest_reached(thresholds: &[u64], value: f64) -> Option<u64> {
    thresholds.iter().copied().filter(|threshold| *threshold > 0 && value >= *threshold as f64).max()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const THRESHOLDS: [u64; 3] = [75, 90, 100];

    fn measurement(minute: i64, value: f64) -> Measurement<'static> {
        let start = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let (subject, window) = ("block".to_owned(), TimeWindow::new(start, start + TimeDelta::hours(5)));
        Measurement { rule: AlertRule::Block, subject, window, value, thresholds: &THRESHOLDS, can_repeat: true }
    }

    fn crossings(values: &[(i64, f64)]) -> Vec<Option<u64>> {
        let mut episodes = Vec::new();
        let mut tracker = ThresholdTracker::new(&mut episodes, DateTime::UNIX_EPOCH);
        values.iter().map(|(minute, value)| tracker.check_crossing(&measurement(*minute, *value))).collect()
    }

    #[rstest]
    #[case::once(&[(0, 74.9), (0, 75.0), (0, 76.0)], &[None, Some(75), None])]
    #[case::each_threshold(&[(0, 75.0), (0, 91.0), (0, 100.0)], &[Some(75), Some(90), Some(100)])]
    #[case::two_at_once_count_as_one(&[(0, 95.0), (0, 80.0), (0, 84.9), (0, 90.0)], &[Some(90), None, None, Some(90)])]
    #[case::oscillation(&[(0, 75.0), (0, 70.1), (0, 75.0), (0, 74.0), (0, 76.0)], &[Some(75), None, None, None, None])]
    #[case::refill(&[(0, 100.0), (0, 3.0), (0, 76.0)], &[Some(100), None, Some(75)])]
    #[case::drift(&[(0, 75.0), (10, 76.0), (-5, 76.0)], &[Some(75), None, None])]
    #[case::new_window(&[(0, 99.0), (300, 99.0)], &[Some(90), Some(90)])]
    #[case::return_to_the_previous_window(&[(0, 99.0), (300, 99.0), (0, 99.0)], &[Some(90), Some(90), None])]
    fn a_threshold_is_reported_once_per_window(#[case] values: &[(i64, f64)], #[case] expected: &[Option<u64>]) {
        assert_eq!(crossings(values), expected);
    }

    #[test]
    fn a_measurement_that_cannot_repeat_is_reported_once_per_window() {
        let mut episodes = Vec::new();
        let mut tracker = ThresholdTracker::new(&mut episodes, DateTime::UNIX_EPOCH);
        let mut check = |value| tracker.check_crossing(&Measurement { can_repeat: false, ..measurement(0, value) });
        assert_eq!([check(100.0), check(0.0), check(100.0)], [Some(100), None, None]);
    }

    #[test]
    fn the_number_of_episodes_is_limited() {
        let mut episodes = Vec::new();
        let mut tracker = ThresholdTracker::new(&mut episodes, DateTime::UNIX_EPOCH);
        for window in 0..1_000 {
            tracker.check_crossing(&measurement(window * 300, 99.0));
            tracker.check_crossing(&Measurement { subject: format!("week {window}"), ..measurement(0, 99.0) });
        }
        assert_eq!(episodes.len(), MAX_EPISODES_PER_RULE);
    }

    #[test]
    fn many_sessions_do_not_displace_the_episode_of_a_block() {
        let mut episodes = Vec::new();
        let mut tracker = ThresholdTracker::new(&mut episodes, DateTime::UNIX_EPOCH);
        tracker.check_crossing(&measurement(0, 99.0));
        for session in 0..1_000 {
            let (rule, subject, window) = (AlertRule::SessionCost, session.to_string(), TimeWindow::UNBOUNDED);
            tracker.check_crossing(&Measurement { rule, subject, window, ..measurement(0, 99.0) });
        }
        assert_eq!(tracker.check_crossing(&measurement(0, 99.0)), None, "it was already notified");
        assert_eq!(episodes.len(), MAX_SESSION_EPISODES + 1);
    }

    #[test]
    fn a_marked_threshold_is_not_reported_and_a_cleared_one_is() {
        let mut episodes = Vec::new();
        let mut tracker = ThresholdTracker::new(&mut episodes, DateTime::UNIX_EPOCH);
        tracker.mark_notified(&measurement(0, 100.0));
        assert_eq!(tracker.check_crossing(&measurement(0, 99.0)), None);
        tracker.clear(&measurement(0, 99.0));
        assert_eq!(tracker.check_crossing(&measurement(0, 99.0)), Some(90));
    }
}
