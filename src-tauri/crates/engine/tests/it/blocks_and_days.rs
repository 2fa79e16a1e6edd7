//! Blocks and days: the same figures from memory and from the store.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use token_monitor_core::report::model::{BillingBlock, BlockHistory, DayStats, History, HistoryBy, TodayComparison};
use token_monitor_engine::{Request, Response, zone};

use crate::harness::{TestEngine, TestEnv, line};

impl TestEngine {
    fn history(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> History {
        let Response::History(found) = self.request(Request::History { from, to, by: HistoryBy::Model }) else {
            panic!("days")
        };
        *found
    }

    fn block_history(&self, offset: usize, limit: usize) -> BlockHistory {
        let Response::BlockHistory(found) = self.request(Request::BlockHistory { offset, limit }) else {
            panic!("blocks")
        };
        *found
    }

    fn all_blocks(&self) -> Vec<BillingBlock> {
        let Response::Blocks(blocks, _) = self.request(Request::Blocks { anchor: None }) else { panic!("blocks") };
        blocks
    }

    fn all_days(&self) -> Vec<DayStats> {
        let Response::Days(days, _) = self.request(Request::Days { zone: None }) else { panic!("days") };
        days
    }

    fn compared(&self) -> TodayComparison {
        self.snapshot().compared
    }
}

/// Returns noon a number of days ago in the local zone.
fn noon(days_ago: u64) -> DateTime<Utc> {
    let today = Utc::now().with_timezone(&zone::system_zone()).date_naive() - Days::new(days_ago);
    let noon = today.and_time(NaiveTime::from_hms_opt(12, 0, 0).expect("a time"));
    zone::system_zone().from_local_datetime(&noon).earliest().expect("no clock skips noon").to_utc()
}

/// Returns a line with an output a number of days ago.
fn used(days_ago: u64, output: u64) -> String {
    let id = format!("{days_ago}-{output}");
    let when = noon(days_ago).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    line(&id, output).with_newline().replace("2026-05-01T10:00:00Z", &when)
}

fn written(days: impl IntoIterator<Item = u64>) -> TestEnv {
    let env = TestEnv::new();
    env.write("p/s.jsonl", days.into_iter().map(|day| used(day, day)).collect::<String>());
    env
}

fn caught_up(env: &TestEnv) -> TestEngine {
    let running = env.start();
    running.sync();
    running
}

#[test]
fn block_pages_are_pages_of_all_blocks_in_reverse() {
    let env = written(1..40);
    let running = caught_up(&env);
    let mut all = running.all_blocks();
    all.reverse();
    assert_eq!(running.block_history(0, usize::MAX).blocks, all);
    assert_eq!(running.block_history(70, 5).blocks, all[70..75]);
    assert_eq!(running.block_history(0, 0).count, all.len() as u64);
    assert!(running.block_history(1_000, 5).blocks.is_empty());
    running.stop();
}

/// Returns a line for each hour of some days, without a pause of six hours, the last of them an hour ago.
fn hourly_lines(days: i64) -> String {
    let time_of = |hour: i64| (Utc::now() - TimeDelta::hours(hour)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let line_of =
        |hour: i64| line(&format!("hour-{hour}"), 10).with_newline().replace("2026-05-01T10:00:00Z", &time_of(hour));
    (1..=24 * days).rev().map(line_of).collect()
}

#[test]
fn blocks_of_use_without_a_pause_are_the_same_from_memory_and_from_the_store() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", hourly_lines(12));
    let edges = |running: &TestEngine| -> Vec<_> {
        running.all_blocks().iter().map(|block| (block.start_time, block.end_time, block.message_count)).collect()
    };
    let running = caught_up(&env);
    let first = edges(&running);
    assert_eq!(first.iter().map(|(_, _, messages)| messages).sum::<u64>(), 12 * 24);
    assert!(first.windows(2).all(|pair| pair[0].1 <= pair[1].0), "blocks do not overlap");
    assert!(
        first[..first.len() - 1].iter().all(|(.., messages)| *messages == 5),
        "blocks of five hours follow each other"
    );
    running.stop();
    let again = caught_up(&env);
    assert_eq!(edges(&again), first, "after a restart");
    assert_eq!(again.snapshot().current_block.map(|block| block.start_time), first.last().map(|block| block.0));
    again.stop();
}

/// Checks that cached figures are updated.
#[test]
fn late_messages_are_in_all_figures_of_the_past() {
    let env = written((1..40).filter(|day| *day != 20));
    let running = caught_up(&env);
    let before = (running.block_history(0, 99), running.history(None, None), running.compared());
    env.append("p/s.jsonl", used(20, 7_000) + &used(3, 500));
    running.sync();
    let after = (running.block_history(0, 99), running.history(None, None), running.compared());
    let whole = before.0.totals.total_tokens + 7_500;
    assert_eq!((after.0.totals.total_tokens, after.1.totals.total_tokens), (whole, whole));
    assert_eq!(after.1.days.len(), before.1.days.len() + 1);
    assert_ne!(before.0.largest, after.0.largest);
    assert_ne!(before.2.usual, after.2.usual);
    running.stop();
    let again = caught_up(&env);
    let from_the_store = (again.block_history(0, 99), again.history(None, None), again.compared());
    assert_eq!(from_the_store, after, "after a restart as before");
    again.stop();
}

#[test]
fn a_history_is_a_range_of_all_days() {
    let env = written(1..40);
    let running = caught_up(&env);
    let (days, date) = (running.all_days(), |days_ago| noon(days_ago).with_timezone(&zone::system_zone()).date_naive());
    let cut = running.history(Some(date(30)), Some(date(2)));
    let wanted = days.iter().filter(|day| (date(30)..=date(2)).contains(&day.date));
    let found: Vec<_> = cut.days.iter().map(|day| (day.date, day.amount.tokens)).collect();
    assert_eq!(found, wanted.map(|day| (day.date, day.totals.total_tokens)).collect::<Vec<_>>());
    assert_eq!((cut.from, cut.to, cut.days.len()), (date(30), date(2), 29));
    assert_eq!(running.history(None, None).days.len(), days.len());
    let backwards = running.history(Some(date(2)), Some(date(30)));
    assert_eq!((backwards.days.len(), backwards.totals.total_tokens), (0, 0));
    let absurd = running.history(Some(NaiveDate::MIN), Some(NaiveDate::MAX));
    assert_eq!(absurd.days.len(), days.len());
    running.stop();
}

/// Checks the median. If midnight passes during the test, the days shift by one and the median stays.
#[test]
fn the_typical_day_is_the_median_of_four_weeks() {
    let env = TestEnv::new();
    let lines = [used(2, 10), used(5, 500), used(12, 500), used(20, 500), used(26, 9_000), used(40, 1)];
    env.write("p/s.jsonl", lines.concat());
    let running = caught_up(&env);
    assert_eq!(running.compared().usual.map(|usual| usual.tokens), Some(500), "that of two days ago is as any other");
    running.stop();
    let two_days = written([2, 4]);
    let running = caught_up(&two_days);
    assert_eq!(running.compared().usual, None, "two days are no habit");
    running.stop();
}
