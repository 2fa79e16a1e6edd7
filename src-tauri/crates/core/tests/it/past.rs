//! The fear: a chart of the past shows other figures than the lists do, or an hour that never was.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{America, Asia, Tz};
use proptest::prelude::*;
use rstest::rstest;
use token_monitor_core::blocks::{Anchor, Blocks, LimitRule};
use token_monitor_core::ledger::{Bucket, BucketKey};
use token_monitor_core::quota::Quota;
use token_monitor_core::report::model::{Amount, HistoryBy};
use token_monitor_core::report::{Divided, Given, Outlook, Past, Timeline, View, compared, slots_between};
use token_monitor_core::time::{Slot, Timestamp, calendar};
use token_monitor_core::tokens_and_cost::Spent;

use crate::desk::Desk;
use crate::plain::{Line, START, lines};

const ZONES: [Tz; 5] = [Tz::UTC, Asia::Kathmandu, America::New_York, Tz::Australia__Lord_Howe, Tz::Pacific__Kiritimati];

fn zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(ZONES.to_vec())
}

fn in_any_order() -> impl Strategy<Value = Vec<Line>> {
    lines().prop_shuffle()
}

/// The tokens of each message, as its bucket's mean: whole numbers that add up to the bucket's sum.
fn messages((key, bucket): (&BucketKey, &Bucket)) -> Vec<(Timestamp, u128)> {
    let (all, count) = (bucket.sum.tokens.total(), bucket.marks.len() as u128);
    let up_to = |message: usize| all * message as u128 / count;
    let tokens = |message: usize| up_to(message + 1) - up_to(message);
    bucket.marks.iter().enumerate().map(|(message, mark)| (mark.in_slot(key.slot), tokens(message))).collect()
}

fn minute(when: Timestamp) -> i64 {
    when.0.div_euclid(60_000_000)
}

fn nanos(cost: Option<f64>) -> u128 {
    (cost.unwrap_or_default() * 1e9).round() as u128
}

fn sum<'a>(amounts: impl IntoIterator<Item = &'a Amount>) -> (u128, u128) {
    amounts.into_iter().fold((0, 0), |all, amount| (all.0 + amount.tokens, all.1 + nanos(amount.cost)))
}

