//! For how long something has held without a break.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::AlertRule;

/// A longer silence, asleep or without figures, ends a streak: nobody knows what was so meanwhile.
const LONGEST_GAP: TimeDelta = TimeDelta::seconds(150);

/// How exactly its last instant is noted; it is stored, and disks need not hear of every second.
const COARSE: TimeDelta = TimeDelta::seconds(60);

/// Something that has held since an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Streak {
    rule: AlertRule,
    /// What of the rule; earlier versions knew one of each.
    #[serde(default)]
    subject: String,
    since: DateTime<Utc>,
    last: DateTime<Utc>,
}

/// Notes whether what a rule waits for holds now, and says for how long where it does.
pub(crate) fn follow(
    streaks: &mut Vec<Streak>,
    rule: AlertRule,
    subject: &str,
    holds: bool,
    now: DateTime<Utc>,
) -> Option<TimeDelta> {
    streaks.retain(|one| !one.is_broken(now));
    let known = streaks.iter().position(|one| one.rule == rule && one.subject == subject);
    match (holds, known) {
        (true, Some(known)) => Some(streaks[known].go_on(now)),
        (true, None) => {
            streaks.push(Streak { rule, subject: subject.to_owned(), since: now, last: now });
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
    /// Whether nobody knows what was so meanwhile: asleep, without figures, or by another clock.
    fn is_broken(&self, now: DateTime<Utc>) -> bool {
        let passed = now - self.last;
        passed > LONGEST_GAP || passed < TimeDelta::zero()
    }

    fn go_on(&mut self, now: DateTime<Utc>) -> TimeDelta {
        if now - self.last >= COARSE {
            self.last = now;
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

    /// How many seconds it has held, at each of these.
    fn held(seconds: &[i64]) -> Vec<i64> {
        let mut streaks = Vec::new();
        let mut follow = |second: &i64| follow(&mut streaks, AlertRule::BurnRate, "rate", true, at(*second));
        seconds.iter().map(|second| follow(second).expect("it holds").num_seconds()).collect()
    }

    #[test]
    fn a_streak_is_as_long_as_nobody_breaks_it() {
        assert_eq!(held(&[0, 1, 59, 60, 61, 180]), [0, 1, 59, 60, 61, 180]);
        assert_eq!(held(&[0, 60, 8 * 3600, 8 * 3600 + 60]), [0, 60, 0, 60], "asleep, nobody knows");
        assert_eq!(held(&[3600, 0, 60]), [0, 0, 60], "the clock was put back");
    }

    #[test]
    fn each_has_its_own_and_one_that_ended_begins_anew() {
        let mut streaks = Vec::new();
        let mut tokens = |holds, second| follow(&mut streaks, AlertRule::BurnRate, "tokens", holds, at(second));
        assert_eq!(tokens(true, 0), Some(TimeDelta::zero()));
        assert_eq!(tokens(false, 60), None);
        assert_eq!(tokens(true, 120), Some(TimeDelta::zero()));
        let cost = follow(&mut streaks, AlertRule::BurnRate, "cost", true, at(180));
        assert_eq!(cost, Some(TimeDelta::zero()), "what holds for tokens holds for tokens alone");
        assert_eq!(streaks.len(), 2);
        follow(&mut streaks, AlertRule::Forecast, "block", true, at(1000));
        assert_eq!(streaks.len(), 1, "what nobody follows any more is forgotten");
    }
}
