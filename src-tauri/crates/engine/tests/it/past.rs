//! The past as the engine answers it: the same figures whether they lie in memory or in the store.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use token_monitor_core::report::model::{BillingBlock, BlockHistory, Compared, DayStats, History, HistoryBy};
use token_monitor_engine::{Answer, Ask, zone};

use crate::world::{Running, World, line};

impl Running {
    fn history(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> History {
        let Answer::History(found) = self.ask(Ask::History { from, to, by: HistoryBy::Model }) else { panic!("days") };
        *found
    }

    fn block_history(&self, offset: usize, limit: usize) -> BlockHistory {
        let Answer::BlockHistory(found) = self.ask(Ask::BlockHistory { offset, limit }) else { panic!("blocks") };
        *found
    }

    fn all_blocks(&self) -> Vec<BillingBlock> {
        let Answer::Blocks(blocks, _) = self.ask(Ask::Blocks { anchor: None }) else { panic!("blocks") };
        blocks
    }

    fn all_days(&self) -> Vec<DayStats> {
        let Answer::Days(days, _) = self.ask(Ask::Days { zone: None }) else { panic!("days") };
        days
    }

    fn compared(&self) -> Compared {
        self.snapshot().compared
    }
}

/// So many days ago at noon, where the test runs.
fn noon(days_ago: u64) -> DateTime<Utc> {
    let today = Utc::now().with_timezone(&zone::system()).date_naive() - Days::new(days_ago);
    let noon = today.and_time(NaiveTime::from_hms_opt(12, 0, 0).expect("a time"));
    zone::system().from_local_datetime(&noon).earliest().expect("no clock skips noon").to_utc()
}

/// A line of so much output, so many days ago.
fn used(days_ago: u64, output: u64) -> String {
    let id = format!("{days_ago}-{output}");
    let when = noon(days_ago).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    line(&id, output).ended().replace("2026-05-01T10:00:00Z", &when)
}

fn written(days: impl IntoIterator<Item = u64>) -> World {
    let world = World::new();
    world.write("p/s.jsonl", days.into_iter().map(|day| used(day, day)).collect::<String>());
    world
}

fn caught_up(world: &World) -> Running {
    let running = world.start();
    running.catch_up();
    running
}

#[test]
fn a_page_of_blocks_is_a_page_of_all_blocks_backwards() {
    let world = written(1..40);
    let running = caught_up(&world);
    let mut all = running.all_blocks();
    all.reverse();
    assert_eq!(running.block_history(0, usize::MAX).blocks, all);
    assert_eq!(running.block_history(70, 5).blocks, all[70..75]);
    assert_eq!(running.block_history(0, 0).count, all.len() as u64);
    assert!(running.block_history(1_000, 5).blocks.is_empty());
    running.stop();
}

/// What is worked out of older messages is kept, so the fear is that it is kept too long.
#[test]
fn messages_that_turn_up_late_are_in_all_figures_of_the_past() {
    let world = written((1..40).filter(|day| *day != 20));
    let running = caught_up(&world);
    let before = (running.block_history(0, 99), running.history(None, None), running.compared());
    world.append("p/s.jsonl", used(20, 7_000) + &used(3, 500));
    running.catch_up();
    let after = (running.block_history(0, 99), running.history(None, None), running.compared());
    let whole = before.0.totals.total_tokens + 7_500;
    assert_eq!((after.0.totals.total_tokens, after.1.totals.total_tokens), (whole, whole));
    assert_eq!(after.1.days.len(), before.1.days.len() + 1);
    assert_ne!(before.0.largest, after.0.largest);
    assert_ne!(before.2.usual, after.2.usual);
    running.stop();
    let again = caught_up(&world);
    let from_the_store = (again.block_history(0, 99), again.history(None, None), again.compared());
    assert_eq!(from_the_store, after, "after a restart as before");
    again.stop();
}

#[test]
fn a_history_is_a_cut_of_all_days() {
    let world = written(1..40);
    let running = caught_up(&world);
    let (days, date) = (running.all_days(), |days_ago| noon(days_ago).with_timezone(&zone::system()).date_naive());
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

/// Were midnight to pass meanwhile, the days would be one further back: the median is the same.
#[test]
fn what_is_usual_is_the_median_of_four_weeks() {
    let world = World::new();
    let lines = [used(2, 10), used(5, 500), used(12, 500), used(20, 500), used(26, 9_000), used(40, 1)];
    world.write("p/s.jsonl", lines.concat());
    let running = caught_up(&world);
    assert_eq!(running.compared().usual.map(|usual| usual.tokens), Some(500), "that of two days ago is as any other");
    running.stop();
    let two_days = written([2, 4]);
    let running = caught_up(&two_days);
    assert_eq!(running.compared().usual, None, "two days are no habit");
    running.stop();
}
