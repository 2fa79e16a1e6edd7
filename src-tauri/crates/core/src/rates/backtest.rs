//! The backtest of the forecast: replays past blocks and compares the forecast at each fifth with the final usage.
//!
//! Two simpler forecasts are tested as well: the current rate and the average rate, each continued linearly. Only complete
//! blocks count. Memory contains the buckets of one block and of the hour before it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::blocks::block::{Block, BlockEdges};
use crate::blocks::placement::{BlockPlacement, BlockPlacer};
use crate::ledger::{Bucket, BucketKey};
use crate::rates::burn_rate::{BurnRates, LOOKBACK_HOURS};
use crate::rates::forecast::{Projection, WindowProgress, project};
use crate::time::timestamp::Timestamp;

/// The points in a block at which the forecast is tested, in percent.
pub const CHECKPOINT_PERCENTS: [u8; 4] = [20, 40, 60, 80];

/// The minimum number of messages of a tested block.
pub const MIN_BLOCK_MESSAGES: u64 = 10;

/// The error of a range that still counts as a hit, in percent of the final usage.
const RANGE_TOLERANCE_PERCENT: f64 = 2.0;

/// The result of a backtest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backtest {
    /// The number of tested blocks.
    pub blocks: u64,
    /// The errors at each checkpoint; checkpoints without a forecast in any block are left out. There is no forecast for a
    /// block in which nothing runs at that time.
    pub checkpoints: Vec<Checkpoint>,
}

/// The errors at one point of the blocks, in percent of a block's final tokens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// The point in the block, in percent.
    pub percent: u8,
    /// The number of blocks with a forecast.
    pub count: u64,
    /// The error of the middle of the forecast range.
    pub forecast: ForecastError,
    /// The error of the current rate continued linearly.
    pub plain: ForecastError,
    /// The error of the average rate continued linearly.
    pub average: ForecastError,
    /// The share of blocks whose final usage was within the range, with a tolerance of 2%; in percent.
    pub coverage: f64,
}

/// The errors of a forecast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForecastError {
    /// The mean absolute error.
    pub mean: f64,
    /// The largest absolute error.
    pub worst: f64,
}

/// Tests the forecast on buckets in order of time. Blocks that end after `now` are left out.
pub fn run_backtest(
    buckets: impl IntoIterator<Item = (BucketKey, Bucket)>,
    placement: BlockPlacement,
    known: &[BlockEdges],
    now: Timestamp,
) -> Backtest {
    let mut runner = BacktestRunner::new(placement, known);
    buckets.into_iter().for_each(|(key, bucket)| runner.add_bucket(key, bucket));
    runner.finish(now)
}

/// A running backtest that takes buckets one by one.
#[derive(Debug)]
pub struct BacktestRunner<'a> {
    placer: BlockPlacer<'a>,
    /// The buckets of the open block and of the hour before it.
    buckets: VecDeque<(BucketKey, Bucket)>,
    result: Backtest,
}

impl<'a> BacktestRunner<'a> {
    /// Creates a backtest without blocks.
    pub fn new(placement: BlockPlacement, known: &'a [BlockEdges]) -> Self {
        let checkpoints = CHECKPOINT_PERCENTS.map(|percent| Checkpoint { percent, ..Checkpoint::default() }).to_vec();
        let result = Backtest { blocks: 0, checkpoints };
        Self { placer: BlockPlacer::new(placement, known), buckets: VecDeque::new(), result }
    }

    /// Adds a bucket, which must not be in an earlier slot than the one before.
    pub fn add_bucket(&mut self, key: BucketKey, bucket: Bucket) {
        self.placer.add_bucket(&key, &bucket);
        for block in self.placer.take_closed() {
            self.score_block(&block);
            let first_needed = Timestamp::from(block.edges.end).slot().hours_before(LOOKBACK_HOURS);
            self.buckets.drain(..self.buckets.partition_point(|(key, _)| key.slot < first_needed));
        }
        self.buckets.push_back((key, bucket));
    }

    /// Returns the result. The last block counts if it ended by `now`.
    pub fn finish(mut self, now: Timestamp) -> Backtest {
        let blocks = std::mem::replace(&mut self.placer, BlockPlacer::new(BlockPlacement::Auto, &[]));
        for block in blocks.finish().iter().filter(|block| Timestamp::from(block.edges.end) <= now) {
            self.score_block(block);
        }
        self.result.checkpoints.retain(|checkpoint| checkpoint.count > 0);
        self.result.checkpoints.iter_mut().for_each(Checkpoint::finish_means);
        self.result
    }

