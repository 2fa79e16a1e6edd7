//! The burn rate: tokens and cost per minute now.
//!
//! An exponentially weighted rate, like the load average of Unix (Peter, "UNIX load average"; Brown, *Statistical
//! Forecasting for Inventory Control*, 1959): the weight of a message falls by a factor e every ten minutes. Steady usage
//! gives its true rate, and the rate halves every seven minutes after the last message. It is computed from stored
//! buckets, each message as the mean of its bucket, so it is the same after a restart.
//!
//! Only runs of messages that last at least a minute count: a single large answer after a pause does not raise the rate.
//! Usage from before the pause keeps fading meanwhile.

use rustc_hash::FxHashMap;

use crate::interner::SessionId;
use crate::ledger::recent_buckets::RecentBuckets;
use crate::ledger::{Bucket, BucketKey};
use crate::money::Usd;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;

/// The time constant: long enough to smooth over the pauses between turns, short enough to show a change within minutes.
const TIME_CONSTANT_MINUTES: f64 = 10.0;

/// The longest pause within a run. After it, earlier messages have a third of their weight.
const MAX_PAUSE_SECONDS: f64 = 60.0 * TIME_CONSTANT_MINUTES;

/// The shortest run that counts; a shorter one has no meaningful rate per minute.
const MIN_RUN_SECONDS: f64 = 60.0;

/// The hours of buckets that a rate is computed from. After an hour a message has 1/400 of its weight.
pub(crate) const LOOKBACK_HOURS: i32 = 1;

/// The current rates: in total and of each session.
#[derive(Clone, Debug, Default)]
pub struct BurnRates {
    all: WeightedRate,
    sessions: FxHashMap<SessionId, WeightedRate>,
}

/// Rates per minute.
#[derive(Clone, Copy, Debug, Default)]
struct WeightedRate {
    tokens: f64,
    input_and_output: f64,
    nanos: f64,
}

/// A message's time and the amounts it used, one for each rate to compute.
pub type WeightedSample<const N: usize> = (Timestamp, [f64; N]);

impl BurnRates {
    /// Computes the rates at an instant.
    pub fn from_recent(now: Timestamp, recent: &RecentBuckets) -> Self {
        Self::from_buckets(now, recent.from_slot(now.slot().hours_before(LOOKBACK_HOURS)))
    }

    /// Computes the rates at an instant from the buckets of the hour before. Later messages are ignored.
    pub(crate) fn from_buckets<'a>(now: Timestamp, buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)>) -> Self {
        let mut sessions: FxHashMap<SessionId, Vec<WeightedSample<3>>> = FxHashMap::default();
        for (key, bucket) in buckets {
            let samples = bucket_samples(key, bucket).filter(|(when, _)| *when <= now);
            sessions.entry(key.session).or_default().extend(samples);
        }
        let mut all: Vec<_> = sessions.values().flatten().copied().collect();
        let session_rate = |(id, mut samples): (SessionId, Vec<_>)| (id, WeightedRate::from_samples(&mut samples, now));
        Self {
            all: WeightedRate::from_samples(&mut all, now),
            sessions: sessions.into_iter().map(session_rate).collect(),
        }
    }

    /// Returns the total rate in tokens per minute, rounded.
    pub fn tokens_per_minute(&self) -> u64 {
        round_rate(self.all.tokens)
    }

    /// Returns the total rate in input and output tokens per minute, rounded.
    pub fn input_and_output_per_minute(&self) -> u64 {
        round_rate(self.all.input_and_output)
    }

    /// Returns the total rate in dollars per hour, rounded to cents; `None` if no recent tokens have a price.
    pub fn dollars_per_hour(&self) -> Option<f64> {
        let is_known = self.all.nanos > 0.0 || self.all.tokens == 0.0;
        is_known.then(|| (self.all.nanos * 60.0 / Usd::ONE.0 as f64 * 100.0).round() / 100.0)
    }

    /// Returns the total rate in tokens per minute, not rounded, for forecasts.
    pub fn exact_tokens_per_minute(&self) -> f64 {
        self.all.tokens
    }

    /// Returns the total rate in billionths of a dollar per minute, not rounded, for forecasts.
    pub fn exact_nanos_per_minute(&self) -> f64 {
        self.all.nanos
    }

    /// Returns the rate of a session in tokens per minute, rounded.
    pub fn session_tokens_per_minute(&self, session: SessionId) -> u64 {
        self.sessions.get(&session).map_or(0, |rate| round_rate(rate.tokens))
    }
}

impl WeightedRate {
    fn from_samples(samples: &mut [WeightedSample<3>], now: Timestamp) -> Self {
        samples.sort_unstable_by_key(|(when, _)| *when);
        let [tokens, input_and_output, nanos] = decayed_rates(now, samples);
        Self { tokens, input_and_output, nanos }
    }
}

