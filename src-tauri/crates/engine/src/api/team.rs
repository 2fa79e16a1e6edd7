//! Requests about usage that is shared with a team.

use serde::{Deserialize, Serialize};
use token_monitor_core::team::{ReachedBudget, TeamRow};
use token_monitor_store::{ConfirmedRow, TeamDestination};

/// A request about usage that is shared with a team. Nothing is sent by the engine itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TeamRequest {
    /// Returns the next rows for a destination. From then on, changes are collected for it.
    Prepare {
        /// The receiver and the level.
        destination: TeamDestination,
    },
    /// Returns the same rows as `Prepare`, which must not be sent: nothing is stored.
    Preview {
        /// The receiver and the level.
        destination: TeamDestination,
    },
    /// Records that the receiver has stored rows of a generation.
    Confirm {
        /// The generation.
        generation: u64,
        /// The rows.
        rows: Vec<ConfirmedRow>,
    },
    /// Shares everything again in a new generation.
    Restart {
        /// The receiver and the level.
        destination: TeamDestination,
        /// The generation.
        generation: u64,
    },
    /// Forgets the destination and what was shared.
    Stop,
    /// Reports the thresholds of budgets that were reached at the hub, for alerts.
    ReportBudgets {
        /// The thresholds.
        reached: Vec<ReachedBudget>,
    },
}

/// The next rows for a destination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamBatch {
    /// The generation of the rows.
    pub generation: u64,
    /// True if the receiver has confirmed an update of this generation. If it has not, an update without rows is sent too.
    pub is_confirmed: bool,
    /// The highest revision before the rows were prepared.
    pub previous_revision: u64,
    /// The rows, at most [`token_monitor_core::team::MAX_ROWS`].
    pub rows: Vec<TeamRow>,
    /// The number of rows that were left out because a count is too large to be stored.
    pub skipped_rows: usize,
}
