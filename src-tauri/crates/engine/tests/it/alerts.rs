//! The fear: an alert comes twice, comes from the past, or comes in the night.

mod rules;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use token_monitor_core::alerts::AlertState;
use token_monitor_core::report::model::{AlertFate, AlertRow, AlertRule, AlertStatus, Pause};
use token_monitor_engine::{AlertOut, Answer, Ask, RefusalCode};
use token_monitor_store::Store;
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
    let known = known(&world);
    for _ in 0..2 {
        let running = world.live();
        let mut alerts = running.listen();
        rise(&world, &running, 81.0);
        assert!(alerts.try_recv().is_err(), "it was told before");
        assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Shown)]);
        running.stop();
        assert_eq!(self::known(&world), known, "nothing waits for its minute, and nothing was forgotten");
    }
}

/// Of what is known of alerts as the store has it: whether it was primed, what was said, and what waits.
fn known(world: &World) -> (Value, Vec<(Value, Value)>, Value) {
    let state: Value = serde_json::from_str(&stored(world).written()).expect("it is JSON");
    let said = state["episodes"].as_array().expect("what was said").iter();
    let said = said.map(|one| (one["subject"].clone(), one["said"].clone())).collect();
    (state["isPrimed"].clone(), said, state["held"].clone())
}

fn stored(world: &World) -> AlertState {
    let store = Store::open(&world.store()).expect("nobody has it");
    let state = store.alert_state().expect("it can be read").expect("something is known");
    store.close().expect("it closes");
    state
}

/// As if what has held since some instant had held for so much longer.
fn age(world: &World, minutes: i64) {
    let mut state: Value = serde_json::from_str(&stored(world).written()).expect("it is JSON");
    for streak in state["streaks"].as_array_mut().expect("what has held") {
        let since: DateTime<Utc> = serde_json::from_value(streak["since"].clone()).expect("a time");
        streak["since"] = json!(since - TimeDelta::minutes(minutes));
    }
    let state = AlertState::read(&state.to_string()).expect("it is one still");
    let mut store = Store::open(&world.store()).expect("nobody has it");
    store.write_alerts(&state, &[]).expect("it is written");
    store.close().expect("it closes");
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

/// Some hours around now are quiet.
fn in_quiet_hours() -> World {
    let mut world = World::new();
    let local = Utc::now().with_timezone(&token_monitor_engine::zone::system());
    let hour = |by: i64| (local + TimeDelta::hours(by)).format("%H:%M").to_string();
    world.config = Some(format!("alerts: {{ quiet_hours: \"{}-{}\" }}", hour(-2), hour(2)));
    world
}

#[test]
fn in_quiet_hours_alerts_are_noted_and_not_shown() {
    let world = in_quiet_hours();
    let (running, mut alerts) = calm(&world);
    rise(&world, &running, 80.0);
    assert!(alerts.try_recv().is_err());
    assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Quiet)]);
    running.stop();
}

#[test]
fn an_alert_that_was_not_shown_is_unseen_until_somebody_looks() {
    let world = World::new();
    let (running, mut alerts) = calm(&world);
    let why = Some("No notification service runs.".to_owned());
    let failed = |id| Ask::AlertFate { id, fate: AlertFate::Failed, unavailable: why.clone() };
    let (answer, out) = running.ask_and_tell(Ask::TestAlert { rule: AlertRule::Week }, &mut alerts, failed);
    assert!(out.is_test && out.alert.title.starts_with("Test: "));
    let expected = AlertStatus { paused_until: None, unseen: 1, unavailable: why.clone() };
    assert_eq!(answer, Answer::AlertStatus(expected.clone()), "whoever tried it hears what became of it");
    assert_eq!(running.snapshot().alerts, expected);
    let shown = |id| Ask::AlertFate { id, fate: AlertFate::Shown, unavailable: None };
    let (answer, _) = running.ask_and_tell(Ask::TestAlert { rule: AlertRule::Week }, &mut alerts, shown);
    let Answer::AlertStatus(now) = answer else { panic!("what holds of alerts") };
    assert_eq!(now.unavailable, None, "of this one, not of the one before");
    running.stop();
    let running = world.live();
    assert_eq!(running.snapshot().alerts.unseen, 1, "a restart is no look");
    assert_eq!(status(&running, Ask::SeeAlerts).unseen, 0);
    running.stop();
    let running = world.live();
    assert_eq!(running.snapshot().alerts.unseen, 0);
    assert!(rows(&running).iter().all(|row| row.is_test));
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

#[test]
fn an_alert_whose_fate_nobody_told_before_the_end_has_failed() {
    let world = World::new();
    let (running, mut alerts) = calm(&world);
    rise(&world, &running, 80.0);
    running.next(&mut alerts);
    assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Sent)]);
    running.stop();
    let running = world.live();
    assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Failed)]);
    assert_eq!(running.snapshot().alerts.unseen, 1, "surfaces say so");
    running.stop();
}

#[test]
fn alerts_do_not_wait_for_surfaces_that_are_seldom_shown_anything_new() {
    let mut world = World::new();
    world.config = Some("monitoring: { update_frequency: 1h }".to_owned());
    let (running, mut alerts) = calm(&world);
    leave(&world, "s", 80.0, in_hours(3));
    assert_eq!(running.next(&mut alerts).alert.title, "20 % of this block left");
    running.stop();
}

#[test]
fn what_quiet_hours_kept_back_is_summed_up_when_they_end() {
    let world = in_quiet_hours();
    let (running, mut alerts) = calm(&world);
    rise(&world, &running, 80.0);
    assert_eq!(fates(&running), [(AlertRule::Block, AlertFate::Quiet)]);
    running.ask(Ask::Change { key: "alerts.quiet_hours".to_owned(), value: Some(json!("none")) });
    running.catch_up();
    let alert = running.next(&mut alerts).alert.clone();
    assert_eq!((alert.title.as_str(), alert.body.as_str()), ("1 alert during quiet hours", "20 % of this block left"));
    running.stop();
}

fn minutes_since_start() -> i64 {
    (Utc::now().timestamp() - START) / 60
}

fn now(id: &str, output: u64) -> String {
    Line { minute: minutes_since_start(), ..line(id, output) }.ended()
}
