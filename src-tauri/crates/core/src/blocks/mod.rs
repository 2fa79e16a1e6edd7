//! Five-hour blocks and the limits that apply to them.

pub(crate) mod block;
pub(crate) mod limit_rule;

pub use block::{Anchor, Block, Blocks, Edges};
pub use limit_rule::{History, LimitRule};
