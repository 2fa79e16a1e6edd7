//! Instants, five-minute slots and calendar days.

pub mod calendar;
pub(crate) mod timestamp;

pub use timestamp::{Slot, Timestamp};
