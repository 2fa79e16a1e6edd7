//! Queries: responses computed from a read-only view of the engine.

mod blocks_and_days;
mod diagnostics;
mod health;
mod report;
mod sessions;
mod snapshot;
mod view;

pub(crate) use crate::actor::queries::blocks_and_days::{block_history, blocks, days, history, models};
pub(crate) use crate::actor::queries::diagnostics::diagnostics;
pub(crate) use crate::actor::queries::health::health;
pub(crate) use crate::actor::queries::report::report;
pub(crate) use crate::actor::queries::sessions::{find_session, session_detail, session_page, session_stats};
pub(crate) use crate::actor::queries::snapshot::{empty_snapshot, snapshot};
pub(crate) use crate::actor::queries::view::EngineView;
