//! What today is compared with: yesterday, yesterday by this time of the day, and a usual day.
//!
//! By the clock on the wall: at half past two yesterday counts up to half past two, whatever the clocks did in
//! between.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::ledger::bucket::{Bucket, BucketKey};
use crate::ledger::recent_buckets::Recent;
use crate::money::Usd;
use crate::report::model::{Amount, Compared};
use crate::time::calendar;
use crate::time::timestamp::{Slot, Timestamp};
use crate::tokens::Sum;
use crate::tokens_and_cost::Spent;

/// Four weeks, so that each day of the week weighs the same.
const USUAL_DAYS: u64 = 28;

/// A median of fewer days says nothing of what is usual.
const LEAST_DAYS: usize = 3;

/// A figure that moves with each second could not be read, nor would it say more.
const MINUTE: i64 = 60_000_000;

/// Yesterday, whole and up to this minute, from the last days' buckets; what is usual was worked out before.
pub fn compared(now: Timestamp, zone: Tz, recent: &Recent, usual: Option<Amount>) -> Compared {
    let minute = now.earlier(now.0.rem_euclid(MINUTE));
    let time = minute.utc().with_timezone(&zone).time();
    let (mut whole, mut by_now) = (Spent::default(), Spent::default());
    let Some(yesterday) = calendar::date(now, zone).pred_opt() else { return Compared::default() };
    let slots = calendar::slots(yesterday, zone);
    for (key, bucket) in recent.since(slots.start).take_while(|(key, _)| key.slot < slots.end) {
        whole.join(&Spent::from(&bucket.sum));
        by_now.join(&up_to(time, zone, key, bucket));
    }
    Compared { yesterday: whole.amount(), yesterday_by_now: by_now.amount(), usual }
}

/// What of a bucket came before a time of the day. Each message is taken as the bucket's mean.
fn up_to(time: NaiveTime, zone: Tz, key: &BucketKey, bucket: &Bucket) -> Spent {
    let began = key.slot.start().utc().with_timezone(&zone).time();
    let passed = (time - began).num_microseconds().unwrap_or_default();
    let earlier = bucket.marks.partition_point(|mark| i64::from(mark.0) < passed);
    Spent::from(&bucket.sum).parts(earlier, bucket.marks.len())
}

/// The slots of the days that tell what is usual: those of the four weeks before today.
pub fn usual_slots(now: Timestamp, zone: Tz) -> Range<Slot> {
    let today = calendar::date(now, zone);
    let first = today.checked_sub_days(Days::new(USUAL_DAYS)).unwrap_or(today);
    calendar::first_slot(first, zone)..calendar::first_slot(today, zone)
}

/// The median of the days with messages. Costs are those of the days on which something has a price.
pub fn usual(days: &BTreeMap<NaiveDate, Sum>) -> Option<Amount> {
    let days: Vec<Spent> = days.values().filter(|sum| sum.messages > 0).map(Spent::from).collect();
    let priced = days.iter().filter(|day| day.bill.dollars(day.tokens).is_some());
    let nanos = median(priced.map(|day| day.bill.nanos).collect());
    let tokens = median(days.iter().map(|day| day.tokens).collect())?;
    (days.len() >= LEAST_DAYS).then(|| Amount { tokens, cost: nanos.map(|nanos| nanos as f64 / Usd::ONE.0 as f64) })
}

/// Of an even number of values the middle between the two in the middle, rounded down.
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
    fn the_median_is_the_middle(#[case] values: &[u128], #[case] middle: Option<u128>) {
        assert_eq!(median(values.to_vec()), middle);
    }

    #[test]
    fn fewer_than_three_days_are_not_usual() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 5, day).expect("a date");
        let day = |day| (date(day), Sum { messages: 1, ..Sum::default() });
        assert_eq!(usual(&[day(1), day(2), (date(3), Sum::default())].into()), None, "one is without messages");
        assert_eq!(usual(&[day(1), day(2), day(3)].into()), Some(Amount { tokens: 0, cost: Some(0.0) }));
    }
}
