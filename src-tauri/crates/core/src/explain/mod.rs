//! Why a figure is what it is: every line with usage, what became of it, and what ccusage would have made of it.
//!
//! Pure, and apart from the ledger: the store keeps messages, not lines, so this starts from the lines again. They
//! are heard one by one ([`Ear`]), those that concern the question are gathered ([`Gathering`]), and the report is
//! a sum over them. It decides nothing about what counts; where it disagrees with the ledger it is wrong, and a
//! test says so.

mod ccusage;
mod ear;
mod four;
mod heard;
mod merge;
mod own;
mod report;
mod rule;

pub use ccusage::{PeerCommand, VERSION, peer_session};
pub use ear::{Ear, Spot};
pub use four::Four;
pub use heard::Heard;
pub use own::{Messages, Own, Part};
pub use report::{Against, Gathered, Gathering, Scope, Step};
pub use rule::Rule;
