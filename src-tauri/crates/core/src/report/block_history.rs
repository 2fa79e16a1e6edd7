//! Builds a page of the block history with statistics over all blocks.

use std::ops::Range;

use crate::blocks::block::Block;
use crate::blocks::limit_rule::LimitRule;
use crate::report::context::BlockHistoryStats;
use crate::report::model::{BlockHistory, LimitBasis, Totals};
use crate::report::snapshot::SnapshotBuilder;
use crate::tokens::UsageSum;

impl SnapshotBuilder<'_> {
    /// Returns a page of blocks, counted from the latest. `blocks` are all blocks and gaps in order of time.
    /// The statistics are those of the account used last.
    pub fn block_history(&self, blocks: &[Block], page: Range<usize>) -> BlockHistory {
        let now = self.context.now;
        let primary = self.context.accounts.primary();
        let of_primary = || blocks.iter().filter(|block| block.account.is_none() || block.account == primary);
        let completed = of_primary().filter(|block| block.is_complete(now) && block.sum.messages > 0);
        let largest = completed.max_by_key(|block| block.sum.tokens.total());
        let tokens = BlockHistoryStats::from_blocks(of_primary(), now).tokens;
        let to_u64 = |tokens: u128| u64::try_from(tokens).unwrap_or(u64::MAX);
        let rows = blocks.iter().rev().skip(page.start).take(page.len());
        BlockHistory {
            blocks: rows.map(|block| self.billing_block(block)).collect(),
            largest: largest.map(|block| self.billing_block(block).id),
            largest_tokens: largest.map(|block| to_u64(block.sum.tokens.total())),
            p90_tokens: tokens.p90().map(to_u64),
            limit_tokens: self.token_limit_rule().and_then(|rule| rule.resolve_limit(1, &tokens)).map(to_u64),
            count: blocks.len() as u64,
            totals: Totals::from(&blocks.iter().map(|block| &block.sum).sum::<UsageSum>()),
        }
    }

    /// Returns the rule for the token limit; `None` if the official share is in use, because its limit is unknown.
    fn token_limit_rule(&self) -> Option<LimitRule> {
        let official = self.block_use().is_some_and(|share| share.basis == LimitBasis::Official);
        (!official).then_some(self.context.token_limit)
    }
}
