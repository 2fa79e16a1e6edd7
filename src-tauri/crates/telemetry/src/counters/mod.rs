//! Counters that never fall, and the file that keeps them over restarts.

mod file;
mod high_water_mark;
mod series;
mod table;

pub use file::{CounterFile, CounterFileError, counters_folder};
pub use table::CounterTable;

pub(crate) use series::{CounterKind, SeriesKey, read_series};
