//! The burn rate: tokens and cost per minute now.
//!
//! The rate is the usage of the last five minutes divided by the time in which it happened: five minutes, or the time since
//! work began if that is shorter, but at least one minute. Work begins with the first message after five minutes without
//! one. The rate is therefore zero five minutes after the last message at the latest, and a new session counts from its
//! first message.
//!
//! This is the only definition of a rate: snapshots, forecasts, alerts, the backtest and the status line use it. It is
//! computed from stored buckets, which have the time of each message and one sum, so each message counts as the mean of its
//! bucket, as in the minutes of the last hour ([`minute_series`](crate::rates::minute_series)). The rate is the same after a
//! restart.

use rustc_hash::FxHashMap;

use crate::interner::SessionId;
use crate::ledger::recent_buckets::RecentBuckets;
use crate::ledger::{Bucket, BucketKey};
use crate::money::Usd;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;

/// The time over which the rate is an average, and the longest pause without a message while work goes on.
const WINDOW_SECONDS: f64 = 300.0;

/// The shortest time by which usage is divided: a single answer has no rate per second.
const MIN_SPAN_SECONDS: f64 = 60.0;

/// The hours of buckets that a rate is computed from: the window, and the pause before it.
pub(crate) const LOOKBACK_HOURS: i32 = 1;

/// The current rates: in total and of each session.
#[derive(Clone, Debug, Default)]
pub struct BurnRates {
    all: MinuteRate,
    sessions: FxHashMap<SessionId, MinuteRate>,
}

/// Rates per minute.
#[derive(Clone, Copy, Debug, Default)]
struct MinuteRate {
    tokens: f64,
    input_and_output: f64,
    nanos: f64,
    /// Tokens without a known price.
    unpriced: f64,
}

/// A message's time and the amounts it used, one for each rate to compute.
pub type UsageSample<const N: usize> = (Timestamp, [f64; N]);

impl BurnRates {
    /// Computes the rates at an instant.
    pub fn from_recent(now: Timestamp, recent: &RecentBuckets) -> Self {
        Self::from_buckets(now, recent.from_slot(now.slot().hours_before(LOOKBACK_HOURS)))
    }

