//! How often the alert “this block may run out” would have been right.
//!
//! Past blocks are gone through minute by minute. An alarm before the limit was reached is right, one in a block that
//! stayed below it is false, and a block that reached it without one was missed. Beside ours stands the alarm others
//! make: the rate of now carried on as it is. Both have to hold for as long.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::alerts::rules::forecast::HELD;
use crate::blocks::block::{Anchor, Block, Blocks};
use crate::ledger::bucket::{Bucket, BucketKey};
use crate::rates::backtest::course;
use crate::rates::burn_rate::REACH_HOURS;
use crate::rates::forecast::{Course, project, runs_out};
use crate::time::timestamp::Timestamp;

const MINUTE: i64 = 60_000_000;

/// How often both alarms would have been right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    /// As it is decided here.
    pub capped: Hits,
    /// With the rate of now carried on.
    pub plain: Hits,
}

/// How often one was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Alarms in blocks that reached the limit afterwards.
    pub rightly: u64,
    /// Alarms in blocks that did not.
    pub falsely: u64,
    /// Blocks that reached it without an alarm before.
    pub missed: u64,
    ahead: u64,
}

impl Hits {
    /// How often it was wrong, either way.
    pub fn wrong(&self) -> u64 {
        self.falsely + self.missed
    }

    /// How many minutes ahead the right ones came, on average.
    pub fn lead(&self) -> u64 {
        self.ahead.checked_div(self.rightly).unwrap_or_default()
    }

    fn note(&mut self, alarm: Option<Timestamp>, reached: Option<Timestamp>) {
        match (alarm, reached) {
            (Some(alarm), Some(reached)) => {
                self.rightly += 1;
                self.ahead += (reached.0 - alarm.0).unsigned_abs() / MINUTE.unsigned_abs();
            }
            (Some(_), None) => self.falsely += 1,
            (None, Some(_)) => self.missed += 1,
            (None, None) => {}
        }
    }
}

/// Goes through the blocks that are over at `now`, with a limit in tokens.
pub fn alarms(buckets: &BTreeMap<BucketKey, Bucket>, anchor: Anchor, limit: u128, now: Timestamp) -> Alarms {
    let mut blocks = Blocks::new(anchor, &[]);
    buckets.iter().for_each(|(key, bucket)| blocks.add(key, bucket));
    let mut found = Alarms::default();
    for block in blocks.finish().iter().filter(|block| block.is_complete(now)) {
        let courses = courses(buckets, block);
        let reached = courses.iter().find(|course| course.used >= limit).map(|course| course.now);
        found.capped.note(first_alarm(&courses, limit, |course| runs_out_for_sure(course, limit)), reached);
        found.plain.note(first_alarm(&courses, limit, |course| carried_on(course) >= limit as f64), reached);
    }
    found
}

/// What was known at each minute of a block.
fn courses(buckets: &BTreeMap<BucketKey, Bucket>, block: &Block) -> Vec<Course> {
    let (start, end) = (Timestamp::from(block.edges.start), Timestamp::from(block.edges.end));
    let from = BucketKey::first_of(start.slot().hours_before(REACH_HOURS));
    let lately: Vec<_> = buckets.range(from..BucketKey::first_of(end.slot())).collect();
    let minutes = (start.0..end.0).step_by(MINUTE as usize);
    minutes.map(|now| course(lately.iter().copied(), block, Timestamp(now))).collect()
}

/// The first minute, with the limit not reached yet, by which the alarm's reason had held long enough.
fn first_alarm(courses: &[Course], limit: u128, is_due: impl Fn(&Course) -> bool) -> Option<Timestamp> {
    let mut since = None;
    let below = courses.iter().take_while(|course| course.used < limit);
    for course in below {
        since = is_due(course).then(|| since.unwrap_or(course.now));
        if since.is_some_and(|since: Timestamp| TimeDelta::microseconds(course.now.0 - since.0) >= HELD) {
            return Some(course.now);
        }
    }
    None
}

fn runs_out_for_sure(course: &Course, limit: u128) -> bool {
    project(course).is_some_and(|found| found.low >= limit) && runs_out(course, limit).is_some()
}

fn carried_on(course: &Course) -> f64 {
    course.used as f64 + course.rate * (course.end.0 - course.now.0) as f64 / MINUTE as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bursts::bursty_days;
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::message::Share;
    use crate::tokens::Usage;

    const START: i64 = 1_780_012_800_000_000;
    const LATER: Timestamp = Timestamp(START + 400 * 24 * 60 * MINUTE);

    fn buckets(messages: impl IntoIterator<Item = (i64, u64)>) -> BTreeMap<BucketKey, Bucket> {
        let mut buckets: BTreeMap<BucketKey, Bucket> = BTreeMap::new();
        for (since, output) in messages {
            let when = Timestamp(START + since);
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let usage = Usage { output, ..Usage::default() };
            buckets.entry(key).or_default().add(&Share::made_up(key, when, usage));
        }
        buckets
    }

    fn each_minute(minutes: i64, tokens: u64) -> BTreeMap<BucketKey, Bucket> {
        buckets((0..minutes).map(|minute| (minute * MINUTE, tokens)))
    }

    #[test]
    fn on_bursty_days_ours_is_wrong_less_often_than_the_rate_carried_on() {
        let buckets = buckets(bursty_days());
        for limit in [8_000_000, 10_000_000, 12_000_000] {
            let found = alarms(&buckets, Anchor::Estimate, limit, LATER);
            assert!(
                found.capped.rightly + found.capped.missed > 5,
                "the limit of {limit} is reached at times: {found:?}"
            );
            assert!(found.capped.wrong() < found.plain.wrong(), "{limit}: {found:?}");
            assert!(found.capped.falsely < found.plain.falsely, "{limit}: {found:?}");
        }
    }

    #[test]
    fn steady_use_over_the_limit_is_told_long_before() {
        let found = alarms(&each_minute(300, 100), Anchor::Estimate, 20_000, LATER);
        assert_eq!((found.capped.rightly, found.capped.wrong()), (1, 0));
        assert!(found.capped.lead() > 20, "{found:?}");
    }

    #[test]
    fn half_an_hour_alarms_nobody() {
        let found = alarms(&each_minute(30, 100), Anchor::Estimate, 20_000, LATER);
        assert_eq!((found.capped, found.plain.falsely), (Hits::default(), 1));
    }
}
