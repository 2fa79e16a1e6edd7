//! The amount a block is compared with: a limit set by the user, or completed blocks.
//!
//! Anthropic does not publish limits in tokens or dollars. Without a number set by the user, a block is compared with the
//! largest completed block or with the 90th percentile of them. Neither is a limit.

use serde::{Deserialize, Serialize};

use crate::blocks::block::Block;
use crate::time::timestamp::Timestamp;

/// The minimum number of blocks for a percentile.
const MIN_PERCENTILE_BLOCKS: usize = 3;

/// The rule for a limit, as written in the settings: a number or a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LimitRule {
    /// The official percentage if there is one, otherwise the 90th percentile.
    #[default]
    Auto,
    /// The largest completed block.
    Max,
    /// The 90th percentile of completed blocks.
    P90,
    /// A number of tokens or whole dollars; zero for no limit.
    #[serde(untagged)]
    Number(u64),
}

impl LimitRule {
    /// Returns the limit in the unit of the totals, or `None` without a limit or without enough blocks. `unit` is the value
    /// of 1 in the settings in that unit: 1 for tokens, 1,000,000,000 for dollars.
    pub fn resolve_limit(self, unit: u64, history: &BlockTotals) -> Option<u128> {
        match self {
            Self::Number(0) => None,
            Self::Number(number) => Some(u128::from(number) * u128::from(unit)),
            Self::Max => history.max(),
            Self::P90 | Self::Auto => history.p90(),
        }
    }
}

/// The totals of completed blocks in one unit. A year has about 2,000 blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockTotals {
    /// The totals in ascending order.
    values: Vec<u128>,
}

impl BlockTotals {
    /// Collects the totals of blocks completed at `now`. Gaps and blocks with a total of zero are left out: such a block
    /// has no messages, or none with a price.
    pub fn from_blocks<'a>(
        blocks: impl IntoIterator<Item = &'a Block>,
        now: Timestamp,
        value: impl Fn(&Block) -> u128,
    ) -> Self {
        let complete = |block: &&Block| block.is_complete(now);
        let values = blocks.into_iter().filter(complete).map(value).filter(|value| *value > 0);
        values.collect()
    }

    /// Returns the number of blocks.
    pub fn block_count(&self) -> usize {
        self.values.len()
    }

    /// Returns the largest total.
    pub fn max(&self) -> Option<u128> {
        self.values.last().copied()
    }

    /// Returns the 90th percentile by nearest rank: the smallest total that at least 90% of the blocks do not exceed.
    /// `None` with fewer than three blocks.
    ///
    /// The result is always the total of one block. claude-monitor interpolates (`statistics.quantiles(n=10)[8]`), which
    /// gives a value between this one and the next larger, and above the largest with fewer than nine blocks.
    pub fn p90(&self) -> Option<u128> {
        let rank = (self.values.len() * 9).div_ceil(10);
        (self.values.len() >= MIN_PERCENTILE_BLOCKS).then(|| self.values[rank - 1])
    }
}

impl FromIterator<u128> for BlockTotals {
    fn from_iter<I: IntoIterator<Item = u128>>(values: I) -> Self {
        let mut values: Vec<u128> = values.into_iter().collect();
        values.sort_unstable();
        Self { values }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration, Utc};
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::blocks::placement::{BlockPlacement, BlockPlacer};
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::Contribution;
    use crate::ledger::{Bucket, BucketKey};
    use crate::tokens::Usage;

    const DAWN: DateTime<Utc> = DateTime::from_timestamp(1_780_012_800, 0).expect("is a time");

    /// Places a block for each pair of an hour after `DAWN` and a number of tokens.
    fn place_blocks(hours: &[(i64, u64)]) -> Vec<Block> {
        let mut blocks = BlockPlacer::new(BlockPlacement::Estimate, &[]);
        for (hour, output) in hours {
            let when = Timestamp::from(DAWN + Duration::hours(*hour));
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let mut bucket = Bucket::default();
            let usage = Usage { output: *output, ..Usage::default() };
            bucket.add(&Contribution::unpriced(key, when, usage));
            blocks.add_bucket(&key, &bucket);
        }
        blocks.finish()
    }

    #[test]
    fn gaps_and_the_active_block_are_left_out() {
        let blocks = place_blocks(&[(0, 10), (24, 30), (30, 20), (40, 0), (48, 90)]);
        assert!(blocks.iter().any(|block| block.is_gap));
        let history = |hours| {
            let now = Timestamp::from(DAWN + Duration::hours(hours));
            BlockTotals::from_blocks(&blocks, now, |block| block.sum.tokens.total())
        };
        assert_eq!(history(50), [10, 20, 30].into_iter().collect(), "the last block is active, and one has no tokens");
        assert_eq!(history(53).max(), Some(90), "the last block is complete");
        assert_eq!(history(0), BlockTotals::default());
    }

    #[rstest]
    #[case(0, None)]
    #[case(2, None)]
    #[case(3, Some(3))]
    #[case(9, Some(9))]
    #[case(10, Some(9))]
    #[case(11, Some(10))]
    #[case(2_000, Some(1_800))]
    fn the_90th_percentile_is_the_nearest_rank(#[case] count: u128, #[case] p90: Option<u128>) {
        assert_eq!((1..=count).rev().collect::<BlockTotals>().p90(), p90);
    }

    #[test]
    fn a_rule_is_a_number_or_a_word() {
        let rules = [LimitRule::Auto, LimitRule::Max, LimitRule::P90, LimitRule::Number(880_000)];
        let written = json!(["auto", "max", "p90", 880_000]);
        assert_eq!(serde_json::to_value(rules).expect("is JSON"), written);
        assert_eq!(serde_json::from_value::<[LimitRule; 4]>(written).expect("is read"), rules);
        for wrong in [json!("most"), json!(-1), json!(1.5), json!(null), json!({"max": 1})] {
            assert!(serde_json::from_value::<LimitRule>(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_limit_is_a_number_or_derived_from_past_blocks() {
        let history: BlockTotals = (1..=20).collect();
        let limits = [LimitRule::Auto, LimitRule::Max, LimitRule::P90, LimitRule::Number(5), LimitRule::Number(0)];
        let found = limits.map(|rule| rule.resolve_limit(1_000, &history));
        assert_eq!(found, [Some(18), Some(20), Some(18), Some(5_000), None]);
        assert_eq!(LimitRule::Auto.resolve_limit(1, &BlockTotals::default()), None, "there are no blocks yet");
    }
}
