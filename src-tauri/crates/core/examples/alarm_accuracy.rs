#![expect(clippy::print_stdout, reason = "a program that prints measurements")]
//! Measures how often the forecast alert of a block would have been correct on a month of generated days, with the
//! forecast of this crate and with a linear projection of the current rate.

use std::collections::BTreeMap;

use token_monitor_core::alerts::{AlarmOutcomes, measure_alarm_accuracy};
use token_monitor_core::blocks::{BlockPlacement, BlockPlacer, BlockTotals, LimitRule};
use token_monitor_core::interner::{ModelId, SessionId};
use token_monitor_core::ledger::{Bucket, BucketKey, Contribution, SlotOffset};
use token_monitor_core::money::Cost;
use token_monitor_core::synthetic_usage::bursty_days;
use token_monitor_core::time::{MICROS_PER_DAY, Timestamp};
use token_monitor_core::tokens::{PricedUsage, Usage};

/// Midnight of a day on which blocks start on ten-minute marks.
const START: i64 = 1_780_012_800_000_000;

/// A time long after the last of the days.
const NOW: Timestamp = Timestamp(START + 400 * MICROS_PER_DAY);

fn main() {
    let buckets = generate_buckets();
    let mut blocks = BlockPlacer::new(BlockPlacement::Estimate, &[]);
    buckets.iter().for_each(|(key, bucket)| blocks.add_bucket(key, bucket));
    let totals = BlockTotals::from_blocks(&blocks.finish(), NOW, |block| block.sum.tokens.total());
    let p90 = LimitRule::P90.resolve_limit(1, &totals).expect("there are blocks");
    println!("limit in tokens      method    right  false  missed  minutes ahead");
    for percent in [50, 70, 80, 90, 100] {
        let limit = p90 * percent / 100;
        let accuracy = measure_alarm_accuracy(&buckets, BlockPlacement::Estimate, limit, NOW);
        for (method, outcomes) in [("forecast", accuracy.forecast), ("linear", accuracy.linear)] {
            let AlarmOutcomes { true_positives, false_positives, false_negatives, .. } = outcomes;
            println!(
                "{limit:>12} ({percent:>3}%)   {method:<8} {true_positives:>5}  {false_positives:>5}  {false_negatives:>6}  {:>13}",
                outcomes.mean_lead_minutes()
            );
        }
    }
}

fn generate_buckets() -> BTreeMap<BucketKey, Bucket> {
    let mut buckets: BTreeMap<BucketKey, Bucket> = BTreeMap::new();
    for (offset, output) in bursty_days() {
        let when = Timestamp(START + offset);
        let bucket = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
        let usage = Usage { output, ..Usage::default() };
        let priced = PricedUsage { usage, cost: Cost::Unpriced, under_logged: false };
        let contribution = Contribution { bucket, offset: SlotOffset::from_timestamp(when), run: None, priced };
        buckets.entry(bucket).or_default().add(&contribution);
    }
    buckets
}