fn outlook<'a>(now: Timestamp, quota: &'a Quota, past: &'a Past, given: &'a Given) -> Outlook<'a> {
    Outlook {
        now,
        zone: Tz::UTC,
        anchor: Anchor::Estimate,
        known: &[],
        quota,
        token_limit: LimitRule::Max,
        cost_limit: None,
        past,
        given,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn the_days_of_a_history_are_the_days_and_add_up_with_their_parts(
        lines in in_any_order(), zone in zone(), by in prop::sample::select(vec![HistoryBy::Model, HistoryBy::Project]),
    ) {
        let mut desk = Desk::after(&lines);
        let buckets = desk.buckets().clone();
        let (mut days, mut divided) = (calendar::ByDay::new(zone), Divided::new(&desk.ledger, by, zone));
        for (key, bucket) in &buckets {
            days.add(key, &bucket.sum);
            divided.add(key, &bucket.sum);
        }
        let (to, (days, all)) = (NaiveDate::from_ymd_opt(2026, 6, 1).expect("a date"), days.finish());
        let found = divided.finish(None, to);
        prop_assert_eq!((found.from, found.to), (days[0].date, to));
        prop_assert_eq!(&found.totals, &all.totals());
        prop_assert_eq!(sum(found.days.iter().map(|day| &day.amount)).0, all.tokens.total());
        prop_assert_eq!(found.days.len(), days.len());
        for (found, day) in found.days.iter().zip(&days) {
            let amount = Amount { tokens: day.totals.total_tokens, cost: day.totals.total_cost };
            prop_assert_eq!((found.date, found.amount), (day.date, amount));
            prop_assert_eq!(sum(&found.parts), sum([&found.amount]));
        }
        for (index, part) in found.parts.iter().enumerate() {
            prop_assert_eq!(sum(found.days.iter().map(|day| &day.parts[index])), sum([&part.amount]));
        }
        let named = found.parts.iter().filter(|part| part.name.is_some());
        prop_assert!(named.map(|part| part.amount.tokens).is_sorted_by(|one, next| one >= next));
    }

    #[test]
    fn a_blocks_busiest_minute_is_that_of_a_plain_recount(
        lines in in_any_order(), anchor in prop::sample::select(vec![Anchor::Estimate, Anchor::Utc]),
    ) {
        let mut desk = Desk::after(&lines);
        let buckets = desk.buckets().clone();
        let mut blocks = Blocks::new(anchor, &[]);
        buckets.iter().for_each(|(key, bucket)| blocks.add(key, bucket));
        let now = Timestamp(START + 7_200_000_000);
        for block in blocks.finish() {
            let mut minutes: BTreeMap<i64, u128> = BTreeMap::new();
            for (when, tokens) in buckets.iter().flat_map(messages).filter(|(when, _)| block.contains(*when)) {
                *minutes.entry(minute(when)).or_default() += tokens;
            }
            let most = minutes.into_values().max().map(|most| most as u64);
            prop_assert_eq!(block.figures(now, &desk.ledger.names.models).peak_tokens_per_minute, most);
        }
    }

    #[test]
    fn the_last_hour_is_that_of_a_plain_recount(lines in in_any_order(), minutes in -10..400_i64) {
        let mut desk = Desk::after(&lines);
        let now = Timestamp(START + minutes * 60_000_000 + 59_000_000);
        let (quota, past, given) = <(Quota, Past, Given)>::default();
        let shown = View::new(&desk.ledger, outlook(now, &quota, &past, &given)).last_hour();
        let mut hour = vec![0_u64; 60];
        for (when, tokens) in desk.buckets().iter().flat_map(messages) {
            let ago = minute(now) - minute(when);
            if (0..60).contains(&ago) {
                hour[59 - ago as usize] += tokens as u64;
            }
        }
        prop_assert_eq!(shown, hour);
    }

    #[test]
    fn a_timeline_adds_up_to_its_session(lines in in_any_order()) {
        let mut desk = Desk::after(&lines);
        let buckets = desk.buckets().clone();
        for (id, session) in &desk.ledger.sessions {
            let mut timeline = Timeline::default();
            for (key, bucket) in buckets.iter().filter(|(key, _)| key.session == *id) {
                timeline.add(key, &bucket.sum);
            }
            let (points, all) = (timeline.finish(), Spent::from(&session.sum()).amount());
            prop_assert_eq!(sum(points.iter().map(|point| &point.amount)), sum([&all]));
            prop_assert!(points.is_sorted_by_key(|point| point.start_time));
        }
    }

    #[test]
    fn blocks_that_go_on_after_older_ones_are_those_of_all_buckets(
        lines in in_any_order(), anchor in prop::sample::select(vec![Anchor::Estimate, Anchor::Utc]),
    ) {
        let mut desk = Desk::after(&lines);
        let buckets = desk.buckets().clone();
        let over = |cut: Option<Slot>| {
            let (mut older, mut all) = (Blocks::new(anchor, &[]), Blocks::new(anchor, &[]));
            let is_older = |key: &BucketKey| cut.is_some_and(|cut| key.slot < cut);
            buckets.iter().filter(|(key, _)| is_older(key)).for_each(|(key, bucket)| older.add(key, bucket));
            all = all.after(older.finish());
            buckets.iter().filter(|(key, _)| !is_older(key)).for_each(|(key, bucket)| all.add(key, bucket));
            all.finish()
        };
        let pauses = buckets.keys().zip(buckets.keys().skip(1)).filter(|(one, next)| next.slot.0 - one.slot.0 > 72);
        for (_, next) in pauses {
            prop_assert_eq!(over(Some(next.slot)), over(None));
        }
    }
}

fn at(time: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(time).expect("a time").to_utc()
}

/// A message at each of these times, of one token, ten, a hundred and so on.
fn used_at(times: &[&str]) -> Desk {
    let line = |(power, time): (u32, &&str)| {
        let when = at(time).timestamp_micros() - START;
        Line::main(u128::from(power + 1) << 64, when, 10_u64.pow(power))
    };
    Desk::after(&(0..).zip(times).map(line).collect::<Vec<_>>())
}

