//! Five-minute slots of UTC time.

use crate::time::timestamp::Timestamp;
use crate::time::units::MICROS_PER_MINUTE;

/// Five minutes of UTC, numbered from 1970.
///
/// The offset of every time zone is a multiple of fifteen minutes and every block starts on a ten-minute mark, so that
/// days and blocks are exact sums of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub i32);

impl Slot {
    /// The length in microseconds.
    pub const MICROS: i64 = 5 * MICROS_PER_MINUTE;
    /// The number of slots in an hour.
    pub const PER_HOUR: i32 = 12;

    /// Returns the first instant of the slot.
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * Self::MICROS)
    }

    /// Returns the slot that is this many hours earlier.
    pub fn hours_before(self, hours: i32) -> Self {
        Self(self.0.saturating_sub(hours * Self::PER_HOUR))
    }
}

impl Timestamp {
    /// Returns the slot that contains the timestamp.
    pub fn slot(self) -> Slot {
        let index = self.0.div_euclid(Slot::MICROS);
        Slot(i32::try_from(index).expect("slots of four-digit years fit"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_contains_its_start_and_not_its_end() {
        let start = Slot(5).start();
        assert_eq!(start.slot(), Slot(5));
        assert_eq!(Timestamp(start.0 + Slot::MICROS).slot(), Slot(6));
        assert_eq!(Timestamp(-1).slot(), Slot(-1), "slots before 1970 have negative numbers");
    }
}
