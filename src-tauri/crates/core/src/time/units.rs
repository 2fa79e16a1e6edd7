//! Durations in microseconds, the unit of [`Timestamp`](crate::time::Timestamp).

/// The microseconds of one second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;
/// The microseconds of one minute.
pub const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;
/// The microseconds of one hour.
pub const MICROS_PER_HOUR: i64 = 60 * MICROS_PER_MINUTE;
/// The microseconds of 24 hours. A calendar day may be longer or shorter.
pub const MICROS_PER_DAY: i64 = 24 * MICROS_PER_HOUR;
