//! Tokens per minute now.
//!
//! An exponentially weighted rate, the way Unix averages load (Peter, "UNIX load average"; Brown, *Statistical
//! Forecasting for Inventory Control*, 1959): a message's weight falls by a factor e every ten minutes, so steady
//! use reads as its true rate, and after the last message the rate halves every seven minutes instead of standing
//! still. It is computed from stored buckets, each message taken as its bucket's mean, so it is the same after a
//! restart.
//!
//! A message by itself has no rate. Only runs count that have lasted for a minute, so one large answer after a
//! pause does not read as a blaze, and what was used before the pause goes on fading meanwhile.

use rustc_hash::FxHashMap;

use crate::interner::SessionId;
use crate::ledger::bucket::{Bucket, BucketKey};
use crate::ledger::recent_buckets::Recent;
use crate::money::Usd;
use crate::report::model::{BurnLevel, BurnRate, Label};
use crate::time::timestamp::Timestamp;
use crate::tokens::Sum;

/// Long enough to smooth over the pauses between turns, short enough to notice a change within minutes.
const TIME_CONSTANT_MINUTES: f64 = 10.0;

/// A longer pause ends a run: by then what was before it weighs only a third.
const PAUSE_SECONDS: f64 = 60.0 * TIME_CONSTANT_MINUTES;

/// A shorter run says nothing of a rate per minute.
const RUN_SECONDS: f64 = 60.0;

/// After an hour a message weighs a four-hundredth: nothing.
pub(crate) const REACH_HOURS: i32 = 1;

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
    nanos: f64,
}

/// One message, and what it used of each thing a rate is asked of.
pub type Piece<const N: usize> = (Timestamp, [f64; N]);

impl Burn {
    /// The rates at an instant.
    pub fn at(now: Timestamp, recent: &Recent) -> Self {
        Self::over(now, recent.since(now.slot().hours_before(REACH_HOURS)))
    }

    /// The rates at an instant, from the buckets of the hour before it. Messages later than the instant are not
    /// known yet.
    pub(crate) fn over<'a>(now: Timestamp, buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)>) -> Self {
        let mut sessions: FxHashMap<SessionId, Vec<Piece<3>>> = FxHashMap::default();
        for (key, bucket) in buckets {
            sessions.entry(key.session).or_default().extend(pieces(key, bucket).filter(|(when, _)| *when <= now));
        }
        let mut all: Vec<_> = sessions.values().flatten().copied().collect();
        let of_session = |(id, mut pieces): (SessionId, Vec<Piece<3>>)| (id, Rate::of(&mut pieces, now));
        Self { all: Rate::of(&mut all, now), sessions: sessions.into_iter().map(of_session).collect() }
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
            cost_per_hour: (self.all.nanos > 0.0 || self.all.total == 0.0).then(|| self.dollars_per_hour()),
            label: Label::Measured,
        }
    }

    /// To the cent.
    fn dollars_per_hour(&self) -> f64 {
        (self.all.nanos * 60.0 / Usd::ONE.0 as f64 * 100.0).round() / 100.0
    }

    /// Tokens per minute of everything, unrounded: what a forecast starts from.
    pub fn exact(&self) -> f64 {
        self.all.total
    }

    /// Billionths of a dollar per minute of everything, unrounded.
    pub fn exact_nanos(&self) -> f64 {
        self.all.nanos
    }

    /// The rate of one session, in tokens per minute.
    pub fn of(&self, session: SessionId) -> u64 {
        self.sessions.get(&session).map_or(0, |rate| rounded(rate.total))
    }
}

impl Rate {
    fn of(pieces: &mut [Piece<3>], now: Timestamp) -> Self {
        pieces.sort_unstable_by_key(|(when, _)| *when);
        let [total, fresh, nanos] = decayed(now, pieces);
        Self { total, fresh, nanos }
    }
}

