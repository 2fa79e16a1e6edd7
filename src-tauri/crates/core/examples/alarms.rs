#![expect(clippy::print_stdout, reason = "a program that measures and prints")]
//! How often the alert “this block may run out” would have been right on a month of generated days with bursts: as we
//! decide it, and with the rate of now carried on. It measures, nothing else.

mod bursts;

use std::collections::BTreeMap;

use token_monitor_core::alerts::{Hits, alarms};
use token_monitor_core::blocks::{Anchor, Blocks, History, LimitRule};
use token_monitor_core::interner::{ModelId, SessionId};
use token_monitor_core::ledger::{Bucket, BucketKey, Mark, Share};
use token_monitor_core::money::Cost;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::{Charge, Usage};

/// Midnight of a day on which blocks start on ten-minute marks.
const START: i64 = 1_780_012_800_000_000;

/// Long after the last of the days.
const LATER: Timestamp = Timestamp(START + 400 * 24 * 3_600_000_000);

fn main() {
    let buckets = buckets();
    let mut blocks = Blocks::new(Anchor::Estimate, &[]);
    buckets.iter().for_each(|(key, bucket)| blocks.add(key, bucket));
    let history = History::of(&blocks.finish(), LATER, |block| block.sum.tokens.total());
    let p90 = LimitRule::P90.limit(1, &history).expect("there are blocks");
    println!("limit in tokens      rule     right  false  missed  minutes ahead");
    for share in [50, 70, 80, 90, 100] {
        let limit = p90 * share / 100;
        let found = alarms(&buckets, Anchor::Estimate, limit, LATER);
        for (rule, hits) in [("ours", found.capped), ("plain", found.plain)] {
            let Hits { rightly, falsely, missed, .. } = hits;
            println!(
                "{limit:>12} ({share:>3} %)  {rule:<8} {rightly:>5}  {falsely:>5}  {missed:>6}  {:>13}",
                hits.lead()
            );
        }
    }
}

fn buckets() -> BTreeMap<BucketKey, Bucket> {
    let mut buckets: BTreeMap<BucketKey, Bucket> = BTreeMap::new();
    for (since, output) in bursts::bursty_days() {
        let when = Timestamp(START + since);
        let bucket = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
        let usage = Usage { output, ..Usage::default() };
        let charge = Charge { usage, cost: Cost::Unpriced, under_logged: false };
        buckets.entry(bucket).or_default().add(&Share { bucket, mark: Mark::of(when), run: None, charge });
    }
    buckets
}
