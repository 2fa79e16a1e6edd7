//! Tokens per minute now.
//!
//! An exponentially weighted rate, the way Unix averages load (Peter, "UNIX load average"; Brown, *Statistical
//! Forecasting for Inventory Control*, 1959): a message's weight falls by a factor e every ten minutes, so steady
//! use reads as its true rate, and after the last message the rate halves every seven minutes instead of standing
//! still. It is computed from stored buckets, each message taken as its bucket's mean, so it is the same after a
//! restart.

use rustc_hash::FxHashMap;

use crate::bucket::{Bucket, BucketKey};
use crate::figures::{BurnLevel, BurnRate};
use crate::moment::Moment;
use crate::names::SessionId;
use crate::recent::Recent;

/// Long enough to smooth over the pauses between turns, short enough to notice a change within minutes.
const TIME_CONSTANT_MINUTES: f64 = 10.0;

/// After an hour a message weighs a four-hundredth: nothing.
const REACH_HOURS: i32 = 1;

/// Input and output tokens per minute from which use is moderate, and high: the bounds of ccusage's indicator,
/// the ones people know.
const MODERATE: u64 = 2_000;
const HIGH: u64 = 5_000;

/// How fast tokens are used now: in all, and by each session that used some.
#[derive(Clone, Debug, Default)]
pub struct Burn {
    all: Rate,
    sessions: FxHashMap<SessionId, Rate>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Rate {
    total: f64,
    fresh: f64,
}

impl Burn {
    /// The rates at an instant.
    pub fn at(now: Moment, recent: &Recent) -> Self {
        let mut burn = Self::default();
        for (key, bucket) in recent.since(now.slot().hours_before(REACH_HOURS)) {
            let rate = Rate::of(key, bucket, now);
            burn.all.add(rate);
            burn.sessions.entry(key.session).or_default().add(rate);
        }
        burn
    }

    /// The rate of everything.
    pub fn rate(&self) -> BurnRate {
        let fresh = rounded(self.all.fresh);
        BurnRate {
            tokens_per_minute: rounded(self.all.total),
            fresh_tokens_per_minute: fresh,
            level: match fresh {
                HIGH.. => BurnLevel::High,
                MODERATE.. => BurnLevel::Moderate,
                _ => BurnLevel::Normal,
            },
        }
    }

    /// The rate of one session, in tokens per minute.
    pub fn of(&self, session: SessionId) -> u64 {
        self.sessions.get(&session).map_or(0, |rate| rounded(rate.total))
    }
}

impl Rate {
    fn of(key: &BucketKey, bucket: &Bucket, now: Moment) -> Self {
        let minutes = bucket.marks.iter().map(|mark| now.seconds_since(mark.in_slot(key.slot)) / 60.0);
        let weight: f64 = minutes.map(|age| (-age / TIME_CONSTANT_MINUTES).exp()).sum();
        let per_message = weight / (bucket.marks.len().max(1) as f64 * TIME_CONSTANT_MINUTES);
        Self { total: bucket.tokens.total() as f64 * per_message, fresh: bucket.tokens.fresh() as f64 * per_message }
    }

    fn add(&mut self, other: Self) {
        self.total += other.total;
        self.fresh += other.fresh;
    }
}

/// To three digits: a rate is no more certain than that, and a figure that stands still can be read.
fn rounded(rate: f64) -> u64 {
    let whole = rate.round().max(0.0) as u64;
    let step = 10_u64.pow(whole.checked_ilog10().unwrap_or(0).saturating_sub(2));
    whole / step * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::Mark;
    use crate::message::Share;
    use crate::names::ModelId;
    use crate::tokens::Usage;

    const SECOND: i64 = 1_000_000;
    const NOON: Moment = Moment(1_780_056_000 * SECOND);

    /// One message of 100 tokens at each of these ages, in seconds.
    fn rate(ages: impl IntoIterator<Item = i64>) -> BurnRate {
        let mut recent = Recent::default();
        let mut buckets: FxHashMap<BucketKey, Bucket> = FxHashMap::default();
        for age in ages {
            let when = Moment(NOON.0 - age * SECOND);
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let usage = Usage { output: 100, ..Usage::default() };
            let bucket = buckets.entry(key).or_default();
            bucket.add(&Share { bucket: key, mark: Mark::of(when), usage });
            recent.put(key, bucket);
        }
        Burn::at(NOON, &recent).rate()
    }

    #[test]
    fn steady_use_reads_as_its_true_rate() {
        let steady = rate((0..3600).step_by(6));
        assert!((990..=1010).contains(&steady.tokens_per_minute), "ten messages a minute: {steady:?}");
    }

    #[test]
    fn two_messages_an_hour_ago_are_nothing_now() {
        assert_eq!(rate([3600, 3540]).tokens_per_minute, 0);
    }

    #[test]
    fn the_rate_halves_every_seven_minutes_of_silence() {
        let (now, later) = (rate((0..3000).step_by(6)), rate((420..3420).step_by(6)));
        let share = later.tokens_per_minute as f64 / now.tokens_per_minute as f64;
        assert!((0.48..0.52).contains(&share), "{share}");
    }

    #[test]
    fn a_rate_keeps_three_digits() {
        assert_eq!([rounded(0.4), rounded(999.4), rounded(1234.0), rounded(98_765.0)], [0, 999, 1230, 98_700]);
    }
}
