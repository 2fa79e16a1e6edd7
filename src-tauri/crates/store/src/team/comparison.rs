//! Compares the rows of a day with those that were shared before.

use std::collections::BTreeMap;

use redb::{ReadableTable, WriteTransaction};
use token_monitor_core::team::{CollectedRow, RowGroup, TeamRow, UsageCounts};
use token_monitor_core::time::Slot;

use crate::codec::{Decoder, Encoder};
use crate::error::DbError;
use crate::schema::TEAM_ROWS;
use crate::team::{TeamState, UtcDay, to_team_row};

/// The contents of a row that was deleted.
const DELETED: u128 = 0;

/// A row as it was shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StoredRow {
    /// The hash of what identifies the row.
    pub(super) key: u128,
    /// The hash of its contents, or [`DELETED`].
    pub(super) content: u128,
    pub(super) revision: u64,
    /// True if the receiver has this revision.
    pub(super) is_confirmed: bool,
}

impl StoredRow {
    pub(super) fn encode(&self) -> Vec<u8> {
        let Self { key, content, revision, is_confirmed } = self;
        let row = Encoder::new_row().push_bytes(key.to_le_bytes()).push_bytes(content.to_le_bytes());
        row.push_number(*revision).push_byte(u8::from(*is_confirmed)).into_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut row = Decoder::from_row(bytes)?;
        Some(Self {
            key: u128::from_le_bytes(row.read_bytes()?),
            content: u128::from_le_bytes(row.read_bytes()?),
            revision: row.read_number()?,
            is_confirmed: row.read_byte()? != 0,
        })
    }
}

/// The shared rows of a day, by key.
pub(super) struct DayComparison(BTreeMap<u128, (Slot, u64, StoredRow)>);

impl DayComparison {
    pub(super) fn load(table: &impl ReadableTable<(i32, u64), &'static [u8]>, day: UtcDay) -> Result<Self, DbError> {
        let slots = day.slots();
        let mut rows = BTreeMap::new();
        for row in table.range((slots.start.0, 0)..(slots.end.0, 0))? {
            let (key, value) = row?;
            let (slot, number) = key.value();
            let stored = StoredRow::decode(value.value()).ok_or(DbError::BadRow("team_rows"))?;
            rows.insert(stored.key, (Slot(slot), number, stored));
        }
        Ok(Self(rows))
    }

    /// Adds rows that differ or are not confirmed to `out`, until it has `limit` of them. Returns true if there were none
    /// in this day.
    pub(super) fn compare(
        mut self,
        write: &WriteTransaction,
        collected: &[CollectedRow],
        state: &mut TeamState,
        out: &mut Vec<TeamRow>,
        limit: usize,
    ) -> Result<bool, DbError> {
        let mut table = write.open_table(TEAM_ROWS)?;
        let mut is_equal = true;
        for row in collected {
            let known = self.0.remove(&row.key);
            if known.is_some_and(|(_, _, stored)| stored.content == row.content && stored.is_confirmed) {
                continue;
            }
            is_equal = false;
            if out.len() >= limit {
                return Ok(false);
            }
            let (number, stored) = match known {
                Some((_, number, stored)) if stored.content == row.content => (number, stored),
                Some((_, number, stored)) => (number, changed(stored.key, row.content, state.next_revision())),
                None => {
                    let revision = state.next_revision();
                    // The revision is new, so it is also a number that no other row has.
                    (revision, changed(row.key, row.content, revision))
                }
            };
            table.insert((row.slot.0, number), stored.encode().as_slice())?;
            out.push(to_team_row(row.slot, number, stored.revision, row.group.clone(), row.usage));
        }
        for (slot, number, stored) in self.0.into_values() {
            if stored.content == DELETED && stored.is_confirmed {
                table.remove((slot.0, number))?;
                continue;
            }
            is_equal = false;
            if out.len() >= limit {
                return Ok(false);
            }
            let deleted = match stored.content {
                DELETED => stored,
                _ => changed(stored.key, DELETED, state.next_revision()),
            };
            table.insert((slot.0, number), deleted.encode().as_slice())?;
            out.push(to_team_row(slot, number, deleted.revision, RowGroup::default(), UsageCounts::default()));
        }
        Ok(is_equal)
    }
}

fn changed(key: u128, content: u128, revision: u64) -> StoredRow {
    StoredRow { key, content, revision, is_confirmed: false }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_row_is_decoded_as_it_was_encoded(key: u128, content: u128, revision: u64, is_confirmed: bool) {
            let row = StoredRow { key, content, revision, is_confirmed };
            let bytes = row.encode();
            prop_assert_eq!(StoredRow::decode(&bytes), Some(row));
            prop_assert_eq!(StoredRow::decode(&bytes[..bytes.len() - 1]), None);
        }
    }
}
