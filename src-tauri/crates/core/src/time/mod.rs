//! Timestamps, five-minute slots and calendar days.

pub mod calendar;
pub(crate) mod slot;
pub(crate) mod timestamp;
pub(crate) mod units;

pub use slot::Slot;
pub use timestamp::Timestamp;
pub use units::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND};
