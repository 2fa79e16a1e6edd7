//! The figures of past days, blocks and sessions agree with the totals, also around clock changes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{America, Asia, Tz};
use proptest::prelude::*;
use rstest::rstest;
use token_monitor_core::agents::RunningAgents;
use token_monitor_core::blocks::{BlockPlacement, BlockPlacer, LimitRule};
use token_monitor_core::ledger::{Bucket, BucketKey, DailySums, PullRequestLink};
use token_monitor_core::quota::{AccountQuotas, CurrentAccounts, Quota};
use token_monitor_core::report::model::{Amount, HistoryBy, SessionMetadata, Totals};
use token_monitor_core::report::{
    BlockHistoryStats, DailyBreakdown, SessionMetadataMap, SessionNotes, SnapshotBuilder, Timeline, ViewContext,
    compare_today, day_stats, slots_between,
};
use token_monitor_core::time::{
    MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, Slot, Timestamp,
};
use token_monitor_core::tokens_and_cost::TokensAndCost;
use token_monitor_test_support::property_cases;

use crate::harness::TestLedger;
use crate::reference_model::{Line, START, arbitrary_lines};

const ZONES: [Tz; 5] = [Tz::UTC, Asia::Kathmandu, America::New_York, Tz::Australia__Lord_Howe, Tz::Pacific__Kiritimati];

fn arbitrary_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(ZONES.to_vec())
}

fn shuffled_lines() -> impl Strategy<Value = Vec<Line>> {
    arbitrary_lines().prop_shuffle()
}

/// Returns the time and tokens of each message of a bucket. The tokens are the mean of the bucket, as integers that add
/// up to its sum.
fn messages_of_bucket((key, bucket): (&BucketKey, &Bucket)) -> Vec<(Timestamp, u128)> {
    let (all, count) = (bucket.sum.tokens.total(), bucket.offsets.len() as u128);
    let up_to = |message: usize| all * message as u128 / count;
    let tokens = |message: usize| up_to(message + 1) - up_to(message);
    bucket
        .offsets
        .iter()
        .enumerate()
        .map(|(message, offset)| (offset.to_timestamp(key.slot), tokens(message)))
        .collect()
}

fn minute_of(when: Timestamp) -> i64 {
    when.0.div_euclid(MICROS_PER_MINUTE)
}

fn to_nanos(cost: Option<f64>) -> u128 {
    (cost.unwrap_or_default() * 1e9).round() as u128
}

fn sum_amounts<'a>(amounts: impl IntoIterator<Item = &'a Amount>) -> (u128, u128) {
    amounts.into_iter().fold((0, 0), |all, amount| (all.0 + amount.tokens, all.1 + to_nanos(amount.cost)))
}

static NO_QUOTAS: LazyLock<AccountQuotas> = LazyLock::new(AccountQuotas::default);
const ALL_DIVISIONS: [HistoryBy; 5] =
    [HistoryBy::Model, HistoryBy::Project, HistoryBy::Branch, HistoryBy::Tag, HistoryBy::PullRequest];

static NO_METADATA: SessionMetadataMap = SessionMetadataMap::new();
static NO_AGENTS: LazyLock<RunningAgents> = LazyLock::new(RunningAgents::default);
static NO_NOTES: SessionNotes = SessionNotes::new();
static NO_ACCOUNTS: LazyLock<CurrentAccounts> = LazyLock::new(CurrentAccounts::default);