/// What is used per minute at an instant, of each thing the pieces tell of: tokens, dollars, percents. The pieces
/// come in order of time.
pub fn decayed<const N: usize>(now: Timestamp, pieces: &[Piece<N>]) -> [f64; N] {
    let mut rate = [0.0; N];
    let runs = pieces.chunk_by(|(one, _), (next, _)| next.seconds_since(*one) <= PAUSE_SECONDS);
    for (when, used) in runs.filter(|run| says_something(run)).flatten() {
        let weight = (-now.seconds_since(*when) / PAUSE_SECONDS).exp() / TIME_CONSTANT_MINUTES;
        rate.iter_mut().zip(used).for_each(|(rate, used)| *rate += used * weight);
    }
    rate
}

fn says_something<const N: usize>(run: &[Piece<N>]) -> bool {
    matches!(run, [(first, _), .., (last, _)] if last.seconds_since(*first) >= RUN_SECONDS)
}

/// Each message of a bucket, as the bucket's mean.
fn pieces(key: &BucketKey, bucket: &Bucket) -> impl Iterator<Item = Piece<3>> {
    let count = bucket.marks.len().max(1) as f64;
    let Sum { tokens, bill, .. } = &bucket.sum;
    let mean = [tokens.total() as f64 / count, tokens.fresh() as f64 / count, bill.nanos as f64 / count];
    bucket.marks.iter().map(move |mark| (mark.in_slot(key.slot), mean))
}

fn rounded(rate: f64) -> u64 {
    in_three_digits(rate.round().max(0.0) as u128) as u64
}

/// To three digits: a rate, and what is made of one, is no more certain than that, and a figure that stands still can
/// be read.
pub(crate) fn in_three_digits(figure: u128) -> u128 {
    let step = 10_u128.pow(figure.checked_ilog10().unwrap_or(0).saturating_sub(2));
    figure / step * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interner::ModelId;
    use crate::ledger::message::Share;
    use crate::tokens::Usage;

    const SECOND: i64 = 1_000_000;
    const NOON: Timestamp = Timestamp(1_780_056_000 * SECOND);

    /// One message of 100 tokens at each of these ages, in seconds.
    fn rate(ages: impl IntoIterator<Item = i64>) -> BurnRate {
        burn(ages.into_iter().map(|age| (age, 0))).rate()
    }

    /// One message of 100 tokens at each of these ages, by these sessions.
    fn burn(messages: impl IntoIterator<Item = (i64, u32)>) -> Burn {
        let mut recent = Recent::default();
        let mut buckets: FxHashMap<BucketKey, Bucket> = FxHashMap::default();
        for (age, session) in messages {
            let when = Timestamp(NOON.0 - age * SECOND);
            let key = BucketKey { slot: when.slot(), session: SessionId(session), model: ModelId(0) };
            let usage = Usage { output: 100, ..Usage::default() };
            let bucket = buckets.entry(key).or_default();
            bucket.add(&Share::made_up(key, when, usage));
            recent.put(key, bucket);
        }
        Burn::at(NOON, &recent)
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
    fn one_message_by_itself_has_no_rate() {
        assert_eq!(rate([0]).tokens_per_minute, 0);
        assert_eq!(rate([0, 20, 59]).tokens_per_minute, 0, "nor have several within a minute");
        assert_eq!(rate([0, 60]).tokens_per_minute, 19, "a minute apart they are a run");
    }

    #[test]
    fn a_message_after_a_pause_neither_raises_the_rate_nor_ends_it() {
        let before = rate((660..3600).step_by(6));
        assert_eq!(rate((660..3600).step_by(6).chain([0])), before);
        assert!(before.tokens_per_minute > 300, "what was used before the pause still fades: {before:?}");
    }

    #[test]
    fn a_run_of_all_sessions_need_not_be_one_of_each() {
        let burn = burn([(0, 1), (30, 2), (90, 2)]);
        assert_eq!([burn.of(SessionId(1)), burn.of(SessionId(2))], [0, 18]);
        assert_eq!(burn.rate().tokens_per_minute, 28);
    }

    #[test]
    fn a_message_from_the_future_is_not_known_yet() {
        assert_eq!(rate((-600..3600).step_by(6)), rate((0..3600).step_by(6)));
    }

    #[test]
    fn a_rate_keeps_three_digits() {
        assert_eq!([rounded(0.4), rounded(999.4), rounded(1234.0), rounded(98_765.0)], [0, 999, 1230, 98_700]);
    }
}
