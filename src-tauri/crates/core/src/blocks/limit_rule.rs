//! What a block may hold, where nobody says: judged by the blocks that are over.
//!
//! Claude does not tell its limits in tokens or dollars. The largest block ever, or the ninetieth percentile of
//! them, is what a person has got away with; that is a yardstick, not a promise, and is labelled an estimate.

use serde::{Deserialize, Serialize};

use crate::blocks::block::Block;
use crate::time::timestamp::Timestamp;

/// With fewer blocks a percentile is an accident.
const LEAST_BLOCKS: usize = 3;

/// How a limit is found, as the settings have it: a number, or one of the words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LimitRule {
    /// The best that is known: the ninetieth percentile.
    #[default]
    Auto,
    /// The largest block that is over.
    Max,
    /// The ninetieth percentile of the blocks that are over.
    P90,
    /// So many tokens, or whole dollars.
    #[serde(untagged)]
    Number(u64),
}

impl LimitRule {
    /// The limit in the history's unit; none where the history says nothing. `one` is what one of the settings'
    /// number is in that unit: 1 for tokens, a thousand million for dollars.
    pub fn limit(self, one: u64, history: &History) -> Option<u128> {
        match self {
            Self::Number(0) => None,
            Self::Number(number) => Some(u128::from(number) * u128::from(one)),
            Self::Max => history.max(),
            Self::P90 | Self::Auto => history.p90(),
        }
    }
}

/// What each block that is over came to, in one unit. A year has some two thousand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// In order of size.
    values: Vec<u128>,
}

impl History {
    /// The blocks that are over at an instant. Gaps do not count, nor does a block that came to nothing: it was
    /// empty, or nothing in it has a price.
    pub fn of<'a>(blocks: impl IntoIterator<Item = &'a Block>, now: Timestamp, value: impl Fn(&Block) -> u128) -> Self {
        let over = |block: &&Block| block.is_complete(now);
        let values = blocks.into_iter().filter(over).map(value).filter(|value| *value > 0);
        values.collect()
    }

    /// How many blocks there are.
    pub fn blocks(&self) -> usize {
        self.values.len()
    }

    /// The largest.
    pub fn max(&self) -> Option<u128> {
        self.values.last().copied()
    }

    /// The ninetieth percentile by the nearest rank: the smallest that at least nine tenths do not exceed. None
    /// before there are three blocks.
    ///
    /// It is always a block that happened. claude-monitor interpolates (`statistics.quantiles(n=10)[8]`): that lies
    /// between this one and the next larger, and beyond the largest where there are fewer than nine.
    pub fn p90(&self) -> Option<u128> {
        let rank = (self.values.len() * 9).div_ceil(10);
        (self.values.len() >= LEAST_BLOCKS).then(|| self.values[rank - 1])
    }
}

impl FromIterator<u128> for History {
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
    use crate::blocks::{Anchor, Blocks};
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::bucket::{Bucket, BucketKey};
    use crate::ledger::message::Share;
    use crate::tokens::Usage;

    const DAWN: DateTime<Utc> = DateTime::from_timestamp(1_780_012_800, 0).expect("is a time");

    /// A block on each of these hours since dawn, of so many tokens.
    fn blocks(hours: &[(i64, u64)]) -> Vec<Block> {
        let mut blocks = Blocks::new(Anchor::Estimate, &[]);
        for (hour, output) in hours {
            let when = Timestamp::from(DAWN + Duration::hours(*hour));
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let mut bucket = Bucket::default();
            let usage = Usage { output: *output, ..Usage::default() };
            bucket.add(&Share::made_up(key, when, usage));
            blocks.add(&key, &bucket);
        }
        blocks.finish()
    }

    #[test]
    fn neither_gaps_nor_the_active_block_count() {
        let blocks = blocks(&[(0, 10), (24, 30), (30, 20), (40, 0), (48, 90)]);
        assert!(blocks.iter().any(|block| block.is_gap));
        let history = |hours| {
            let now = Timestamp::from(DAWN + Duration::hours(hours));
            History::of(&blocks, now, |block| block.sum.tokens.total())
        };
        assert_eq!(history(50), [10, 20, 30].into_iter().collect(), "the last is active, and one came to nothing");
        assert_eq!(history(53).max(), Some(90), "now it is over");
        assert_eq!(history(0), History::default());
    }

    #[rstest]
    #[case(0, None)]
    #[case(2, None)]
    #[case(3, Some(3))]
    #[case(9, Some(9))]
    #[case(10, Some(9))]
    #[case(11, Some(10))]
    #[case(2_000, Some(1_800))]
    fn nine_tenths_do_not_exceed_the_ninetieth_percentile(#[case] count: u128, #[case] p90: Option<u128>) {
        assert_eq!((1..=count).rev().collect::<History>().p90(), p90);
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
    fn a_limit_comes_from_the_number_or_from_the_history() {
        let history: History = (1..=20).collect();
        let limits = [LimitRule::Auto, LimitRule::Max, LimitRule::P90, LimitRule::Number(5), LimitRule::Number(0)];
        let found = limits.map(|rule| rule.limit(1_000, &history));
        assert_eq!(found, [Some(18), Some(20), Some(18), Some(5_000), None]);
        assert_eq!(LimitRule::Auto.limit(1, &History::default()), None, "nothing is known yet");
    }
}
