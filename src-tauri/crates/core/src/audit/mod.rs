//! Why a figure is what it is: every line with usage, what became of it, and what ccusage would have made of it.
//!
//! Pure, and apart from the ledger: the store keeps messages, not lines, so this starts from the lines again. They
//! are heard one by one ([`Ear`]), those that concern the question are gathered ([`Gathering`]), and the report is
//! a sum over them. It decides nothing about what counts; where it disagrees with the ledger it is wrong, and a
//! test says so.

pub(crate) mod breakdown;
pub(crate) mod ccusage;
pub(crate) mod ccusage_merge;
pub(crate) mod comparison;
pub(crate) mod observation;
pub(crate) mod rule;
pub(crate) mod scan;
pub(crate) mod token_delta;

pub use breakdown::{Messages, Own, Part};
pub use ccusage::{PeerCommand, VERSION, peer_session};
pub use comparison::{Against, Gathered, Gathering, Scope, Step};
pub use observation::Heard;
pub use rule::Rule;
pub use scan::{Ear, Spot};
pub use token_delta::Four;
