//! The level of detail that a device shares.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::time::Slot;

/// The number of slots of a UTC day.
const SLOTS_PER_DAY: i32 = 24 * Slot::PER_HOUR;

/// The level of detail that a device shares. Each level includes the ones below. As JSON, the numbers 0 to 3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum SharingLevel {
    /// Totals by UTC day and model.
    #[default]
    Totals,
    /// Five-minute totals by model and project. Projects are pseudonyms.
    Projects,
    /// Also the repository and the branch.
    Repositories,
    /// Also the sessions, as pseudonyms, with the names, descriptions and tags that the user gave them.
    Sessions,
}

/// The error for a number that is not a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("use a level from 0 to 3")]
pub struct ParseSharingLevelError;

impl SharingLevel {
    /// All levels, the lowest first.
    pub const ALL: [Self; 4] = [Self::Totals, Self::Projects, Self::Repositories, Self::Sessions];

    /// Returns the slot at which the row of a slot starts: that of its UTC day at the lowest level, else itself.
    pub(crate) fn row_slot(self, slot: Slot) -> Slot {
        match self {
            Self::Totals => Slot(slot.0.div_euclid(SLOTS_PER_DAY) * SLOTS_PER_DAY),
            Self::Projects | Self::Repositories | Self::Sessions => slot,
        }
    }
}

impl From<SharingLevel> for u8 {
    fn from(level: SharingLevel) -> Self {
        match level {
            SharingLevel::Totals => 0,
            SharingLevel::Projects => 1,
            SharingLevel::Repositories => 2,
            SharingLevel::Sessions => 3,
        }
    }
}

impl TryFrom<u8> for SharingLevel {
    type Error = ParseSharingLevelError;

    fn try_from(number: u8) -> Result<Self, ParseSharingLevelError> {
        Self::ALL.get(usize::from(number)).copied().ok_or(ParseSharingLevelError)
    }
}

impl FromStr for SharingLevel {
    type Err = ParseSharingLevelError;

    fn from_str(text: &str) -> Result<Self, ParseSharingLevelError> {
        text.parse::<u8>().map_err(|_| ParseSharingLevelError)?.try_into()
    }
}

impl fmt::Display for SharingLevel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        u8::from(*self).fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_numbers() {
        for level in SharingLevel::ALL {
            assert_eq!(level.to_string().parse(), Ok(level));
            assert_eq!(serde_json::from_str::<SharingLevel>(&level.to_string()).expect("it is JSON"), level);
        }
        for text in ["", "4", "-1", "x", "256"] {
            assert_eq!(text.parse::<SharingLevel>(), Err(ParseSharingLevelError), "{text}");
        }
    }

    #[test]
    fn the_rows_of_the_lowest_level_start_with_the_utc_day() {
        assert_eq!(SharingLevel::Totals.row_slot(Slot(SLOTS_PER_DAY + 5)), Slot(SLOTS_PER_DAY));
        assert_eq!(SharingLevel::Totals.row_slot(Slot(-1)), Slot(-SLOTS_PER_DAY), "a day before 1970");
        assert_eq!(SharingLevel::Projects.row_slot(Slot(7)), Slot(7));
    }
}
