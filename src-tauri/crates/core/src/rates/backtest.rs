//! How good the forecast was: past blocks are gone through again, and what would have been said at each fifth of
//! them is held against how they ended.
//!
//! Beside it stand the two forecasts others make: the rate of now carried on as it is, and the average so far
//! carried on. Only blocks that are over count. In memory are the buckets of one block and of the hour before it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::blocks::block::{Anchor, Block, Blocks, Edges};
use crate::ledger::bucket::{Bucket, BucketKey};
use crate::rates::burn_rate::{Burn, REACH_HOURS};
use crate::rates::forecast::{Course, Projection, project};
use crate::time::timestamp::Timestamp;

/// Where in a block it is asked, in hundredths.
const CHECKPOINTS: [u8; 4] = [20, 40, 60, 80];

/// A block of fewer messages is no test.
const LEAST_MESSAGES: u64 = 10;

/// A range that misses by less than this, in hundredths of the end, is as good as one that holds it.
const TOLERANCE: f64 = 2.0;

/// How good the forecast was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backtest {
    /// Blocks gone through.
    pub blocks: u64,
    /// By how far into its block it was asked; left out where nothing could be said in any block.
    pub checkpoints: Vec<Checkpoint>,
}

/// How good it was so far into a block. All errors are in percent of the block's final tokens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// How far, in percent.
    pub percent: u8,
    /// Blocks in which something was said.
    pub count: u64,
    /// The middle of our range.
    pub forecast: Miss,
    /// The rate of now carried on, uncapped.
    pub plain: Miss,
    /// The average so far carried on.
    pub average: Miss,
    /// How often the final value lay in our range, give or take two percent of it; in percent.
    pub coverage: f64,
}

/// How far a forecast was off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Miss {
    /// On average.
    pub mean: f64,
    /// At its worst.
    pub worst: f64,
}

/// Goes through buckets that come in order of time. `now` tells which blocks are over.
pub fn backtest(
    buckets: impl IntoIterator<Item = (BucketKey, Bucket)>,
    anchor: Anchor,
    known: &[Edges],
    now: Timestamp,
) -> Backtest {
    let mut replay = Replay::new(anchor, known);
    buckets.into_iter().for_each(|(key, bucket)| replay.add(key, bucket));
    replay.finish(now)
}

/// A [`backtest`] under way, for buckets that come one by one.
#[derive(Debug)]
pub struct Replay<'a> {
    blocks: Blocks<'a>,
    /// Those of the open block, and of the hour before it.
    buckets: VecDeque<(BucketKey, Bucket)>,
    found: Backtest,
}

impl<'a> Replay<'a> {
    /// Nothing gone through yet.
    pub fn new(anchor: Anchor, known: &'a [Edges]) -> Self {
        let checkpoints = CHECKPOINTS.map(|percent| Checkpoint { percent, ..Checkpoint::default() }).to_vec();
        let found = Backtest { blocks: 0, checkpoints };
        Self { blocks: Blocks::new(anchor, known), buckets: VecDeque::new(), found }
    }

    /// Goes on by a bucket; none may follow that lies in an earlier slot.
    pub fn add(&mut self, key: BucketKey, bucket: Bucket) {
        self.blocks.add(&key, &bucket);
        for block in self.blocks.take_closed() {
            self.judge(&block);
            let enough = Timestamp::from(block.edges.end).slot().hours_before(REACH_HOURS);
            self.buckets.drain(..self.buckets.partition_point(|(key, _)| key.slot < enough));
        }
        self.buckets.push_back((key, bucket));
    }

    /// What was found. The last block counts if it is over by now.
    pub fn finish(mut self, now: Timestamp) -> Backtest {
        let blocks = std::mem::replace(&mut self.blocks, Blocks::new(Anchor::Auto, &[]));
        for block in blocks.finish().iter().filter(|block| Timestamp::from(block.edges.end) <= now) {
            self.judge(block);
        }
        self.found.checkpoints.retain(|checkpoint| checkpoint.count > 0);
        self.found.checkpoints.iter_mut().for_each(Checkpoint::settle);
        self.found
    }