    /// Computes the rates at an instant from the buckets of the hour before. Later messages are ignored.
    pub(crate) fn from_buckets<'a>(now: Timestamp, buckets: impl Iterator<Item = (&'a BucketKey, &'a Bucket)>) -> Self {
        let mut sessions: FxHashMap<SessionId, Vec<UsageSample<4>>> = FxHashMap::default();
        for (key, bucket) in buckets {
            let samples = bucket_samples(key, bucket).filter(|(when, _)| *when <= now);
            sessions.entry(key.session).or_default().extend(samples);
        }
        let mut all: Vec<_> = sessions.values().flatten().copied().collect();
        let session_rate = |(id, mut samples): (SessionId, Vec<_>)| (id, MinuteRate::from_samples(&mut samples, now));
        Self {
            all: MinuteRate::from_samples(&mut all, now),
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

    /// Returns true if a part of the recent tokens has no price, so that the rate in dollars is a lower bound.
    pub fn has_unpriced_tokens(&self) -> bool {
        self.all.unpriced > 0.0
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

impl MinuteRate {
    fn from_samples(samples: &mut [UsageSample<4>], now: Timestamp) -> Self {
        samples.sort_unstable_by_key(|(when, _)| *when);
        let [tokens, input_and_output, nanos, unpriced] = current_rates(now, samples);
        Self { tokens, input_and_output, nanos, unpriced }
    }
}

/// Computes the rates per minute at an instant, one for each amount of the samples. The samples must be in order of time.
/// Samples after `now` are ignored.
pub fn current_rates<const N: usize>(now: Timestamp, samples: &[UsageSample<N>]) -> [f64; N] {
    let samples = &samples[..samples.partition_point(|(when, _)| *when <= now)];
    let (earlier, recent) =
        samples.split_at(samples.partition_point(|(when, _)| now.seconds_since(*when) >= WINDOW_SECONDS));
    let Some((first, _)) = recent.first() else { return [0.0; N] };
    let continues = earlier.last().is_some_and(|(last, _)| first.seconds_since(*last) <= WINDOW_SECONDS);
    let span = if continues { WINDOW_SECONDS } else { now.seconds_since(*first) };
    let minutes = span.max(MIN_SPAN_SECONDS) / 60.0;
    let mut sums = [0.0; N];
    for (_, used) in recent {
        sums.iter_mut().zip(used).for_each(|(sum, used)| *sum += used);
    }
    sums.map(|sum| sum / minutes)
}

/// Returns a sample for each message of a bucket, each with the mean of the bucket.
fn bucket_samples(key: &BucketKey, bucket: &Bucket) -> impl Iterator<Item = UsageSample<4>> {
    let count = bucket.offsets.len().max(1) as f64;
    let UsageSum { tokens, cost, .. } = &bucket.sum;
    let sums = [tokens.total(), tokens.input_and_output(), cost.nanos, cost.unpriced_tokens];
    let mean = sums.map(|sum| sum as f64 / count);
    bucket.offsets.iter().map(move |mark| (mark.to_timestamp(key.slot), mean))
}

/// Rounds a rate. A rate above zero stays above zero, because zero means that nothing runs.
fn round_rate(rate: f64) -> u64 {
    let at_least_one = if rate > 0.0 { 1.0 } else { 0.0 };
    round_to_3_significant_digits(rate.round().max(at_least_one) as u128) as u64
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
    use crate::money::Cost;
    use crate::rates::minute_series::tokens_of_last_hour;
    use crate::time::MICROS_PER_SECOND;
    use crate::tokens::{PricedUsage, Usage};

    const NOON: Timestamp = Timestamp(1_780_056_000 * MICROS_PER_SECOND);

    /// Returns the rate of one message of 100 tokens at each of these ages in seconds.
    fn rate(ages: impl IntoIterator<Item = i64>) -> u64 {
        burn(ages.into_iter().map(|age| (age, 0))).tokens_per_minute()
    }

    /// Computes the rates of one message of 100 tokens for each age in seconds and session.
    fn burn(messages: impl IntoIterator<Item = (i64, u32)>) -> BurnRates {
        BurnRates::from_recent(NOON, &recent_buckets(messages))
    }

    fn recent_buckets(messages: impl IntoIterator<Item = (i64, u32)>) -> RecentBuckets {
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
        recent
    }

    #[test]
    fn steady_usage_gives_its_true_rate() {
        assert_eq!(rate((0..3600).step_by(6)), 1_000, "ten messages a minute");
    }

    #[test]
    fn the_rate_is_at_rest_five_minutes_after_the_last_message() {
        assert!(rate((299..3600).step_by(6)) > 0);
        assert_eq!(rate((300..3600).step_by(6)), 0);
        assert_eq!(rate((1200..3600).step_by(6)), 0, "twenty minutes later, too");
    }

    #[test]
    fn a_new_session_counts_from_its_first_message() {
        assert_eq!(rate([0]), 100, "at least one minute");
        assert_eq!(rate([0, 20, 40]), 300, "all of it in the first minute");
        assert_eq!(rate([0, 60, 120]), 150, "three messages in two minutes");
        assert_eq!(rate([0, 150, 299]), 60, "nearly five minutes");
    }

    #[test]
    fn work_begins_anew_after_five_minutes_without_messages() {
        assert_eq!(rate([0, 60, 120, 421, 430]), 150, "a pause of 301 seconds");
        assert_eq!(rate([0, 60, 120, 420, 430]), 60, "a pause of 300 seconds: three messages in five minutes");
    }

    #[test]
    fn a_session_has_a_rate_of_its_own() {
        let burn = burn([(0, 1), (30, 2), (120, 2)]);
        let sessions = [1, 2, 3].map(|session| burn.session_tokens_per_minute(SessionId(session)));
        assert_eq!(sessions, [100, 100, 0]);
        assert_eq!(burn.tokens_per_minute(), 150, "three messages in the two minutes since the first one");
    }

    #[test]
    fn a_rate_in_dollars_is_a_lower_bound_if_a_part_of_it_has_no_price() {
        let unpriced = burn([(0, 1)]);
        assert_eq!((unpriced.dollars_per_hour(), unpriced.has_unpriced_tokens()), (None, true));
        let mut recent = recent_buckets([(0, 1)]);
        let key = BucketKey { slot: NOON.slot(), session: SessionId(2), model: ModelId(1) };
        let mut bucket = Bucket::default();
        let contribution = Contribution::unpriced(key, NOON, Usage { output: 100, ..Usage::default() });
        let priced = PricedUsage { cost: Cost::Reported(Usd(Usd::ONE.0 / 60)), ..contribution.priced };
        bucket.add(&Contribution { priced, ..contribution });
        recent.update(key, &bucket);
        let part = BurnRates::from_recent(NOON, &recent);
        assert_eq!((part.dollars_per_hour(), part.has_unpriced_tokens()), (Some(1.0), true));
        assert!(!burn([(600, 1)]).has_unpriced_tokens(), "it is no longer recent");
    }

    #[test]
    fn a_message_in_the_future_is_ignored() {
        assert_eq!(rate((-600..3600).step_by(6)), rate((0..3600).step_by(6)));
        assert_eq!(rate([-1]), 0);
    }

    #[test]
    fn the_rate_is_the_average_of_the_last_five_minutes_of_the_chart() {
        let mut messages = Vec::new();
        for age in (0..3000).step_by(7).filter(|age| age % 11 != 0) {
            messages.push((age, u32::from(age % 3 == 0)));
        }
        let recent = recent_buckets(messages);
        // At the end of a minute, the five bars are the same five minutes.
        let now = Timestamp(NOON.0 + 60 * MICROS_PER_SECOND - 1);
        let chart = tokens_of_last_hour(now, recent.iter());
        let average = chart[55..].iter().sum::<u64>() as f64 / 5.0;
        let rate = BurnRates::from_recent(now, &recent).exact_tokens_per_minute();
        assert!((rate - average).abs() <= 2.0, "{rate} {average}");
    }

    #[test]
    fn a_rate_keeps_three_digits() {
        assert_eq!(
            [round_rate(0.0), round_rate(0.4), round_rate(999.4), round_rate(1234.0), round_rate(98_765.0)],
            [0, 1, 999, 1230, 98_700]
        );
    }
}
