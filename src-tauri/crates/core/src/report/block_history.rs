//! A page of the blocks, and what is remarkable about all of them.

use std::ops::Range;

use crate::blocks::block::Block;
use crate::blocks::limit_rule::LimitRule;
use crate::report::model::{BlockHistory, LimitBasis};
use crate::report::snapshot::{Past, View};
use crate::tokens::Sum;

impl View<'_> {
    /// The rows of a page, counted from the latest, of all blocks and gaps in order of time.
    pub fn block_history(&self, blocks: &[Block], page: Range<usize>) -> BlockHistory {
        let now = self.outlook.now;
        let over = blocks.iter().filter(|block| block.is_complete(now) && block.sum.messages > 0);
        let largest = over.max_by_key(|block| block.sum.tokens.total());
        let tokens = Past::of(blocks, now).tokens;
        let whole = |tokens: u128| u64::try_from(tokens).unwrap_or(u64::MAX);
        let rows = blocks.iter().rev().skip(page.start).take(page.len());
        BlockHistory {
            blocks: rows.map(|block| self.billing(block)).collect(),
            largest: largest.map(|block| self.billing(block).id),
            largest_tokens: largest.map(|block| whole(block.sum.tokens.total())),
            p90_tokens: tokens.p90().map(whole),
            limit_tokens: self.told_in_tokens().and_then(|rule| rule.limit(1, &tokens)).map(whole),
            count: blocks.len() as u64,
            totals: blocks.iter().map(|block| &block.sum).sum::<Sum>().totals(),
        }
    }

    /// The rule that holds, unless the vendor's own figure does: that is a share of a limit which is not told.
    fn told_in_tokens(&self) -> Option<LimitRule> {
        let official = self.block_use().is_some_and(|used| used.basis == LimitBasis::Official);
        (!official).then_some(self.outlook.token_limit)
    }
}