    fn judge(&mut self, block: &Block) {
        let ended = block.sum.tokens.total();
        if block.sum.messages < LEAST_MESSAGES || ended == 0 {
            return;
        }
        self.found.blocks += 1;
        for at in 0..self.found.checkpoints.len() {
            let course = self.course(block, self.found.checkpoints[at].percent);
            if let Some(projection) = project(&course) {
                self.found.checkpoints[at].score(&course, projection, ended as f64);
            }
        }
    }

    /// What was known of a block at a checkpoint.
    fn course(&self, block: &Block, percent: u8) -> Course {
        let (start, end) = (Timestamp::from(block.edges.start), Timestamp::from(block.edges.end));
        let now = Timestamp(start.0 + (end.0 - start.0) / 100 * i64::from(percent));
        course(self.buckets.iter().map(|(key, bucket)| (key, bucket)), block, now)
    }
}

/// What was known of a block at an instant, by its buckets and those of the hour before it.
pub(crate) fn course<'a>(
    buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)> + Clone,
    block: &Block,
    now: Timestamp,
) -> Course {
    let (start, end) = (Timestamp::from(block.edges.start), Timestamp::from(block.edges.end));
    let from = now.slot().hours_before(REACH_HOURS);
    let lately = buckets.clone().filter(|(key, _)| key.slot >= from);
    let (used, messages) = known(buckets, start, now);
    Course { start, end, now, used, rate: Burn::over(now, lately).exact(), messages }
}

/// What was used between two instants, each message taken as its bucket's mean, and by how many messages.
fn known<'a>(
    buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)>,
    start: Timestamp,
    now: Timestamp,
) -> (u128, u64) {
    let within = buckets.filter(|(key, _)| key.slot.start() >= start);
    within.fold((0, 0), |(used, messages), (key, bucket)| {
        let known = bucket.marks.partition_point(|mark| mark.in_slot(key.slot) <= now);
        let share = bucket.sum.tokens.total() * known as u128 / bucket.marks.len().max(1) as u128;
        (used + share, messages + known as u64)
    })
}

impl Checkpoint {
    fn score(&mut self, course: &Course, projection: Projection, ended: f64) {
        let minutes = (course.end.0 - course.now.0) as f64 / 60e6;
        let off = |value: f64| (value - ended) * 100.0 / ended;
        self.count += 1;
        self.forecast.note(off(projection.middle as f64));
        self.plain.note(off(course.used as f64 + course.rate * minutes));
        self.average.note(off(projection.high as f64));
        let held = off(projection.low as f64) <= TOLERANCE && off(projection.high as f64) >= -TOLERANCE;
        self.coverage += f64::from(u8::from(held));
    }

    /// Turns sums into means.
    fn settle(&mut self) {
        let count = self.count as f64;
        for miss in [&mut self.forecast, &mut self.plain, &mut self.average] {
            miss.mean /= count;
        }
        self.coverage *= 100.0 / count;
    }
}

