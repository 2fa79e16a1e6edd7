//! The state of sharing: the destination, the generation and the last revision.

use redb::{ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};
use token_monitor_core::team::SharingLevel;

use crate::error::DbError;
use crate::schema::TEAM_STATE;

/// The key of the state in its table.
const STATE_KEY: &str = "state";

/// The receiver of the rows, and the level at which it receives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamDestination {
    /// Text that identifies the receiver and the device's account there. It contains no secret.
    pub receiver: String,
    /// The level.
    pub level: SharingLevel,
}

/// The state of sharing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamState {
    /// The destination.
    pub destination: TeamDestination,
    /// The generation of the rows. The receiver deletes the rows of earlier ones.
    pub generation: u64,
    /// True if the receiver has confirmed an update of this generation.
    pub is_confirmed: bool,
    /// The highest revision of a row; 0 without rows.
    pub last_revision: u64,
}

impl TeamState {
    /// Returns the state of a new generation.
    pub(super) fn new(destination: TeamDestination, generation: u64) -> Self {
        Self { destination, generation, is_confirmed: false, last_revision: 0 }
    }

    /// Returns the next revision.
    pub(super) fn next_revision(&mut self) -> u64 {
        self.last_revision += 1;
        self.last_revision
    }
}

pub(super) fn load(table: &impl ReadableTable<&'static str, &'static str>) -> Result<Option<TeamState>, DbError> {
    let Some(text) = table.get(STATE_KEY)? else { return Ok(None) };
    serde_json::from_str(text.value()).map(Some).map_err(|_| DbError::BadRow("team_state"))
}

pub(super) fn save(write: &WriteTransaction, state: &TeamState) -> Result<(), DbError> {
    let text = serde_json::to_string(state).expect("texts and numbers are JSON");
    write.open_table(TEAM_STATE)?.insert(STATE_KEY, text.as_str())?;
    Ok(())
}
