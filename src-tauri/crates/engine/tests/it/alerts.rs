//! The fear: an alert comes twice, comes from the past, or comes in the night.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use token_monitor_core::figures::{AlertFate, AlertRow, AlertRule, AlertStatus, Pause};
use token_monitor_engine::{AlertOut, Answer, Ask, RefusalCode};
use tokio::sync::broadcast::Receiver;

use crate::quota::{in_hours, leave};
use crate::world::{Line, Running, START, World, line};

type Alerts = Receiver<Arc<AlertOut>>;

/// An engine in whose block a tenth is used, and somebody who shows its alerts.
fn calm(world: &World) -> (Running, Alerts) {
    let running = world.live();
    let alerts = running.listen();
    leave(world, "s", 10.0, in_hours(3));
    running.catch_up();
    (running, alerts)
}

/// The vendor's figure rises, and everything that comes of it is decided.
fn rise(world: &World, running: &Running, percent: f64) {
    leave(world, "s", percent, in_hours(3));
    running.catch_up();
}

fn rows(running: &Running) -> Vec<AlertRow> {
    let Answer::Alerts(rows) = running.ask(Ask::Alerts { limit: 100 }) else { panic!("alerts") };
    rows
}

fn fates(running: &Running) -> Vec<(AlertRule, AlertFate)> {
    rows(running).iter().map(|row| (row.rule, row.fate)).collect()
}

fn status(running: &Running, ask: Ask) -> AlertStatus {
    let Answer::AlertStatus(status) = running.ask(ask) else { panic!("what holds of alerts") };
    status
}

#[test]
fn an_alert_comes_once_over_any_number_of_restarts() {
    let world = World::new();
    let (running, mut alerts) = calm(&world);
    rise(&world, &running, 80.0);
    let out = running.next(&mut alerts);
    assert_eq!((out.alert.title.as_str(), out.is_test), ("20 % of this block left", false));
    let shown = Ask::AlertFate { id: out.id, fate: AlertFate::Shown, unavailable: None };
    assert_eq!(status(&running, shown), AlertStatus::default());
    running.stop();
    for _ in 0..2 {
        let running = world.live();
        let mut alerts = running.listen();
        rise(&world, &running, 81.0);
        assert!(alerts.try_recv().is_err(), "it was told before");
        assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Shown)]);
        running.stop();
    }
}

#[test]
fn what_holds_at_the_first_start_is_no_news() {
    let mut world = World::new();
    world.config = Some("alerts: { session_cost: 1, daily_budget: 10 }".to_owned());
    world.write("p/s.jsonl", now("1", 50_000_000));
    leave(&world, "s", 92.0, in_hours(3));
    let running = world.live();
    let mut alerts = running.listen();
    running.catch_up();
    running.catch_up();
    assert!(alerts.try_recv().is_err() && rows(&running).is_empty());
    running.stop();
}

#[test]
fn an_engine_that_only_answers_decides_nothing() {
    let world = World::new();
    let running = world.start();
    let mut alerts = running.listen();
    rise(&world, &running, 10.0);
    rise(&world, &running, 80.0);
    assert!(alerts.try_recv().is_err() && rows(&running).is_empty());
    let refused = running.try_to(Ask::TestAlert { rule: AlertRule::Block });
    assert_eq!(refused.map_err(|refusal| refusal.code), Err(RefusalCode::Offline));
    running.stop();
}

#[test]
fn a_pause_holds_over_a_restart() {
    let world = World::new();
    let (running, _) = calm(&world);
    let paused = status(&running, Ask::PauseAlerts { pause: Pause::Hour });
    let until = paused.paused_until.expect("it is paused");
    assert!((until - Utc::now() - TimeDelta::hours(1)).abs() < TimeDelta::minutes(1));
    running.stop();
    let running = world.live();
    let mut alerts = running.listen();
    rise(&world, &running, 80.0);
    assert!(alerts.try_recv().is_err());
    assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Paused)]);
    assert_eq!(running.snapshot().alerts.paused_until, Some(until));
    assert_eq!(status(&running, Ask::PauseAlerts { pause: Pause::Off }), AlertStatus::default());
    running.stop();
}

#[test]
fn in_quiet_hours_alerts_are_noted_and_not_shown() {
    let mut world = World::new();
    let local = Utc::now().with_timezone(&token_monitor_engine::zone::system());
    let hour = |by: i64| (local + TimeDelta::hours(by)).format("%H:%M").to_string();
    world.config = Some(format!("alerts: {{ quiet_hours: \"{}-{}\" }}", hour(-2), hour(2)));
    let (running, mut alerts) = calm(&world);
    rise(&world, &running, 80.0);
    assert!(alerts.try_recv().is_err());
    assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Quiet)]);
    running.stop();
}

#[test]
fn a_budget_of_the_week_counts_what_is_written_and_what_is_new() {
    let mut world = World::new();
    world.config = Some("alerts: { weekly_budget: 1000, monthly_budget: 1000000 }".to_owned());
    let (running, mut alerts) = calm(&world);
    world.append("p/s.jsonl", now("1", 900));
    running.catch_up();
    assert_eq!(running.next(&mut alerts).alert.title, "100 tokens of this week's budget left");
    running.stop();
}

#[test]
fn a_session_that_costs_too_much_is_told_by_its_name() {
    let mut world = World::new();
    world.config = Some("alerts: { session_cost: 5 }".to_owned());
    let (running, mut alerts) = calm(&world);
    let dear = Line { model: "claude-opus-5", minute: minutes_since_start(), ..line("1", 1_000_000) };
    world.append("p/s.jsonl", dear.ended());
    running.catch_up();
    let out = running.next(&mut alerts);
    assert_eq!(out.alert.title, "A session costs over $5");
    assert!(out.alert.body.contains("$25.00 so far, API-equivalent (measured)"), "{}", out.alert.body);
    running.stop();
}

#[test]
fn an_alert_that_was_not_shown_is_unseen_until_somebody_looks() {
    let world = World::new();
    let (running, mut alerts) = calm(&world);
    status(&running, Ask::TestAlert { rule: AlertRule::Week });
    let out = running.next(&mut alerts);
    assert!(out.is_test && out.alert.title.starts_with("Test: "));
    let why = Some("No notification service runs.".to_owned());
    let failed = Ask::AlertFate { id: out.id, fate: AlertFate::Failed, unavailable: why.clone() };
    let expected = AlertStatus { paused_until: None, unseen: 1, unavailable: why.clone() };
    assert_eq!(status(&running, failed), expected);
    assert_eq!(running.snapshot().alerts, expected);
    running.stop();
    let running = world.live();
    assert_eq!(running.snapshot().alerts.unseen, 1, "a restart is no look");
    assert_eq!(status(&running, Ask::SeeAlerts).unseen, 0);
    running.stop();
    let running = world.live();
    assert_eq!(running.snapshot().alerts.unseen, 0);
    assert!(rows(&running)[0].is_test);
    running.stop();
}

#[test]
fn an_alert_that_nobody_listens_for_has_failed() {
    let world = World::new();
    let (running, alerts) = calm(&world);
    drop(alerts);
    assert_eq!(status(&running, Ask::TestAlert { rule: AlertRule::Block }).unseen, 1);
    assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Failed)]);
    running.stop();
}

fn minutes_since_start() -> i64 {
    (Utc::now().timestamp() - START) / 60
}

fn now(id: &str, output: u64) -> String {
    Line { minute: minutes_since_start(), ..line(id, output) }.ended()
}
