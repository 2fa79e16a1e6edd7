//! The messages between a device and a hub.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::team::level::SharingLevel;
use crate::team::row::{RowGroup, TeamRow};

/// The version of the messages.
pub const MESSAGE_FORMAT: u32 = 1;

/// The path of a hub to which updates are sent.
pub const USAGE_PATH: &str = "/api/v1/usage";

/// The largest number of rows of one update.
pub const MAX_ROWS: usize = 1_000;

/// The longest text of a row, in characters.
pub const MAX_TEXT_CHARS: usize = 500;

/// The largest number of tags of a row.
pub const MAX_TAGS: usize = 20;

/// The rows of a device that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamUpdate {
    /// The version of the message: [`MESSAGE_FORMAT`].
    pub format: u32,
    /// The level of all rows.
    pub level: SharingLevel,
    /// The generation. A higher one replaces all rows of a lower one, as after a change of the level.
    pub generation: u64,
    /// The highest revision that existed before this update. A hub with a higher one has rows that the device has lost.
    pub previous_revision: u64,
    /// The rows, at most [`MAX_ROWS`].
    pub rows: Vec<TeamRow>,
}

/// The answer to an update, and with status 409 the reason for refusing it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TeamReceipt {
    /// The generation of the device at the hub.
    pub generation: u64,
    /// The highest revision of the device at the hub.
    pub highest_revision: u64,
}

/// The reason for refusing an update as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RowError {
    /// The version is not known.
    #[error("the format {0} is not supported; update the hub")]
    UnknownFormat(u32),
    /// There are more rows than allowed.
    #[error("an update has at most {MAX_ROWS} rows")]
    TooManyRows,
    /// Two rows have the same start and number.
    #[error("row {0} is there twice")]
    DuplicateRow(u64),
    /// A row has a property above the level.
    #[error("row {0} has a property above the level")]
    AboveLevel(u64),
    /// A number is too large for the database.
    #[error("row {0} has a number that is too large")]
    NumberTooLarge(u64),
    /// A text is too long or has a zero character, or there are too many tags.
    #[error("row {0} has a text that is not valid")]
    InvalidText(u64),
    /// A row starts at a time that is no start of five minutes, or outside of the years 0 to 9999.
    #[error("row {0} has a start that is not valid")]
    InvalidStart(u64),
}

impl TeamUpdate {
    /// Checks the update.
    ///
    /// # Errors
    ///
    /// If the version is unknown, or a row is not one that a device sends.
    pub fn check(&self) -> Result<(), RowError> {
        if self.format != MESSAGE_FORMAT {
            return Err(RowError::UnknownFormat(self.format));
        }
        if self.rows.len() > MAX_ROWS {
            return Err(RowError::TooManyRows);
        }
        if !is_stored(self.generation) || !is_stored(self.previous_revision) {
            return Err(RowError::NumberTooLarge(0));
        }
        let mut seen = HashSet::new();
        for row in &self.rows {
            if !seen.insert((row.start, row.row)) {
                return Err(RowError::DuplicateRow(row.row));
            }
            check_row(row, self.level)?;
        }
        Ok(())
    }
}

fn check_row(row: &TeamRow, level: SharingLevel) -> Result<(), RowError> {
    if row.group.level() > level {
        return Err(RowError::AboveLevel(row.row));
    }
    if !(is_stored(row.row) && is_stored(row.revision) && row.usage.fits()) {
        return Err(RowError::NumberTooLarge(row.row));
    }
    if !is_start(row) {
        return Err(RowError::InvalidStart(row.row));
    }
    let RowGroup { model, project, repository, branch, session, session_name, session_description, tags } = &row.group;
    let options = [project, repository, branch, session, session_name, session_description];
    let mut texts = options.into_iter().flatten().chain(tags).chain([model]);
    match texts.all(|text| is_valid_text(text)) && tags.len() <= MAX_TAGS {
        true => Ok(()),
        false => Err(RowError::InvalidText(row.row)),
    }
}

/// Returns true for a number that fits into a signed integer of a database.
fn is_stored(number: u64) -> bool {
    i64::try_from(number).is_ok()
}

fn is_start(row: &TeamRow) -> bool {
    let seconds = row.start.timestamp();
    // The start of the year 0 and the end of 9999.
    let is_in_range = (-62_167_219_200..253_402_300_800).contains(&seconds);
    is_in_range && seconds.rem_euclid(300) == 0 && row.start.timestamp_subsec_nanos() == 0
}

pub(super) fn is_valid_text(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT_CHARS && !text.contains('\0')
}

/// Returns a text as it can be sent: cut to [`MAX_TEXT_CHARS`], and without zero characters, which databases refuse.
pub(super) fn to_valid_text(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(MAX_TEXT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::team::UsageCounts;

    fn row(number: u64) -> TeamRow {
        TeamRow {
            row: number,
            revision: number,
            start: "2026-03-01T12:05:00Z".parse().expect("a time"),
            group: RowGroup { model: "opus".to_owned(), ..RowGroup::default() },
            usage: UsageCounts { messages: 1, ..UsageCounts::default() },
        }
    }

    fn update(rows: Vec<TeamRow>) -> TeamUpdate {
        TeamUpdate { format: 1, level: SharingLevel::Totals, generation: 1, previous_revision: 0, rows }
    }

    #[test]
    fn an_update_of_a_device_is_accepted() {
        assert_eq!(update(vec![row(1), row(2)]).check(), Ok(()));
        assert_eq!(update(Vec::new()).check(), Ok(()));
    }

    fn with(change: impl FnOnce(&mut TeamRow)) -> TeamUpdate {
        let mut row = row(1);
        change(&mut row);
        update(vec![row])
    }

    #[rstest]
    #[case(TeamUpdate { format: 2, ..update(Vec::new()) }, RowError::UnknownFormat(2))]
    #[case(update((0..1_001).map(row).collect()), RowError::TooManyRows)]
    #[case(update(vec![row(1), row(1)]), RowError::DuplicateRow(1))]
    #[case(with(|row| row.group.project = Some("p".into())), RowError::AboveLevel(1))]
    #[case(with(|row| row.usage.input_tokens = 1 << 53), RowError::NumberTooLarge(1))]
    #[case(with(|row| row.revision = u64::MAX), RowError::NumberTooLarge(1))]
    #[case(TeamUpdate { generation: u64::MAX, ..update(Vec::new()) }, RowError::NumberTooLarge(0))]
    #[case(with(|row| row.group.model = "\0".into()), RowError::InvalidText(1))]
    #[case(with(|row| row.group.model = "x".repeat(501)), RowError::InvalidText(1))]
    #[case(with(|row| row.start += chrono::TimeDelta::seconds(1)), RowError::InvalidStart(1))]
    #[case(with(|row| row.start = chrono::DateTime::<chrono::Utc>::MAX_UTC), RowError::InvalidStart(1))]
    fn an_update_that_no_device_sends_is_refused(#[case] update: TeamUpdate, #[case] error: RowError) {
        assert_eq!(update.check(), Err(error));
    }
}
