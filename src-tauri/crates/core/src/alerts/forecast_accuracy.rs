//! Measures how often the alert “this block may run out” would have been correct.
//!
//! Past blocks are simulated minute by minute. An alert before the limit was reached is a true positive, an alert in a
//! block that stayed below the limit a false positive, and a block that reached the limit without an alert a false
//! negative. The alert is compared with the common alternative, a linear extrapolation of the current rate; both
//! conditions have to hold for the same time.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::alerts::rules::forecast::MIN_DURATION;
use crate::blocks::{Block, BlockPlacement, BlockPlacer};
use crate::ledger::{Bucket, BucketKey};
use crate::rates::backtest::progress_at;
use crate::rates::burn_rate::LOOKBACK_HOURS;
use crate::rates::forecast::{WindowProgress, exhaustion_time, project};
use crate::time::{MICROS_PER_MINUTE, Timestamp};

/// The outcomes of both alerts over the same blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlarmAccuracy {
    /// The outcomes of the forecast alert.
    pub forecast: AlarmOutcomes,
    /// The outcomes of the linear extrapolation.
    pub linear: AlarmOutcomes,
}

/// The number of correct and wrong alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlarmOutcomes {
    /// The number of alerts in blocks that reached the limit afterwards.
    pub true_positives: u64,
    /// The number of alerts in blocks that did not reach the limit.
    pub false_positives: u64,
    /// The number of blocks that reached the limit without an earlier alert.
    pub false_negatives: u64,
    lead_minutes: u64,
}

impl AlarmOutcomes {
    /// Returns the number of wrong decisions of both kinds.
    pub fn error_count(&self) -> u64 {
        self.false_positives + self.false_negatives
    }

    /// Returns the mean time between a correct alert and the limit, in minutes.
    pub fn mean_lead_minutes(&self) -> u64 {
        self.lead_minutes.checked_div(self.true_positives).unwrap_or_default()
    }

    fn record_block(&mut self, alarm: Option<Timestamp>, reached: Option<Timestamp>) {
        match (alarm, reached) {
            (Some(alarm), Some(reached)) => {
                self.true_positives += 1;
                self.lead_minutes += (reached.0 - alarm.0).unsigned_abs() / MICROS_PER_MINUTE.unsigned_abs();
            }
            (Some(_), None) => self.false_positives += 1,
            (None, Some(_)) => self.false_negatives += 1,
            (None, None) => {}
        }
    }
}

/// Simulates the blocks that are complete at `now`, with a limit in tokens.
pub fn measure_alarm_accuracy(
    buckets: &BTreeMap<BucketKey, Bucket>,
    placement: BlockPlacement,
    limit: u128,
    now: Timestamp,
) -> AlarmAccuracy {
    let mut blocks = BlockPlacer::new(placement, &[]);
    buckets.iter().for_each(|(key, bucket)| blocks.add_bucket(key, bucket));
    let mut accuracy = AlarmAccuracy::default();
    for block in blocks.finish().iter().filter(|block| block.is_complete(now)) {
        let minutes = progress_by_minute(buckets, block);
        let reached = minutes.iter().find(|progress| progress.used >= limit).map(|progress| progress.now);
        let forecast = first_alarm(&minutes, limit, |progress| forecast_exceeds_limit(progress, limit));
        let linear = first_alarm(&minutes, limit, |progress| linear_projection(progress) >= limit as f64);
        accuracy.forecast.record_block(forecast, reached);
        accuracy.linear.record_block(linear, reached);
    }
    accuracy
}

/// Returns the progress that was known at each minute of a block.
fn progress_by_minute(buckets: &BTreeMap<BucketKey, Bucket>, block: &Block) -> Vec<WindowProgress> {
    let (start, end) = (Timestamp::from(block.edges.start), Timestamp::from(block.edges.end));
    let from = BucketKey::first_in_slot(start.slot().hours_before(LOOKBACK_HOURS));
    let relevant: Vec<_> = buckets.range(from..BucketKey::first_in_slot(end.slot())).collect();
    let minutes = (start.0..end.0).step_by(MICROS_PER_MINUTE as usize);
    minutes.map(|now| progress_at(relevant.iter().copied(), block, Timestamp(now))).collect()
}