#[rstest]
#[case::the_edges_of_a_day(
    Tz::UTC, "2026-05-02T12:00:59Z", 110, 10,
    &["2026-04-30T23:59:59Z", "2026-05-01T11:59:59Z", "2026-05-01T12:00:00Z", "2026-05-02T00:00:00Z"],
)]
#[case::the_first_minute_of_a_day(Tz::UTC, "2026-05-02T00:00:59Z", 1, 0, &["2026-05-01T00:00:00Z"])]
#[case::the_last_minute_of_a_day(
    Tz::UTC, "2026-05-02T23:59:59Z", 11, 1, &["2026-05-01T23:54:59Z", "2026-05-01T23:59:00Z"],
)]
#[case::a_day_that_begins_at_a_quarter_past_in_utc(
    Asia::Kathmandu, "2026-05-03T00:15:00+05:45", 1111, 11,
    &["2026-05-02T00:01:00+05:45", "2026-05-02T00:10:00+05:45", "2026-05-02T00:16:00+05:45", "2026-05-02T23:59:00+05:45"],
)]
#[case::yesterday_had_no_hour_from_two_to_three(
    America::New_York, "2026-03-09T03:30:00-04:00", 111, 11,
    &["2026-03-08T01:59:00-05:00", "2026-03-08T03:15:00-04:00", "2026-03-08T03:45:00-04:00"],
)]
#[case::today_has_no_hour_from_two_to_three(
    America::New_York, "2026-03-08T03:30:00-04:00", 111, 11,
    &["2026-03-07T02:30:00-05:00", "2026-03-07T03:29:00-05:00", "2026-03-07T03:31:00-05:00"],
)]
#[case::yesterday_had_two_hours_from_one_to_two(
    America::New_York, "2026-11-02T01:30:00-05:00", 1111, 101,
    &["2026-11-01T01:15:00-04:00", "2026-11-01T01:45:00-04:00", "2026-11-01T01:15:00-05:00", "2026-11-01T01:45:00-05:00"],
)]
#[case::today_has_two_hours_from_one_to_two(
    America::New_York, "2026-11-01T01:30:00-05:00", 111, 11,
    &["2026-10-31T00:15:00-04:00", "2026-10-31T01:20:00-04:00", "2026-10-31T01:45:00-04:00"],
)]
fn yesterday_counts_up_to_this_time_by_the_clock_on_the_wall(
    #[case] zone: Tz,
    #[case] now: &str,
    #[case] whole: u128,
    #[case] by_now: u128,
    #[case] times: &[&str],
) {
    let found = compared(at(now).into(), zone, &used_at(times).ledger.recent, None);
    assert_eq!((found.yesterday.tokens, found.yesterday_by_now.tokens), (whole, by_now));
}

#[test]
fn messages_of_one_bucket_count_as_its_mean() {
    let desk = used_at(&["2026-05-01T12:00:30Z", "2026-05-01T12:03:00Z"]);
    let found = compared(at("2026-05-02T12:02:00Z").into(), Tz::UTC, &desk.ledger.recent, None);
    assert_eq!((found.yesterday.tokens, found.yesterday_by_now.tokens), (11, 5));
}

#[test]
fn a_range_nobody_lives_in_is_still_a_range() {
    let all = slots_between(Some(NaiveDate::MIN), NaiveDate::MAX, Asia::Kathmandu);
    assert!(all.start < Timestamp(START).slot() && Timestamp(START).slot() < all.end);
    let backwards = slots_between(Some(NaiveDate::MAX), NaiveDate::MIN, Asia::Kathmandu);
    assert!(backwards.start > backwards.end, "nothing lies in it");
}

