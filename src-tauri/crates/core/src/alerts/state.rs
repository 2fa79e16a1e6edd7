//! The state kept between evaluations: small, bounded, and stored in one transaction with the alerts.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::candidate::AlertCandidate;
use crate::alerts::rules::reset::PendingReset;
use crate::alerts::sustained::Streak;
use crate::alerts::threshold_state::ThresholdEpisode;

/// The version of the stored state. It increases when the meaning of a field changes; [`AlertState::from_json`] then
/// converts earlier versions. A later version is ignored.
const VERSION: u32 = 2;

/// The longest possible pause: until tomorrow, on a day with 25 hours.
const MAX_PAUSE: TimeDelta = TimeDelta::hours(25);

/// The time after the first evaluation from which alerts are sent, even if the app was not opened.
const INTRODUCTION_PERIOD: TimeDelta = TimeDelta::hours(1);

/// The state kept between evaluations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertState {
    version: u32,
    /// True after the evaluations before the first contact, which recorded the conditions that held then.
    pub(crate) is_primed: bool,
    /// The time of the first evaluation; `None` in states of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_evaluated_at: Option<DateTime<Utc>>,
    /// True after the app was opened once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    was_opened: bool,
    /// The end of the pause, if alerts are paused.
    pub(crate) paused_until: Option<DateTime<Utc>>,
    /// The thresholds already notified, by window.
    pub(crate) episodes: Vec<ThresholdEpisode>,
    /// The conditions that currently hold, with their start times.
    pub(crate) streaks: Vec<Streak>,
    /// The nearly used-up windows whose reset will be reported.
    #[serde(rename = "awaited")]
    pub(crate) pending_resets: Vec<PendingReset>,
    /// The candidates waiting for the rate limit.
    #[serde(rename = "held")]
    pub(crate) queued: Vec<AlertCandidate>,
    /// The candidates suppressed by quiet hours, for the summary.
    #[serde(rename = "kept")]
    pub(crate) deferred: Vec<AlertCandidate>,
    /// The times at which alerts were sent within the last hour.
    #[serde(rename = "sent")]
    pub(crate) sent_at: Vec<DateTime<Utc>>,
}

impl Default for AlertState {
    fn default() -> Self {
        Self {
            version: VERSION,
            is_primed: false,
            first_evaluated_at: None,
            was_opened: false,
            paused_until: None,
            episodes: Vec::new(),
            streaks: Vec::new(),
            pending_resets: Vec::new(),
            queued: Vec::new(),
            deferred: Vec::new(),
            sent_at: Vec::new(),
        }
    }
}

impl AlertState {
    /// Parses a stored state. Returns `None` if it is damaged or of a later version.
    pub fn from_json(json: &str) -> Option<Self> {
        let state: Self = serde_json::from_str(json).ok()?;
        match state.version {
            1 => Some(state.upgrade_from_v1()),
            VERSION => Some(state),
            _ => None,
        }
    }

    fn upgrade_from_v1(self) -> Self {
        let episodes = self.episodes.into_iter().flat_map(ThresholdEpisode::upgrade_from_v1).collect();
        Self { version: VERSION, episodes, ..self }
    }

    /// Returns the state as JSON for the store.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain strings, numbers and times are JSON")
    }

    /// Returns a copy that is paused until a time, or not paused for `None`.
    #[must_use]
    pub fn with_pause(&self, until: Option<DateTime<Utc>>) -> Self {
        Self { paused_until: until, ..self.clone() }
    }

    /// Returns a copy with the note that the app was opened.
    #[must_use]
    pub fn with_app_opened(&self) -> Self {
        Self { was_opened: true, ..self.clone() }
    }

    /// Returns true after the app was opened once.
    pub fn was_app_opened(&self) -> bool {
        self.was_opened
    }

    /// Records an evaluation before alerts are sent. From now on they are if the app was opened, or [`INTRODUCTION_PERIOD`]
    /// after the first evaluation.
    pub(crate) fn prime(&mut self, now: DateTime<Utc>) {
        let first = *self.first_evaluated_at.get_or_insert(now);
        self.is_primed = self.was_opened || now - first >= INTRODUCTION_PERIOD;
    }

    /// Returns the end of the pause if alerts are paused now. A pause longer than [`MAX_PAUSE`] was set by a wrong clock
    /// and is ignored.
    pub fn active_pause(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.paused_until.filter(|until| *until > now && *until - now <= MAX_PAUSE)
    }

    /// Removes all queued and deferred candidates.
    pub(crate) fn discard_pending(&mut self) {
        self.queued.clear();
        self.deferred.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_restored_from_json_unless_its_version_is_newer() {
        let state = AlertState { is_primed: true, ..AlertState::default() };
        assert_eq!(AlertState::from_json(&state.to_json()), Some(state.clone()));
        let newer = AlertState { version: VERSION + 1, ..state };
        assert_eq!([&newer.to_json(), "{}", ""].map(AlertState::from_json), [None, None, None]);
    }
}