/// Computes the weighted rates per minute at an instant, one for each amount of the samples. The samples must be in order
/// of time.
pub fn decayed_rates<const N: usize>(now: Timestamp, samples: &[WeightedSample<N>]) -> [f64; N] {
    let mut rates = [0.0; N];
    let runs = samples.chunk_by(|(one, _), (next, _)| next.seconds_since(*one) <= MAX_PAUSE_SECONDS);
    for (when, used) in runs.filter(|run| is_significant(run)).flatten() {
        let weight = (-now.seconds_since(*when) / MAX_PAUSE_SECONDS).exp() / TIME_CONSTANT_MINUTES;
        rates.iter_mut().zip(used).for_each(|(rate, used)| *rate += used * weight);
    }
    rates
}

/// Returns true if a run lasts long enough to have a rate.
fn is_significant<const N: usize>(run: &[WeightedSample<N>]) -> bool {
    matches!(run, [(first, _), .., (last, _)] if last.seconds_since(*first) >= MIN_RUN_SECONDS)
}

/// Returns a sample for each message of a bucket, each with the mean of the bucket.
fn bucket_samples(key: &BucketKey, bucket: &Bucket) -> impl Iterator<Item = WeightedSample<3>> {
    let count = bucket.offsets.len().max(1) as f64;
    let UsageSum { tokens, cost, .. } = &bucket.sum;
    let mean = [tokens.total() as f64 / count, tokens.input_and_output() as f64 / count, cost.nanos as f64 / count];
    bucket.offsets.iter().map(move |mark| (mark.to_timestamp(key.slot), mean))
}

fn round_rate(rate: f64) -> u64 {
    round_to_3_significant_digits(rate.round().max(0.0) as u128) as u64
}

/// Rounds down to three significant digits. Rates and forecasts are no more precise than that, and their display changes
/// less often.
pub(crate) fn round_to_3_significant_digits(figure: u128) -> u128 {
    let step = 10_u128.pow(figure.checked_ilog10().unwrap_or(0).saturating_sub(2));
    figure / step * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interner::ModelId;
    use crate::ledger::Contribution;
    use crate::time::MICROS_PER_SECOND;
    use crate::tokens::Usage;

    const NOON: Timestamp = Timestamp(1_780_056_000 * MICROS_PER_SECOND);

    /// Returns the rate of one message of 100 tokens at each of these ages in seconds.
    fn rate(ages: impl IntoIterator<Item = i64>) -> u64 {
        burn(ages.into_iter().map(|age| (age, 0))).tokens_per_minute()
    }

    /// Computes the rates of one message of 100 tokens for each age in seconds and session.
    fn burn(messages: impl IntoIterator<Item = (i64, u32)>) -> BurnRates {
        let mut recent = RecentBuckets::default();
        let mut buckets: FxHashMap<BucketKey, Bucket> = FxHashMap::default();
        for (age, session) in messages {
            let when = Timestamp(NOON.0 - age * MICROS_PER_SECOND);
            let key = BucketKey { slot: when.slot(), session: SessionId(session), model: ModelId(0) };
            let usage = Usage { output: 100, ..Usage::default() };
            let bucket = buckets.entry(key).or_default();
            bucket.add(&Contribution::unpriced(key, when, usage));
            recent.update(key, bucket);
        }
        BurnRates::from_recent(NOON, &recent)
    }

    #[test]
    fn steady_usage_gives_its_true_rate() {
        let steady = rate((0..3600).step_by(6));
        assert!((990..=1010).contains(&steady), "ten messages a minute: {steady:?}");
    }

    #[test]
    fn messages_of_an_hour_ago_no_longer_count() {
        assert_eq!(rate([3600, 3540]), 0);
    }

    #[test]
    fn the_rate_halves_every_seven_minutes_without_messages() {
        let (now, later) = (rate((0..3000).step_by(6)), rate((420..3420).step_by(6)));
        let share = later as f64 / now as f64;
        assert!((0.48..0.52).contains(&share), "{share}");
    }

    #[test]
    fn a_run_shorter_than_a_minute_has_no_rate() {
        assert_eq!(rate([0]), 0);
        assert_eq!(rate([0, 20, 59]), 0, "several messages within a minute");
        assert_eq!(rate([0, 60]), 19, "a minute apart");
    }

    #[test]
    fn a_message_after_a_pause_does_not_change_the_rate() {
        let before = rate((660..3600).step_by(6));
        assert_eq!(rate((660..3600).step_by(6).chain([0])), before);
        assert!(before > 300, "usage before the pause still counts: {before:?}");
    }

    #[test]
    fn messages_of_several_sessions_can_form_a_run_together() {
        let burn = burn([(0, 1), (30, 2), (90, 2)]);
        assert_eq!(
            [burn.session_tokens_per_minute(SessionId(1)), burn.session_tokens_per_minute(SessionId(2))],
            [0, 18]
        );
        assert_eq!(burn.tokens_per_minute(), 28);
    }

    #[test]
    fn a_message_in_the_future_is_ignored() {
        assert_eq!(rate((-600..3600).step_by(6)), rate((0..3600).step_by(6)));
    }

    #[test]
    fn a_rate_keeps_three_digits() {
        assert_eq!(
            [round_rate(0.4), round_rate(999.4), round_rate(1234.0), round_rate(98_765.0)],
            [0, 999, 1230, 98_700]
        );
    }
}