/// Returns the first minute before the limit was reached at which the condition had held for [`MIN_DURATION`].
fn first_alarm(minutes: &[WindowProgress], limit: u128, is_met: impl Fn(&WindowProgress) -> bool) -> Option<Timestamp> {
    let mut since = None;
    for progress in minutes.iter().take_while(|progress| progress.used < limit) {
        since = is_met(progress).then(|| since.unwrap_or(progress.now));
        let held_for = |since: Timestamp| TimeDelta::microseconds(progress.now.0 - since.0);
        if since.is_some_and(|since| held_for(since) >= MIN_DURATION) {
            return Some(progress.now);
        }
    }
    None
}

fn forecast_exceeds_limit(progress: &WindowProgress, limit: u128) -> bool {
    project(progress).is_some_and(|projection| projection.low >= limit) && exhaustion_time(progress, limit).is_some()
}

fn linear_projection(progress: &WindowProgress) -> f64 {
    progress.used as f64 + progress.rate * (progress.end.0 - progress.now.0) as f64 / MICROS_PER_MINUTE as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::Contribution;
    use crate::synthetic_usage::bursty_days;
    use crate::tokens::Usage;

    const START: i64 = 1_780_012_800_000_000;
    const LATER: Timestamp = Timestamp(START + 400 * 24 * 60 * MICROS_PER_MINUTE);

    fn buckets_of(messages: impl IntoIterator<Item = (i64, u64)>) -> BTreeMap<BucketKey, Bucket> {
        let mut buckets: BTreeMap<BucketKey, Bucket> = BTreeMap::new();
        for (offset, output) in messages {
            let when = Timestamp(START + offset);
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let usage = Usage { output, ..Usage::default() };
            buckets.entry(key).or_default().add(&Contribution::unpriced(key, when, usage));
        }
        buckets
    }

    fn every_minute(minutes: i64, tokens: u64) -> BTreeMap<BucketKey, Bucket> {
        buckets_of((0..minutes).map(|minute| (minute * MICROS_PER_MINUTE, tokens)))
    }

    #[test]
    fn on_bursty_days_the_forecast_is_wrong_less_often_than_linear_extrapolation() {
        let buckets = buckets_of(bursty_days());
        for limit in [8_000_000, 10_000_000, 12_000_000] {
            let AlarmAccuracy { forecast, linear } =
                measure_alarm_accuracy(&buckets, BlockPlacement::Estimate, limit, LATER);
            let reached = forecast.true_positives + forecast.false_negatives;
            assert!(reached > 5, "the limit of {limit} is reached several times: {forecast:?}");
            assert!(forecast.error_count() < linear.error_count(), "{limit}: {forecast:?} {linear:?}");
            assert!(forecast.false_positives < linear.false_positives, "{limit}: {forecast:?} {linear:?}");
        }
    }

    #[test]
    fn steady_usage_above_the_limit_is_reported_early() {
        let accuracy = measure_alarm_accuracy(&every_minute(300, 100), BlockPlacement::Estimate, 20_000, LATER);
        assert_eq!((accuracy.forecast.true_positives, accuracy.forecast.error_count()), (1, 0));
        assert!(accuracy.forecast.mean_lead_minutes() > 20, "{accuracy:?}");
    }

    #[test]
    fn half_an_hour_of_usage_is_not_reported() {
        let accuracy = measure_alarm_accuracy(&every_minute(30, 100), BlockPlacement::Estimate, 20_000, LATER);
        assert_eq!((accuracy.forecast, accuracy.linear.false_positives), (AlarmOutcomes::default(), 1));
    }
}
