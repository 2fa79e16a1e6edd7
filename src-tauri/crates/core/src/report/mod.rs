//! Public figures: conversions from the ledger to what every surface shows.

pub(crate) mod block_history;
pub(crate) mod comparison;
pub(crate) mod history;
pub(crate) mod limit_usage;
pub mod model;
pub(crate) mod session_query;
pub(crate) mod snapshot;
pub(crate) mod timeline;

pub use comparison::{compared, usual, usual_slots};
pub use history::{Divided, slots_between};
pub use session_query::Wanted;
pub use snapshot::{Given, Outlook, Past, View, known_edges};
pub use timeline::Timeline;