    fn score_block(&mut self, block: &Block) {
        let final_tokens = block.sum.tokens.total();
        if block.sum.messages < MIN_BLOCK_MESSAGES || final_tokens == 0 {
            return;
        }
        self.result.blocks += 1;
        for at in 0..self.result.checkpoints.len() {
            let progress = self.progress_at_percent(block, self.result.checkpoints[at].percent);
            if let Some(projection) = project(&progress) {
                self.result.checkpoints[at].record_forecast(&progress, projection, final_tokens as f64);
            }
        }
    }

    /// Returns the progress of a block at a checkpoint.
    fn progress_at_percent(&self, block: &Block, percent: u8) -> WindowProgress {
        let (start, end) = (Timestamp::from(block.edges.start), Timestamp::from(block.edges.end));
        let now = Timestamp(start.0 + (end.0 - start.0) / 100 * i64::from(percent));
        progress_at(self.buckets.iter().map(|(key, bucket)| (key, bucket)), block, now)
    }
}

/// Returns the progress of a block at an instant, from the buckets of the block and of the hour before it.
pub(crate) fn progress_at<'a>(
    buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)> + Clone,
    block: &Block,
    now: Timestamp,
) -> WindowProgress {
    let (start, end) = (Timestamp::from(block.edges.start), Timestamp::from(block.edges.end));
    let from = now.slot().hours_before(LOOKBACK_HOURS);
    let recent = buckets.clone().filter(|(key, _)| key.slot >= from);
    let (used, messages) = usage_between(buckets, start, now);
    WindowProgress {
        start,
        end,
        now,
        used,
        rate: BurnRates::from_buckets(now, recent).exact_tokens_per_minute(),
        messages,
    }
}

/// Returns the tokens and the number of messages between two instants, each message as the mean of its bucket.
fn usage_between<'a>(
    buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)>,
    start: Timestamp,
    now: Timestamp,
) -> (u128, u64) {
    let within = buckets.filter(|(key, _)| key.slot.start() >= start);
    within.fold((0, 0), |(used, messages), (key, bucket)| {
        let known = bucket.offsets.partition_point(|mark| mark.to_timestamp(key.slot) <= now);
        let tokens = bucket.sum.tokens.total() * known as u128 / bucket.offsets.len().max(1) as u128;
        (used + tokens, messages + known as u64)
    })
}

impl Checkpoint {
    fn record_forecast(&mut self, progress: &WindowProgress, projection: Projection, final_tokens: f64) {
        let minutes = (progress.end.0 - progress.now.0) as f64 / 60e6;
        let error = |value: f64| (value - final_tokens) * 100.0 / final_tokens;
        self.count += 1;
        self.forecast.record_error(error(projection.middle as f64));
        self.plain.record_error(error(progress.used as f64 + progress.rate * minutes));
        self.average.record_error(error(projection.high as f64));
        let [low, high] = [projection.low, projection.high].map(|end| error(end as f64));
        let is_covered = low <= RANGE_TOLERANCE_PERCENT && high >= -RANGE_TOLERANCE_PERCENT;
        self.coverage += f64::from(u8::from(is_covered));
    }

    /// Divides the sums by the number of blocks.
    fn finish_means(&mut self) {
        let count = self.count as f64;
        for error in [&mut self.forecast, &mut self.plain, &mut self.average] {
            error.mean /= count;
        }
        self.coverage *= 100.0 / count;
    }
}

impl ForecastError {
    fn record_error(&mut self, percent: f64) {
        self.mean += percent.abs();
        self.worst = self.worst.max(percent.abs());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::Contribution;
    use crate::ledger::RecentBuckets;
    use crate::synthetic_usage::bursty_days;
    use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, Slot};
    use crate::tokens::Usage;

    /// Midnight of a day on which blocks start on ten-minute marks.
    const START: i64 = 1_780_012_800_000_000;
    const LATER: Timestamp = Timestamp(START + 400 * MICROS_PER_DAY);

    /// Builds the buckets of one session from times in microseconds since `START` and tokens.
    fn bucket_messages(messages: impl IntoIterator<Item = (i64, u64)>) -> BTreeMap<BucketKey, Bucket> {
        let mut buckets: BTreeMap<BucketKey, Bucket> = BTreeMap::new();
        for (since, output) in messages {
            let when = Timestamp(START + since);
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let usage = Usage { output, ..Usage::default() };
            buckets.entry(key).or_default().add(&Contribution::unpriced(key, when, usage));
        }
        buckets
    }

    /// Returns a message in every minute of a range of minutes.
    fn one_message_a_minute(from: i64, to: i64, tokens: u64) -> impl Iterator<Item = (i64, u64)> {
        (from..to).map(move |minute| (minute * MICROS_PER_MINUTE, tokens))
    }

    fn mean_error(found: &Backtest, miss: impl Fn(&Checkpoint) -> f64) -> f64 {
        let count: u64 = found.checkpoints.iter().map(|row| row.count).sum();
        found.checkpoints.iter().map(|row| miss(row) * row.count as f64).sum::<f64>() / count as f64
    }

