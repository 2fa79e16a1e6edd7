//! Measures for how long a condition has held without interruption.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::AlertRule;

/// The maximum time between two evaluations of a streak. After a longer gap, during sleep or without figures, the
/// condition may have changed in between, so the streak ends.
const MAX_GAP: TimeDelta = TimeDelta::seconds(150);

/// The minimum advance of the stored last time, so that the state is not written every second.
const LAST_SEEN_PRECISION: TimeDelta = TimeDelta::seconds(60);

/// A condition that has held since a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Streak {
    rule: AlertRule,
    /// The subject within the rule; empty in states of version 1, which had one streak per rule.
    #[serde(default)]
    subject: String,
    since: DateTime<Utc>,
    #[serde(rename = "last")]
    last_seen: DateTime<Utc>,
}

/// Removes the streaks that were interrupted. Every evaluation calls this once, also when it has no figures to check, so
/// that a clock that is set back cannot continue a streak from before a gap.
pub(crate) fn remove_interrupted_streaks(streaks: &mut Vec<Streak>, now: DateTime<Utc>) {
    streaks.retain(|streak| !streak.is_interrupted(now));
}

/// Updates the streak of a condition and returns its length, or `None` if the condition does not hold now.
pub(crate) fn update_streak(
    streaks: &mut Vec<Streak>,
    rule: AlertRule,
    subject: &str,
    is_met: bool,
    now: DateTime<Utc>,
) -> Option<TimeDelta> {
    let known = streaks.iter().position(|streak| streak.rule == rule && streak.subject == subject);
    match (is_met, known) {
        (true, Some(known)) => Some(streaks[known].extend_to(now)),
        (true, None) => {
            streaks.push(Streak { rule, subject: subject.to_owned(), since: now, last_seen: now });
            Some(TimeDelta::zero())
        }
        (false, Some(known)) => {
            streaks.remove(known);
            None
        }
        (false, None) => None,
    }
}

impl Streak {
    /// Returns true after a gap in the evaluations and after the clock was set back.
    fn is_interrupted(&self, now: DateTime<Utc>) -> bool {
        let passed = now - self.last_seen;
        passed > MAX_GAP || passed < TimeDelta::zero()
    }

    fn extend_to(&mut self, now: DateTime<Utc>) -> TimeDelta {
        if now - self.last_seen >= LAST_SEEN_PRECISION {
            self.last_seen = now;
        }
        now - self.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    /// Returns the length of a streak in seconds after each evaluation.
    fn lengths(seconds: &[i64]) -> Vec<i64> {
        let mut streaks = Vec::new();
        let mut update = |second: &i64| {
            remove_interrupted_streaks(&mut streaks, at(*second));
            update_streak(&mut streaks, AlertRule::BurnRate, "rate", true, at(*second))
        };
        seconds.iter().map(|second| update(second).expect("the condition holds").num_seconds()).collect()
    }

    #[test]
    fn a_streak_grows_until_a_gap() {
        assert_eq!(lengths(&[0, 1, 59, 60, 61, 180]), [0, 1, 59, 60, 61, 180]);
        assert_eq!(lengths(&[0, 60, 8 * 3600, 8 * 3600 + 60]), [0, 60, 0, 60], "the computer slept");
        assert_eq!(lengths(&[3600, 0, 60]), [0, 0, 60], "the clock was set back");
    }

    #[test]
    fn subjects_have_separate_streaks_and_an_ended_one_restarts_at_zero() {
        let mut streaks = Vec::new();
        let mut tokens =
            |is_met, second| update_streak(&mut streaks, AlertRule::BurnRate, "tokens", is_met, at(second));
        assert_eq!(tokens(true, 0), Some(TimeDelta::zero()));
        assert_eq!(tokens(false, 60), None);
        assert_eq!(tokens(true, 120), Some(TimeDelta::zero()));
        let cost = update_streak(&mut streaks, AlertRule::BurnRate, "cost", true, at(180));
        assert_eq!(cost, Some(TimeDelta::zero()), "the streak of tokens does not count for cost");
        assert_eq!(streaks.len(), 2);
        remove_interrupted_streaks(&mut streaks, at(1000));
        assert_eq!(streaks.len(), 0, "streaks without updates are removed");
    }
}
