//! Readings of the vendor's quota: few, small and of changing shape, so they are JSON.

use redb::{ReadableDatabase, ReadableTable, WriteTransaction};
use token_monitor_core::quota::Reading;

use crate::db::Store;
use crate::error::StoreError;
use crate::read::Trouble;
use crate::schema::QUOTA;

impl Store {
    /// All readings that are kept, the oldest first. One that this version cannot read is passed over.
    pub fn readings(&self) -> Result<Vec<Reading>, StoreError> {
        let list = || -> Result<Vec<Reading>, Trouble> {
            let table = self.database()?.begin_read()?.open_table(QUOTA)?;
            let rows = table.iter()?.map(|row| Ok(serde_json::from_str(row?.0.value().1).ok()));
            rows.filter_map(Result::transpose).collect()
        };
        self.tried(list())
    }

    /// Drops readings that are no longer needed.
    pub fn drop_readings(&mut self, readings: &[Reading]) -> Result<(), StoreError> {
        let drop_all = || -> Result<(), Trouble> {
            let write = self.database()?.begin_write()?;
            for reading in readings {
                write.open_table(QUOTA)?.remove((reading.at.0, spelled(reading).as_str()))?;
            }
            Ok(write.commit()?)
        };
        self.tried(drop_all())
    }
}

pub(crate) fn write(write: &WriteTransaction, readings: &[Reading]) -> Result<(), Trouble> {
    let mut table = write.open_table(QUOTA)?;
    for reading in readings {
        table.insert((reading.at.0, spelled(reading).as_str()), ())?;
    }
    Ok(())
}

fn spelled(reading: &Reading) -> String {
    serde_json::to_string(reading).expect("plain numbers and names are JSON")
}
