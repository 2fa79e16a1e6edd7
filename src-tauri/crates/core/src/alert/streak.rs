//! For how long something has held without a break.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::figures::AlertRule;

/// A longer silence, asleep or without figures, ends a streak: nobody knows what was so meanwhile.
const LONGEST_GAP: TimeDelta = TimeDelta::seconds(150);

/// How exactly its last instant is noted; it is stored, and disks need not hear of every second.
const COARSE: TimeDelta = TimeDelta::seconds(60);

/// Something that has held since an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Streak {
    rule: AlertRule,
    since: DateTime<Utc>,
    last: DateTime<Utc>,
}

/// Notes that what a rule waits for holds, and says for how long by now.
pub(super) fn holds(streaks: &mut Vec<Streak>, rule: AlertRule, now: DateTime<Utc>) -> TimeDelta {
    match streaks.iter_mut().find(|one| one.rule == rule) {
        Some(streak) => streak.go_on(now),
        None => {
            streaks.push(Streak { rule, since: now, last: now });
            TimeDelta::zero()
        }
    }
}

/// Notes that it does not hold.
pub(super) fn ends(streaks: &mut Vec<Streak>, rule: AlertRule) {
    streaks.retain(|one| one.rule != rule);
}

impl Streak {
    fn go_on(&mut self, now: DateTime<Utc>) -> TimeDelta {
        let passed = now - self.last;
        if passed > LONGEST_GAP || passed < TimeDelta::zero() {
            (self.since, self.last) = (now, now);
        } else if passed >= COARSE {
            self.last = now;
        }
        now - self.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many seconds it has held, at each of these.
    fn held(seconds: &[i64]) -> Vec<i64> {
        let mut streaks = Vec::new();
        let at = |second: &i64| DateTime::UNIX_EPOCH + TimeDelta::seconds(*second);
        seconds.iter().map(|second| holds(&mut streaks, AlertRule::BurnRate, at(second)).num_seconds()).collect()
    }

    #[test]
    fn a_streak_is_as_long_as_nobody_breaks_it() {
        assert_eq!(held(&[0, 1, 59, 60, 61, 180]), [0, 1, 59, 60, 61, 180]);
        assert_eq!(held(&[0, 60, 8 * 3600, 8 * 3600 + 60]), [0, 60, 0, 60], "asleep, nobody knows");
        assert_eq!(held(&[3600, 0, 60]), [0, 0, 60], "the clock was put back");
    }

    #[test]
    fn one_that_ended_begins_anew() {
        let (mut streaks, now) = (Vec::new(), DateTime::UNIX_EPOCH);
        holds(&mut streaks, AlertRule::BurnRate, now);
        ends(&mut streaks, AlertRule::BurnRate);
        assert_eq!(holds(&mut streaks, AlertRule::BurnRate, now + TimeDelta::minutes(1)), TimeDelta::zero());
    }
}
