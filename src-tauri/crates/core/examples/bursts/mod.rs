//! Working days that nobody worked: what the forecast and its alert are tried on.

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Some numbers, the same ones always (Marsaglia, "Xorshift RNGs", 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, from: i64, to: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        from + i64::try_from((self.0 >> 1) % (to - from).unsigned_abs()).expect("is small")
    }
}

/// Thirty working days: half an hour of use, a pause of minutes or hours, and so on until the evening. Instants in
/// microseconds since the first midnight, and tokens.
pub(crate) fn bursty_days() -> Vec<(i64, u64)> {
    let (mut dice, mut messages) = (Dice(88_172_645_463_325_252), Vec::new());
    for day in 0..30 {
        let mut minute = dice.roll(7 * 60, 11 * 60);
        while minute < 20 * 60 {
            let until = minute + dice.roll(20, 40);
            while minute < until {
                let when = day * DAY + minute * MINUTE + dice.roll(0, MINUTE);
                messages.push((when, dice.roll(20_000, 180_000).unsigned_abs()));
                minute += dice.roll(0, 3);
            }
            minute += [dice.roll(5, 20), dice.roll(20, 90), dice.roll(60, 240)][dice.roll(0, 3) as usize];
        }
    }
    messages
}
