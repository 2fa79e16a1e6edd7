//! The stored quota readings. There are few and their fields change, so they are JSON.

use redb::{ReadableDatabase, ReadableTable};
use token_monitor_core::quota::Reading;

use crate::db::Store;
use crate::error::{DbError, StoreError};
use crate::schema::QUOTA;
use crate::write::reading_to_json;

impl Store {
    /// Loads all quota readings, the oldest first. Readings of an incompatible version are skipped.
    pub fn load_readings(&self) -> Result<Vec<Reading>, StoreError> {
        let list = || -> Result<Vec<Reading>, DbError> {
            let table = self.database()?.begin_read()?.open_table(QUOTA)?;
            let rows = table.iter()?.map(|row| Ok(serde_json::from_str(row?.0.value().1).ok()));
            rows.filter_map(Result::transpose).collect()
        };
        self.guard(list)
    }

    /// Deletes readings.
    pub fn delete_readings(&mut self, readings: &[Reading]) -> Result<(), StoreError> {
        let drop_all = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            for reading in readings {
                write.open_table(QUOTA)?.remove((reading.at.0, reading_to_json(reading).as_str()))?;
            }
            Ok(write.commit()?)
        };
        self.guard(drop_all)
    }
}