fn view_context<'a>(
    now: Timestamp,
    quota: &'a Quota,
    block_history: &'a BlockHistoryStats,
    metadata: &'a SessionMetadataMap,
) -> ViewContext<'a> {
    ViewContext {
        now,
        zone: Tz::UTC,
        placement: BlockPlacement::Estimate,
        known_windows: &[],
        quota,
        account_quotas: &NO_QUOTAS,
        accounts: &NO_ACCOUNTS,
        token_limit: LimitRule::Max,
        cost_limit: None,
        block_history,
        metadata,
        running: &NO_AGENTS,
        notes: &NO_NOTES,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(150)) })]

    #[test]
    fn a_history_has_the_same_days_as_the_daily_totals_and_its_parts_add_up(
        lines in shuffled_lines(), zone in arbitrary_zone(), by in prop::sample::select(ALL_DIVISIONS.to_vec()),
    ) {
        let mut test = TestLedger::with_lines(&lines);
        for (minute, session) in [0, 7, 300].into_iter().flat_map(|minute| [(minute, "a"), (2 * minute, "b")]) {
            add_link(&mut test, session, minute * MICROS_PER_MINUTE, &format!("https://x.example/{minute}"));
        }
        let buckets = test.buckets().clone();
        let (mut days, mut divided) = (DailySums::new(zone), DailyBreakdown::new(&test.ledger, &NO_METADATA, by, zone));
        for (key, bucket) in &buckets {
            days.add(key, &bucket.sum);
            divided.add_bucket(key, &bucket.sum);
        }
        let (to, (days, all)) = (NaiveDate::from_ymd_opt(2026, 6, 1).expect("a date"), day_stats(days));
        let found = divided.finish(None, to);
        prop_assert_eq!((found.from, found.to), (days[0].date, to));
        prop_assert_eq!(&found.totals, &Totals::from(&all));
        prop_assert_eq!(sum_amounts(found.days.iter().map(|day| &day.amount)).0, all.tokens.total());
        prop_assert_eq!(found.days.len(), days.len());
        for (found, day) in found.days.iter().zip(&days) {
            let amount = Amount { tokens: day.totals.total_tokens, cost: day.totals.total_cost };
            prop_assert_eq!((found.date, found.amount), (day.date, amount));
            prop_assert_eq!(sum_amounts(&found.parts), sum_amounts([&found.amount]));
        }
        for (index, part) in found.parts.iter().enumerate() {
            prop_assert_eq!(sum_amounts(found.days.iter().map(|day| &day.parts[index])), sum_amounts([&part.amount]));
        }
        prop_assert_eq!(found.hours.len(), 24);
        prop_assert_eq!(sum_amounts(&found.hours), sum_amounts(found.days.iter().map(|day| &day.amount)));
        let named = found.parts.iter().filter(|part| part.name.is_some());
        prop_assert!(named.map(|part| part.amount.tokens).is_sorted_by(|one, next| one >= next));
    }

    #[test]
    fn the_peak_minute_of_a_block_matches_a_simple_recount(
        lines in shuffled_lines(), anchor in prop::sample::select(vec![BlockPlacement::Estimate, BlockPlacement::Utc]),
    ) {
        let mut test = TestLedger::with_lines(&lines);
        let buckets = test.buckets().clone();
        let mut blocks = BlockPlacer::new(anchor, &[]);
        buckets.iter().for_each(|(key, bucket)| blocks.add_bucket(key, bucket));
        let now = Timestamp(START + 2 * MICROS_PER_HOUR);
        for block in blocks.finish() {
            let mut minutes: BTreeMap<i64, u128> = BTreeMap::new();
            for (when, tokens) in buckets.iter().flat_map(messages_of_bucket).filter(|(when, _)| block.contains(*when)) {
                *minutes.entry(minute_of(when)).or_default() += tokens;
            }
            let max = minutes.into_values().max().map(|tokens| tokens as u64);
            let row = block.to_billing_block(now, &test.ledger.names.models, &NO_ACCOUNTS);
            prop_assert_eq!(row.peak_tokens_per_minute, max);
            prop_assert_eq!(row.curve.last().map_or(0, |last| u128::from(*last)), row.tokens_used);
            prop_assert!(row.curve.is_sorted());
        }
    }

    #[test]
    fn the_active_block_is_the_same_if_older_buckets_are_not_kept(
        pauses in prop::collection::vec(1..370_i64, 300..400), reads_late in prop::collection::vec(any::<bool>(), 400),
    ) {
        let mut minute = 0;
        let lines = pauses.iter().zip(1..).map(|(pause, key)| {
            minute += pause;
            Line::main(key << 64, minute * MICROS_PER_MINUTE, 10)
        });
        let lines: Vec<Line> = lines.collect();
        let now = Timestamp(START + (minute + 1) * MICROS_PER_MINUTE);
        let (quota, past, metadata) = <(Quota, BlockHistoryStats, SessionMetadataMap)>::default();
        let active_block = |test: &TestLedger| {
            SnapshotBuilder::new(&test.ledger, view_context(now, &quota, &past, &metadata)).current_block()
        };
        let expected = active_block(&TestLedger::with_lines(&lines));
        // Rarely, the block ends in the minute after the last message.
        prop_assume!(expected.is_some());
        // Some lines are counted after the recent buckets were loaded.
        let is_late = |index: usize| reads_late[index];
        let early: Vec<Line> = (0..lines.len()).filter(|index| !is_late(*index)).map(|index| lines[index].clone()).collect();
        let mut test = TestLedger::with_lines(&early);
        test.reopen_at(now);
        (0..lines.len()).filter(|index| is_late(*index)).for_each(|index| test.count_line(&lines[index]));
        if test.ledger.recent.misses_older_times() {
            test.reopen_at(now);
        }
        prop_assert_eq!(active_block(&test), expected);
        let kept = test.ledger.recent.iter().map(|(key, _)| key.slot).min().expect("there are buckets");
        prop_assert!(kept >= now.slot().hours_before(8 * 24), "buckets are kept for eight days");
    }

    #[test]
    fn the_last_hour_matches_a_simple_recount(lines in shuffled_lines(), minutes in -10..400_i64) {
        let mut test = TestLedger::with_lines(&lines);
        let now = Timestamp(START + minutes * MICROS_PER_MINUTE + 59 * MICROS_PER_SECOND);
        let (quota, past, metadata) = <(Quota, BlockHistoryStats, SessionMetadataMap)>::default();
        let shown = SnapshotBuilder::new(&test.ledger, view_context(now, &quota, &past, &metadata)).tokens_of_last_hour();
        let mut hour = vec![0_u64; 60];
        for (when, tokens) in test.buckets().iter().flat_map(messages_of_bucket) {
            let ago = minute_of(now) - minute_of(when);
            if (0..60).contains(&ago) {
                hour[59 - ago as usize] += tokens as u64;
            }
        }
        prop_assert_eq!(shown, hour);
    }

    #[test]
    fn a_timeline_adds_up_to_its_session(lines in shuffled_lines()) {
        let mut test = TestLedger::with_lines(&lines);
        let buckets = test.buckets().clone();
        for (id, session) in &test.ledger.sessions {
            let mut timeline = Timeline::default();
            for (key, bucket) in buckets.iter().filter(|(key, _)| key.session == *id) {
                timeline.add_bucket(key, &bucket.sum);
            }
            let (points, all) = (timeline.finish(), Amount::from(&TokensAndCost::from(&session.total_usage())));
            prop_assert_eq!(sum_amounts(points.iter().map(|point| &point.amount)), sum_amounts([&all]));
            prop_assert!(points.is_sorted_by_key(|point| point.start_time));
        }
    }

    #[test]
    fn blocks_continued_from_older_ones_equal_the_blocks_of_all_buckets(
        lines in shuffled_lines(), anchor in prop::sample::select(vec![BlockPlacement::Estimate, BlockPlacement::Utc]),
    ) {
        let mut test = TestLedger::with_lines(&lines);
        let buckets = test.buckets().clone();
        let blocks_with_cut = |cut: Option<Slot>| {
            let (mut older, mut all) = (BlockPlacer::new(anchor, &[]), BlockPlacer::new(anchor, &[]));
            let is_older = |key: &BucketKey| cut.is_some_and(|cut| key.slot < cut);
            buckets.iter().filter(|(key, _)| is_older(key)).for_each(|(key, bucket)| older.add_bucket(key, bucket));
            all = all.resume_after(older.finish());
            buckets.iter().filter(|(key, _)| !is_older(key)).for_each(|(key, bucket)| all.add_bucket(key, bucket));
            all.finish()
        };
        let gaps = buckets.keys().zip(buckets.keys().skip(1)).filter(|(one, next)| next.slot.0 - one.slot.0 > 72);
        for (_, next) in gaps {
            prop_assert_eq!(blocks_with_cut(Some(next.slot)), blocks_with_cut(None));
        }
    }
}