#[test]
fn the_thirteenth_model_and_all_after_it_are_one_part() {
    let name = |number: u64| -> &'static str { Box::leak(format!("model-{number:02}").into_boxed_str()) };
    let line = |number: u64| Line { model: name(number), ..Line::main(u128::from(number) << 64, 0, number) };
    let parts = |models: u64| {
        let mut desk = Desk::after(&(1..=models).map(line).collect::<Vec<_>>());
        let buckets = desk.buckets().clone();
        let mut days = Divided::new(&desk.ledger, HistoryBy::Model, Tz::UTC);
        buckets.iter().for_each(|(key, bucket)| days.add(key, &bucket.sum));
        days.finish(None, NaiveDate::MAX).parts
    };
    assert!(parts(12).iter().all(|part| part.count == 1 && part.name.is_some()));
    let found = parts(14);
    let last = found.last().expect("there are some");
    assert_eq!((found.len(), last.name.as_deref(), last.count, last.amount.tokens), (12, None, 3, 1 + 2 + 3));
    assert_eq!(found[0].name.as_deref(), Some("model-14"), "the largest comes first");
}

#[test]
fn sessions_without_a_folder_are_a_part_without_a_name() {
    let line = |key: u128, session, project| Line { session, project, ..Line::main(key << 64, 0, 5) };
    let mut desk = Desk::after(&[line(1, "a", None), line(2, "b", Some("/home/x"))]);
    let buckets = desk.buckets().clone();
    let mut days = Divided::new(&desk.ledger, HistoryBy::Project, Tz::UTC);
    buckets.iter().for_each(|(key, bucket)| days.add(key, &bucket.sum));
    let found = days.finish(None, NaiveDate::MAX);
    let names: Vec<_> = found.parts.iter().map(|part| (part.name.as_deref(), part.count)).collect();
    assert_eq!(names, [(Some("/home/x"), 1), (None, 1)], "the nameless come last");
}

#[test]
fn a_long_session_is_told_in_longer_spans() {
    let mut timeline = Timeline::default();
    let desk = Desk::after(&[Line::main(1 << 64, 0, 7)]);
    let (key, bucket) = desk.ledger.recent.iter().next().expect("there is one");
    for slot in 0..1000 {
        timeline.add(&BucketKey { slot: Slot(key.slot.0 + slot), ..*key }, &bucket.sum);
    }
    let points = timeline.finish();
    assert_eq!((points.len(), points.iter().map(|point| point.amount.tokens).sum::<u128>()), (167, 7000));
    let apart = |pair: &[token_monitor_core::report::model::TimelinePoint]| pair[1].start_time - pair[0].start_time;
    assert!(points.windows(2).all(|pair| apart(pair).num_minutes() == 30));
}

#[test]
fn the_page_of_the_blocks_names_what_is_remarkable() {
    // A block a day, of growing size, the last of which is open.
    let day = 24 * 3_600_000_000;
    let lines: Vec<Line> = (0..12).map(|n| Line::main(u128::from(n + 1) << 64, n as i64 * day, 10 * (n + 1))).collect();
    let mut desk = Desk::after(&lines);
    let mut blocks = Blocks::new(Anchor::Estimate, &[]);
    desk.buckets().iter().for_each(|(key, bucket)| blocks.add(key, bucket));
    let (blocks, now) = (blocks.finish(), Timestamp(START + 11 * day + 1));
    let past = Past::of(&blocks, now);
    let (quota, given) = <(Quota, Given)>::default();
    let found = View::new(&desk.ledger, outlook(now, &quota, &past, &given)).block_history(&blocks, 1..4);
    assert_eq!((found.count, found.totals.total_tokens), (23, 780), "twelve blocks and the gaps between them");
    assert_eq!((found.p90_tokens, found.limit_tokens), (Some(100), Some(110)));
    let ids: Vec<&str> = found.blocks.iter().map(|block| block.id.as_str()).collect();
    assert_eq!(ids, ["gap-2026-05-11T15:00:00Z", "2026-05-11T10:00:00Z", "gap-2026-05-10T15:00:00Z"]);
    assert_eq!(found.largest.as_deref(), Some("2026-05-11T10:00:00Z"), "the open one is larger, but not over");
    assert_eq!(found.largest_tokens, Some(110), "told with every page, whether or not the block is on it");
    assert_eq!(
        found.blocks.iter().map(|block| block.peak_tokens_per_minute).collect::<Vec<_>>(),
        [None, Some(110), None]
    );
}
