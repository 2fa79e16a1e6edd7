//! Computes the days with which today is compared: yesterday, yesterday up to the current time of day, and a typical day.
//!
//! Times of day are local times: at 14:30 yesterday counts up to 14:30, even if the clock was changed in between.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::ledger::recent_buckets::RecentBuckets;
use crate::ledger::{Bucket, BucketKey};
use crate::money::Usd;
use crate::report::model::{Amount, TodayComparison};
use crate::time::calendar;
use crate::time::units::MICROS_PER_MINUTE;
use crate::time::{Slot, Timestamp};
use crate::tokens::UsageSum;
use crate::tokens_and_cost::TokensAndCost;

/// The days before today from which a typical day is computed: four weeks, so that each weekday counts equally.
const TYPICAL_DAY_SPAN: u64 = 28;

/// The minimum number of days with messages for a typical day.
const MIN_TYPICAL_DAYS: usize = 3;

/// Computes the usage of yesterday, whole and up to the current minute. The typical day is passed through.
pub fn compare_today(now: Timestamp, zone: Tz, recent: &RecentBuckets, typical_day: Option<Amount>) -> TodayComparison {
    let minute = now.minus_micros(now.0.rem_euclid(MICROS_PER_MINUTE));
    let time = minute.to_utc().with_timezone(&zone).time();
    let (mut whole, mut by_now) = (TokensAndCost::default(), TokensAndCost::default());
    let Some(yesterday) = calendar::local_date(now, zone).pred_opt() else { return TodayComparison::default() };
    let slots = calendar::slots_of_date(yesterday, zone);
    for (key, bucket) in recent.from_slot(slots.start).take_while(|(key, _)| key.slot < slots.end) {
        whole.merge(&TokensAndCost::from(&bucket.sum));
        by_now.merge(&bucket_part_before(time, zone, key, bucket));
    }
    TodayComparison { yesterday: Amount::from(&whole), yesterday_by_now: Amount::from(&by_now), usual: typical_day }
}

/// Returns the part of a bucket before a time of day. Each message counts as the mean of the bucket.
fn bucket_part_before(time: NaiveTime, zone: Tz, key: &BucketKey, bucket: &Bucket) -> TokensAndCost {
    let start = key.slot.start().to_utc().with_timezone(&zone).time();
    let passed = (time - start).num_microseconds().unwrap_or_default();
    let earlier = bucket.offsets.partition_point(|mark| i64::from(mark.0) < passed);
    TokensAndCost::from(&bucket.sum).scale(earlier, bucket.offsets.len())
}

/// Returns the slots of the days from which a typical day is computed: the four weeks before today.
pub fn typical_day_slots(now: Timestamp, zone: Tz) -> Range<Slot> {
    let today = calendar::local_date(now, zone);
    let first = today.checked_sub_days(Days::new(TYPICAL_DAY_SPAN)).unwrap_or(today);
    calendar::first_slot(first, zone)..calendar::first_slot(today, zone)
}

/// Returns the median of the days with messages. The cost is the median of the days with a price.
pub fn typical_day(days: &BTreeMap<NaiveDate, UsageSum>) -> Option<Amount> {
    let days: Vec<TokensAndCost> = days.values().filter(|sum| sum.messages > 0).map(TokensAndCost::from).collect();
    let priced = days.iter().filter(|day| day.cost.to_dollars(day.tokens).is_some());
    let nanos = median(priced.map(|day| day.cost.nanos).collect());
    let tokens = median(days.iter().map(|day| day.tokens).collect())?;
    (days.len() >= MIN_TYPICAL_DAYS)
        .then(|| Amount { tokens, cost: nanos.map(|nanos| nanos as f64 / Usd::ONE.0 as f64) })
}

/// Returns the median; for an even number of values the mean of the two middle ones, rounded down.
fn median(mut values: Vec<u128>) -> Option<u128> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(lower + (upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[], None)]
    #[case(&[7], Some(7))]
    #[case(&[9, 1], Some(5))]
    #[case(&[9, 1, 2], Some(2))]
    #[case(&[u128::MAX, u128::MAX], Some(u128::MAX))]
    fn the_median_is_the_middle_value(#[case] values: &[u128], #[case] middle: Option<u128>) {
        assert_eq!(median(values.to_vec()), middle);
    }

    #[test]
    fn a_typical_day_needs_three_days_with_messages() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 5, day).expect("a date");
        let day = |day| (date(day), UsageSum { messages: 1, ..UsageSum::default() });
        assert_eq!(
            typical_day(&[day(1), day(2), (date(3), UsageSum::default())].into()),
            None,
            "one day has no messages"
        );
        assert_eq!(typical_day(&[day(1), day(2), day(3)].into()), Some(Amount { tokens: 0, cost: Some(0.0) }));
    }
}
