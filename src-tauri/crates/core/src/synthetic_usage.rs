//! Generated usage of thirty working days, for the tests of the forecast and of its alert.

use crate::time::{MICROS_PER_DAY, MICROS_PER_MINUTE};

/// A fixed sequence of pseudo-random numbers (Marsaglia, "Xorshift RNGs", 2003).
struct Xorshift(u64);

impl Xorshift {
    /// Returns the next number from `from` up to, but not including, `to`.
    fn next_in(&mut self, from: i64, to: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        from + i64::try_from((self.0 >> 1) % (to - from).unsigned_abs()).expect("the range is small")
    }
}

/// Generates the messages of thirty working days, each with half-hour bursts of usage and pauses of minutes to hours
/// until the evening. Returns the time of each message in microseconds since the first midnight, and its tokens.
pub fn bursty_days() -> Vec<(i64, u64)> {
    let (mut random, mut messages) = (Xorshift(88_172_645_463_325_252), Vec::new());
    for day in 0..30 {
        let mut minute = random.next_in(7 * 60, 11 * 60);
        while minute < 20 * 60 {
            let burst_end = minute + random.next_in(20, 40);
            while minute < burst_end {
                let offset = random.next_in(0, MICROS_PER_MINUTE);
                let when = day * MICROS_PER_DAY + minute * MICROS_PER_MINUTE + offset;
                messages.push((when, random.next_in(20_000, 180_000).unsigned_abs()));
                minute += random.next_in(0, 3);
            }
            let pauses = [random.next_in(5, 20), random.next_in(20, 90), random.next_in(60, 240)];
            minute += pauses[random.next_in(0, 3) as usize];
        }
    }
    messages
}