impl Miss {
    fn note(&mut self, off: f64) {
        self.mean += off.abs();
        self.worst = self.worst.max(off.abs());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::bursts::bursty_days;
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::Recent;
    use crate::ledger::message::Share;
    use crate::time::Slot;
    use crate::tokens::Usage;

    const MINUTE: i64 = 60_000_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    /// Midnight of a day on which blocks start on ten-minute marks.
    const START: i64 = 1_780_012_800_000_000;
    const LATER: Timestamp = Timestamp(START + 400 * DAY);

    /// Buckets of one session, from instants since the start and tokens.
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

    /// A message each minute from one minute to another.
    fn each_minute(from: i64, to: i64, tokens: u64) -> impl Iterator<Item = (i64, u64)> {
        (from..to).map(move |minute| (minute * MINUTE, tokens))
    }

    fn mean(found: &Backtest, miss: impl Fn(&Checkpoint) -> f64) -> f64 {
        let count: u64 = found.checkpoints.iter().map(|row| row.count).sum();
        found.checkpoints.iter().map(|row| miss(row) * row.count as f64).sum::<f64>() / count as f64
    }

    #[test]
    fn on_bursty_days_the_forecast_misses_by_less_than_either_plain_one() {
        let found = backtest(buckets(bursty_days()), Anchor::Estimate, &[], LATER);
        assert!(found.blocks > 50, "{found:#?}");
        let ours = mean(&found, |row| row.forecast.mean);
        assert!(ours < 0.8 * mean(&found, |row| row.plain.mean), "{found:#?}");
        assert!(ours < 0.8 * mean(&found, |row| row.average.mean), "{found:#?}");
        for row in &found.checkpoints {
            assert!(row.forecast.mean < row.plain.mean, "at each checkpoint: {row:?}");
            assert!(row.forecast.worst < row.plain.worst, "and at its worst: {row:?}");
        }
    }

    #[test]
    fn steady_use_lies_in_the_range() {
        let found = backtest(buckets(each_minute(0, 300, 100)), Anchor::Estimate, &[], LATER);
        assert_eq!((found.blocks, found.checkpoints.len()), (1, 4));
        assert!(found.checkpoints.iter().all(|row| row.coverage == 100.0), "{found:#?}");
        assert!(found.checkpoints.iter().all(|row| row.average.worst < 2.0), "{found:#?}");
    }

    #[test]
    fn the_errors_are_percents_of_the_end() {
        let found = backtest(buckets(each_minute(0, 60, 100)), Anchor::Estimate, &[], LATER);
        let [fifth, .., last] = found.checkpoints.as_slice() else { panic!("{found:#?}") };
        assert_eq!(fifth.average, Miss { mean: 400.0, worst: 400.0 }, "30,000 where 6,000 it was");
        assert_eq!((fifth.coverage, last.coverage), (0.0, 100.0), "after three hours of silence it is known");
        assert!(last.plain.worst < 0.1 && last.forecast.worst < 0.1, "{last:?}");
    }

    #[test]
    fn the_rate_is_the_one_that_was_shown() {
        let all = buckets(bursty_days());
        let mut replay = Replay::new(Anchor::Estimate, &[]);
        let mut recent = Recent::default();
        for (key, bucket) in &all {
            recent.put(*key, bucket);
            replay.add(*key, bucket.clone());
        }
        let blocks = std::mem::replace(&mut replay.blocks, Blocks::new(Anchor::Auto, &[])).finish();
        let block = blocks.last().expect("one is open");
        let course = replay.course(block, 60);
        assert!(course.rate > 0.0);
        assert_eq!(course.rate.to_bits(), Burn::at(course.now, &recent).exact().to_bits());
    }

    #[test]
    fn the_hour_before_a_block_counts_towards_its_first_rate() {
        let messages = each_minute(0, 400, 100);
        let mut replay = Replay::new(Anchor::Estimate, &[]);
        buckets(messages).into_iter().for_each(|(key, bucket)| replay.add(key, bucket));
        let first = replay.buckets.front().map(|(key, _)| key.slot);
        assert_eq!(first, Some(Slot(Timestamp(START + 4 * HOUR).slot().0)), "and nothing before it is kept");
    }

    #[test]
    fn a_block_under_way_or_of_a_few_messages_is_no_test() {
        let messages = || each_minute(0, 9, 100).chain(each_minute(600, 700, 100));
        let at = |hours| backtest(buckets(messages()), Anchor::Estimate, &[], Timestamp(START + hours * HOUR));
        assert_eq!(at(14), Backtest::default());
        assert_eq!(at(15).blocks, 1, "by then the second is over");
    }

    #[test]
    fn the_short_block_of_the_grid_is_asked_at_its_own_fifths() {
        let found = backtest(buckets(each_minute(20 * 60, 24 * 60, 100)), Anchor::Utc, &[], LATER);
        assert!(found.checkpoints.iter().all(|row| row.average.worst < 3.0), "{found:#?}");
    }

    #[test]
    fn it_is_printed_under_public_names() {
        let found = backtest(buckets(each_minute(0, 300, 100)), Anchor::Estimate, &[], LATER);
        let printed = serde_json::to_value(&found.checkpoints[0]).expect("is JSON");
        let keys: Vec<&str> = printed.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["average", "count", "coverage", "forecast", "percent", "plain"]);
    }
}
