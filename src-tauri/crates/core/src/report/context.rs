//! The inputs of a report besides the ledger: time, zone, limits, quota and the history of blocks.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::agents::RunningAgents;
use crate::blocks::block::{Block, BlockEdges, BlockSource};
use crate::blocks::limit_rule::{BlockTotals, LimitRule};
use crate::blocks::placement::BlockPlacement;
use crate::quota::{AccountQuotas, ConfirmedWindow, CurrentAccounts, Quota, SessionNote};
use crate::report::model::SessionMetadata;
use crate::time::timestamp::Timestamp;

/// The metadata users added to their sessions, by session id.
pub type SessionMetadataMap = BTreeMap<String, SessionMetadata>;

/// The latest figures of the status line by session id.
pub type SessionNotes = BTreeMap<String, SessionNote>;

/// The totals of completed blocks, from which limits are estimated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockHistoryStats {
    /// The totals in tokens.
    pub tokens: BlockTotals,
    /// The totals in billionths of a dollar.
    pub cost: BlockTotals,
}

impl BlockHistoryStats {
    /// Collects the totals of the blocks completed at an instant.
    pub fn from_blocks<'a>(blocks: impl IntoIterator<Item = &'a Block> + Clone, now: Timestamp) -> Self {
        Self {
            tokens: BlockTotals::from_blocks(blocks.clone(), now, |block| block.sum.tokens.total()),
            cost: BlockTotals::from_blocks(blocks, now, |block| block.sum.cost.nanos),
        }
    }
}

/// The inputs of a report for one viewer at one instant.
#[derive(Clone, Copy, Debug)]
pub struct ViewContext<'a> {
    /// The instant.
    pub now: Timestamp,
    /// The viewer's zone.
    pub zone: Tz,
    /// The placement of blocks.
    pub placement: BlockPlacement,
    /// The windows whose times Claude Code reported, see [`known_blocks`].
    pub known_windows: &'a [BlockEdges],
    /// The official quota readings of the account used last.
    pub quota: &'a Quota,
    /// The readings of all accounts.
    pub account_quotas: &'a AccountQuotas,
    /// The accounts in use.
    pub accounts: &'a CurrentAccounts,
    /// The rule for a block's token limit.
    pub token_limit: LimitRule,
    /// The rule for a block's cost limit, if there is one.
    pub cost_limit: Option<LimitRule>,
    /// The totals of completed blocks.
    pub block_history: &'a BlockHistoryStats,
    /// The metadata of sessions.
    pub metadata: &'a SessionMetadataMap,
    /// The running sessions.
    pub running: &'a RunningAgents,
    /// The figures that the status line passed on.
    pub notes: &'a SessionNotes,
}

/// Returns the quota windows whose times are known, as edges of blocks.
pub fn known_blocks(quota: &Quota) -> Vec<BlockEdges> {
    let edges = |known: ConfirmedWindow| {
        let source = if known.source.is_official() { BlockSource::Official } else { BlockSource::LimitMessage };
        BlockEdges { start: known.start.to_utc(), end: known.end.to_utc(), source }
    };
    quota.confirmed_windows().map(edges).collect()
}
