//! What is known from one step to the next: small, bounded, and stored with every alert.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::candidate::Finding;
use crate::alerts::rules::reset::Awaited;
use crate::alerts::sustained::Streak;
use crate::alerts::threshold_state::Episode;

/// The version this program writes. It goes up where the same words mean something else, and then [`AlertState::read`]
/// says what earlier ones meant by them; a later one is not understood, and then what holds is no news.
const VERSION: u32 = 2;

/// No pause is longer: until tomorrow, on the day the clocks go back.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(25);

/// What is known from one step to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertState {
    version: u32,
    /// Whether what held at the very first is noted.
    pub(crate) is_primed: bool,
    /// Until when alerts are paused.
    pub(crate) paused_until: Option<DateTime<Utc>>,
    /// What was said.
    pub(crate) episodes: Vec<Episode>,
    /// What has held for a while.
    pub(crate) streaks: Vec<Streak>,
    /// Windows whose reset is worth telling.
    pub(crate) awaited: Vec<Awaited>,
    /// What waits until it may be said.
    pub(crate) held: Vec<Finding>,
    /// What quiet hours kept back.
    pub(crate) kept: Vec<Finding>,
    /// When alerts were sent within the last hour.
    pub(crate) sent: Vec<DateTime<Utc>>,
}

impl Default for AlertState {
    fn default() -> Self {
        Self {
            version: VERSION,
            is_primed: false,
            paused_until: None,
            episodes: Vec::new(),
            streaks: Vec::new(),
            awaited: Vec::new(),
            held: Vec::new(),
            kept: Vec::new(),
            sent: Vec::new(),
        }
    }
}

impl AlertState {
    /// Reads one that was stored; none where it is of a later version, or damaged.
    pub fn read(json: &str) -> Option<Self> {
        let state: Self = serde_json::from_str(json).ok()?;
        match state.version {
            1 => Some(state.of_version_1()),
            VERSION => Some(state),
            _ => None,
        }
    }

    fn of_version_1(self) -> Self {
        let episodes = self.episodes.into_iter().flat_map(Episode::of_version_1).collect();
        Self { version: VERSION, episodes, ..self }
    }

    /// As it is stored.
    pub fn written(&self) -> String {
        serde_json::to_string(self).expect("plain strings, numbers and times are JSON")
    }

    /// The same, paused until an instant, or not any longer.
    #[must_use]
    pub fn paused(&self, until: Option<DateTime<Utc>>) -> Self {
        Self { paused_until: until, ..self.clone() }
    }

    /// Until when alerts are paused at an instant. A pause longer than any is one of a wrong clock.
    pub fn pause(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.paused_until.filter(|until| *until > now && *until - now <= LONGEST_PAUSE)
    }

    /// Nobody wants alerts: what waited is not said later.
    pub(crate) fn hush(&mut self) {
        self.held.clear();
        self.kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written_and_no_later_one() {
        let state = AlertState { is_primed: true, ..AlertState::default() };
        assert_eq!(AlertState::read(&state.written()), Some(state.clone()));
        let newer = AlertState { version: VERSION + 1, ..state };
        assert_eq!(
            [AlertState::read(&newer.written()), AlertState::read("{}"), AlertState::read("")],
            [None, None, None]
        );
    }
}
