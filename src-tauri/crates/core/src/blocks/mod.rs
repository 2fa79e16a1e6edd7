//! Five-hour blocks: their placement over messages, and the rules for their limits.

pub(crate) mod block;
pub(crate) mod limit_rule;
pub(crate) mod placement;
pub(crate) mod usage_curve;

pub use block::{Block, BlockEdges, BlockSource};
pub use limit_rule::{BlockTotals, LimitRule};
pub use placement::{BlockPlacement, BlockPlacer};