    #[test]
    fn on_bursty_days_the_forecast_is_better_than_both_linear_ones() {
        let found = run_backtest(bucket_messages(bursty_days()), BlockPlacement::Estimate, &[], LATER);
        assert!(found.blocks > 50, "{found:#?}");
        let ours = mean_error(&found, |row| row.forecast.mean);
        assert!(ours < 0.8 * mean_error(&found, |row| row.plain.mean), "{found:#?}");
        assert!(ours < 0.8 * mean_error(&found, |row| row.average.mean), "{found:#?}");
        for row in &found.checkpoints {
            assert!(row.forecast.mean < row.plain.mean, "at each checkpoint: {row:?}");
            assert!(row.forecast.worst < row.plain.worst, "and at its worst: {row:?}");
        }
    }

    #[test]
    fn steady_usage_is_within_the_range() {
        let found =
            run_backtest(bucket_messages(one_message_a_minute(0, 300, 100)), BlockPlacement::Estimate, &[], LATER);
        assert_eq!((found.blocks, found.checkpoints.len()), (1, 4));
        assert!(found.checkpoints.iter().all(|row| row.coverage == 100.0), "{found:#?}");
        assert!(found.checkpoints.iter().all(|row| row.average.worst < 2.0), "{found:#?}");
    }

    #[test]
    fn the_errors_are_percentages_of_the_final_usage() {
        let found =
            run_backtest(bucket_messages(one_message_a_minute(0, 60, 100)), BlockPlacement::Estimate, &[], LATER);
        let [fifth] = found.checkpoints.as_slice() else { panic!("no forecast while nothing runs: {found:#?}") };
        assert_eq!(fifth.average, ForecastError { mean: 400.0, worst: 400.0 }, "30,000 instead of 6,000");
        assert_eq!(fifth.plain, ForecastError { mean: 320.0, worst: 320.0 }, "four messages in the last five minutes");
        assert_eq!((fifth.percent, fifth.coverage), (20, 0.0));
    }

    #[test]
    fn the_rate_equals_the_displayed_burn_rate() {
        let all = bucket_messages(bursty_days());
        let mut runner = BacktestRunner::new(BlockPlacement::Estimate, &[]);
        let mut recent = RecentBuckets::default();
        for (key, bucket) in &all {
            recent.update(*key, bucket);
            runner.add_bucket(*key, bucket.clone());
        }
        let blocks = std::mem::replace(&mut runner.placer, BlockPlacer::new(BlockPlacement::Auto, &[])).finish();
        let block = blocks.last().expect("one is open");
        let at_work = (0..100).map(|percent| runner.progress_at_percent(block, percent)).find(|found| found.rate > 0.0);
        let progress = at_work.expect("something runs at one of these times");
        assert_eq!(
            progress.rate.to_bits(),
            BurnRates::from_recent(progress.now, &recent).exact_tokens_per_minute().to_bits()
        );
    }

    #[test]
    fn the_buckets_of_the_hour_before_a_block_are_kept() {
        let messages = one_message_a_minute(0, 400, 100);
        let mut runner = BacktestRunner::new(BlockPlacement::Estimate, &[]);
        bucket_messages(messages).into_iter().for_each(|(key, bucket)| runner.add_bucket(key, bucket));
        let first = runner.buckets.front().map(|(key, _)| key.slot);
        assert_eq!(first, Some(Slot(Timestamp(START + 4 * MICROS_PER_HOUR).slot().0)), "earlier buckets are dropped");
    }

    #[test]
    fn active_blocks_and_blocks_with_few_messages_are_not_tested() {
        let messages = || one_message_a_minute(0, 9, 100).chain(one_message_a_minute(600, 700, 100));
        let at = |hours| {
            run_backtest(
                bucket_messages(messages()),
                BlockPlacement::Estimate,
                &[],
                Timestamp(START + hours * MICROS_PER_HOUR),
            )
        };
        assert_eq!(at(14), Backtest::default());
        assert_eq!(at(15).blocks, 1, "the second block is complete");
    }

    #[test]
    fn the_short_block_of_the_utc_grid_has_its_own_checkpoints() {
        let found =
            run_backtest(bucket_messages(one_message_a_minute(20 * 60, 24 * 60, 100)), BlockPlacement::Utc, &[], LATER);
        assert!(found.checkpoints.iter().all(|row| row.average.worst < 3.0), "{found:#?}");
    }

    #[test]
    fn the_json_has_the_documented_field_names() {
        let found =
            run_backtest(bucket_messages(one_message_a_minute(0, 300, 100)), BlockPlacement::Estimate, &[], LATER);
        let printed = serde_json::to_value(&found.checkpoints[0]).expect("is JSON");
        let keys: Vec<&str> = printed.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["average", "count", "coverage", "forecast", "percent", "plain"]);
    }
}