fn parse_time(time: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(time).expect("a time").to_utc()
}

/// Creates a ledger with a message at each of these times, with 1, 10, 100, … tokens.
fn with_messages_at(times: &[&str]) -> TestLedger {
    let line = |(power, time): (u32, &&str)| {
        let when = parse_time(time).timestamp_micros() - START;
        Line::main(u128::from(power + 1) << 64, when, 10_u64.pow(power))
    };
    TestLedger::with_lines(&(0..).zip(times).map(line).collect::<Vec<_>>())
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
fn yesterday_is_counted_up_to_the_current_local_time(
    #[case] zone: Tz,
    #[case] now: &str,
    #[case] whole: u128,
    #[case] by_now: u128,
    #[case] times: &[&str],
) {
    let found = compare_today(parse_time(now).into(), zone, &with_messages_at(times).ledger.recent, None);
    assert_eq!((found.yesterday.tokens, found.yesterday_by_now.tokens), (whole, by_now));
}

#[test]
fn a_partial_bucket_counts_each_message_as_the_mean() {
    let test = with_messages_at(&["2026-05-01T12:00:30Z", "2026-05-01T12:03:00Z"]);
    let found = compare_today(parse_time("2026-05-02T12:02:00Z").into(), Tz::UTC, &test.ledger.recent, None);
    assert_eq!((found.yesterday.tokens, found.yesterday_by_now.tokens), (11, 5));
}

#[test]
fn extreme_dates_give_a_valid_range() {
    let all = slots_between(Some(NaiveDate::MIN), NaiveDate::MAX, Asia::Kathmandu);
    assert!(all.start < Timestamp(START).slot() && Timestamp(START).slot() < all.end);
    let backwards = slots_between(Some(NaiveDate::MAX), NaiveDate::MIN, Asia::Kathmandu);
    assert!(backwards.start > backwards.end, "the range is empty");
}

#[test]
fn all_models_after_the_eleventh_are_combined_into_one_part() {
    let name = |number: u64| -> &'static str { Box::leak(format!("model-{number:02}").into_boxed_str()) };
    let line = |number: u64| Line { model: name(number), ..Line::main(u128::from(number) << 64, 0, number) };
    let parts = |models: u64| {
        let mut test = TestLedger::with_lines(&(1..=models).map(line).collect::<Vec<_>>());
        let buckets = test.buckets().clone();
        let mut days = DailyBreakdown::new(&test.ledger, &NO_METADATA, HistoryBy::Model, Tz::UTC);
        buckets.iter().for_each(|(key, bucket)| days.add_bucket(key, &bucket.sum));
        days.finish(None, NaiveDate::MAX).parts
    };
    assert!(parts(12).iter().all(|part| part.count == 1 && part.name.is_some()));
    let found = parts(14);
    let last = found.last().expect("there are some");
    assert_eq!((found.len(), last.name.as_deref(), last.count, last.amount.tokens), (12, None, 3, 1 + 2 + 3));
    assert_eq!(found[0].name.as_deref(), Some("model-14"), "the largest comes first");
}

#[test]
fn sessions_without_a_working_directory_are_a_part_without_a_name() {
    let line = |key: u128, session, project| Line { session, project, ..Line::main(key << 64, 0, 5) };
    let mut test = TestLedger::with_lines(&[line(1, "a", None), line(2, "b", Some("/home/x"))]);
    let buckets = test.buckets().clone();
    let mut days = DailyBreakdown::new(&test.ledger, &NO_METADATA, HistoryBy::Project, Tz::UTC);
    buckets.iter().for_each(|(key, bucket)| days.add_bucket(key, &bucket.sum));
    let found = days.finish(None, NaiveDate::MAX);
    let names: Vec<_> = found.parts.iter().map(|part| (part.name.as_deref(), part.count)).collect();
    assert_eq!(names, [(Some("/home/x"), 1), (None, 1)], "the part without a name is last");
}

/// Links a known session to a pull request, at `offset` microseconds after [`START`].
fn add_link(test: &mut TestLedger, session: &str, offset: i64, url: &str) {
    let link = PullRequestLink::from_log(Timestamp(START + offset), url, None, None).expect("a web address");
    let id = test.ledger.names.sessions.get(session.as_bytes());
    if let Some(session) = id.and_then(|id| test.ledger.sessions.get_mut(&id)) {
        session.add_pull_request(link);
    }
}

/// Returns the names and tokens of the parts of a history.
fn parts_by(test: &mut TestLedger, metadata: &SessionMetadataMap, by: HistoryBy) -> Vec<(Option<String>, u128)> {
    let buckets = test.buckets().clone();
    let mut days = DailyBreakdown::new(&test.ledger, metadata, by, Tz::UTC);
    buckets.iter().for_each(|(key, bucket)| days.add_bucket(key, &bucket.sum));
    let parts = days.finish(None, NaiveDate::MAX).parts.into_iter();
    parts.map(|part| (part.name, part.amount.tokens)).collect()
}

fn metadata_with_tags(session: &str, tags: &[&str]) -> (String, SessionMetadata) {
    let metadata = SessionMetadata {
        uuid: session.to_owned(),
        name: None,
        project_path: None,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        tags: tags.iter().map(ToString::to_string).collect(),
        description: None,
        is_pinned: false,
        is_hidden: false,
        is_muted: false,
        is_private: false,
    };
    (session.to_owned(), metadata)
}

#[test]
fn sessions_with_the_same_tags_are_one_part() {
    let line = |key: u128, session, tokens| Line { session, ..Line::main(key << 64, 0, tokens) };
    let mut test = TestLedger::with_lines(&[line(1, "a", 1), line(2, "b", 2), line(3, "c", 4), line(4, "d", 8)]);
    let metadata = SessionMetadataMap::from([
        metadata_with_tags("a", &["urgent", "API"]),
        metadata_with_tags("b", &["API", "urgent"]),
        metadata_with_tags("c", &["API"]),
        metadata_with_tags("d", &[]),
    ]);
    let name = |name: &str| Some(name.to_owned());
    let expected = [(name("API"), 4), (name("API, urgent"), 3), (None, 8)];
    assert_eq!(parts_by(&mut test, &metadata, HistoryBy::Tag), expected, "no usage is counted twice");
}

#[test]
fn usage_of_several_sessions_counts_for_their_common_pull_request() {
    let day = MICROS_PER_DAY;
    let line = |key: u128, session, offset, tokens| Line { session, ..Line::main(key << 64, offset, tokens) };
    let mut test =
        TestLedger::with_lines(&[line(1, "a", 0, 1), line(2, "a", day, 2), line(3, "b", day, 4), line(4, "c", day, 8)]);
    add_link(&mut test, "a", 1, "https://x.example/1");
    add_link(&mut test, "a", day / 2, "https://x.example/2");
    add_link(&mut test, "b", 0, "https://x.example/2");
    let parts = parts_by(&mut test, &NO_METADATA, HistoryBy::PullRequest);
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(parts, [(name("https://x.example/2"), 2 + 4), (name("https://x.example/1"), 1), (None, 8)]);
}

#[test]
fn the_timeline_of_a_long_session_has_longer_intervals() {
    let mut timeline = Timeline::default();
    let test = TestLedger::with_lines(&[Line::main(1 << 64, 0, 7)]);
    let (key, bucket) = test.ledger.recent.iter().next().expect("there is one");
    for slot in 0..1000 {
        timeline.add_bucket(&BucketKey { slot: Slot(key.slot.0 + slot), ..*key }, &bucket.sum);
    }
    let points = timeline.finish();
    assert_eq!((points.len(), points.iter().map(|point| point.amount.tokens).sum::<u128>()), (167, 7000));
    let apart = |pair: &[token_monitor_core::report::model::TimelinePoint]| pair[1].start_time - pair[0].start_time;
    assert!(points.windows(2).all(|pair| apart(pair).num_minutes() == 30));
}

#[test]
fn a_page_of_blocks_includes_statistics_of_all_blocks() {
    // One block per day, of increasing size. The last one is active.
    let day = MICROS_PER_DAY;
    let lines: Vec<Line> = (0..12).map(|n| Line::main(u128::from(n + 1) << 64, n as i64 * day, 10 * (n + 1))).collect();
    let mut test = TestLedger::with_lines(&lines);
    let mut blocks = BlockPlacer::new(BlockPlacement::Estimate, &[]);
    test.buckets().iter().for_each(|(key, bucket)| blocks.add_bucket(key, bucket));
    let (blocks, now) = (blocks.finish(), Timestamp(START + 11 * day + 1));
    let past = BlockHistoryStats::from_blocks(&blocks, now);
    let (quota, metadata) = <(Quota, SessionMetadataMap)>::default();
    let found =
        SnapshotBuilder::new(&test.ledger, view_context(now, &quota, &past, &metadata)).block_history(&blocks, 1..4);
    assert_eq!((found.count, found.totals.total_tokens), (23, 780), "twelve blocks and the gaps between them");
    assert_eq!((found.p90_tokens, found.limit_tokens), (Some(100), Some(110)));
    let ids: Vec<&str> = found.blocks.iter().map(|block| block.id.as_str()).collect();
    assert_eq!(ids, ["gap-2026-05-11T15:00:00Z", "2026-05-11T10:00:00Z", "gap-2026-05-10T15:00:00Z"]);
    assert_eq!(found.largest.as_deref(), Some("2026-05-11T10:00:00Z"), "the active block is larger, but not finished");
    assert_eq!(found.largest_tokens, Some(110), "included in every page");
    assert_eq!(
        found.blocks.iter().map(|block| block.peak_tokens_per_minute).collect::<Vec<_>>(),
        [None, Some(110), None]
    );
}
