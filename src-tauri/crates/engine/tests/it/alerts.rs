//! Alerts across restarts, at the first start, during a pause and in quiet hours.

mod rules;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use token_monitor_core::alerts::AlertState;
use token_monitor_core::report::model::{AlertRow, AlertRule, AlertStatus, DeliveryStatus, Pause};
use token_monitor_engine::{ErrorCode, OutgoingAlert, Request, Response};
use token_monitor_store::Store;
use tokio::sync::broadcast::Receiver;

use crate::harness::{Line, START, TestEngine, TestEnv, line};
use crate::quota::{hours_from_now, write_inbox_note};

type Alerts = Receiver<Arc<OutgoingAlert>>;

/// Starts an engine of a user who has opened the app, and subscribes a notifier.
fn env_of_known_user(env: &TestEnv) -> (TestEngine, Alerts) {
    let running = env.live();
    let alerts = running.listen();
    running.request(Request::MarkAppOpened);
    (running, alerts)
}

/// Starts an engine with 10% of the block used, and subscribes a notifier.
fn env_with_low_usage(env: &TestEnv) -> (TestEngine, Alerts) {
    let (running, alerts) = env_of_known_user(env);
    write_inbox_note(env, "s", 10.0, hours_from_now(3));
    running.sync();
    (running, alerts)
}

/// Raises the official figure and waits until alerts are evaluated.
fn raise_quota(env: &TestEnv, running: &TestEngine, percent: f64) {
    write_inbox_note(env, "s", percent, hours_from_now(3));
    running.sync();
}

fn rows(running: &TestEngine) -> Vec<AlertRow> {
    let Response::Alerts(rows) = running.request(Request::Alerts { limit: 100 }) else { panic!("alerts") };
    rows
}

fn delivery_statuses(running: &TestEngine) -> Vec<(AlertRule, DeliveryStatus)> {
    rows(running).iter().map(|row| (row.rule, row.fate)).collect()
}

fn status(running: &TestEngine, ask: Request) -> AlertStatus {
    let Response::AlertStatus(status) = running.request(ask) else { panic!("what holds of alerts") };
    status
}

#[test]
fn an_alert_is_sent_once_across_restarts() {
    let env = TestEnv::new();
    let (running, mut alerts) = env_with_low_usage(&env);
    raise_quota(&env, &running, 80.0);
    let out = running.next(&mut alerts);
    assert_eq!((out.alert.title.as_str(), out.is_test), ("20% of this block left", false));
    let shown = Request::ReportAlertStatus { id: out.id, status: DeliveryStatus::Shown, unavailable: None };
    assert_eq!(status(&running, shown), AlertStatus::default());
    running.stop();
    let stored_alert_state = stored_alert_state(&env);
    for _ in 0..2 {
        let running = env.live();
        let mut alerts = running.listen();
        raise_quota(&env, &running, 81.0);
        assert!(alerts.try_recv().is_err(), "it was sent before");
        assert_eq!(delivery_statuses(&running), [(AlertRule::Block, DeliveryStatus::Shown)]);
        running.stop();
        assert_eq!(
            self::stored_alert_state(&env),
            stored_alert_state,
            "nothing waits for its minute, and nothing was forgotten"
        );
    }
}

/// Returns parts of the stored state: the primed flag, the notified thresholds and the deferred alerts.
fn stored_alert_state(env: &TestEnv) -> (Value, Vec<(Value, Value)>, Value) {
    let state: Value = serde_json::from_str(&load_alert_state(env).to_json()).expect("it is JSON");
    let notified = state["episodes"].as_array().expect("the episodes").iter();
    let notified = notified.map(|one| (one["subject"].clone(), one["said"].clone())).collect();
    (state["isPrimed"].clone(), notified, state["held"].clone())
}

fn load_alert_state(env: &TestEnv) -> AlertState {
    let store = Store::open(&env.store()).expect("it is free");
    let state = store.alert_state().expect("it can be read").expect("something is known");
    store.close().expect("it closes");
    state
}

/// Moves the start of all sustained conditions back by a number of minutes.
fn age_sustained_conditions(env: &TestEnv, minutes: i64) {
    let mut state: Value = serde_json::from_str(&load_alert_state(env).to_json()).expect("it is JSON");
    for streak in state["streaks"].as_array_mut().expect("the streaks") {
        let since: DateTime<Utc> = serde_json::from_value(streak["since"].clone()).expect("a time");
        streak["since"] = json!(since - TimeDelta::minutes(minutes));
    }
    let state = AlertState::from_json(&state.to_string()).expect("it is one still");
    let mut store = Store::open(&env.store()).expect("it is free");
    store.write_alerts(&state, &[]).expect("it is written");
    store.close().expect("it closes");
}

#[test]
fn conditions_at_the_first_start_send_no_alert() {
    let mut env = TestEnv::new();
    env.config = Some("alerts: { session_cost: 1, daily_budget: 10 }".to_owned());
    env.write("p/s.jsonl", now("1", 50_000_000));
    write_inbox_note(&env, "s", 92.0, hours_from_now(3));
    let (running, mut alerts) = env_of_known_user(&env);
    running.sync();
    running.sync();
    assert!(alerts.try_recv().is_err() && rows(&running).is_empty());
    running.stop();
}

#[test]
fn a_new_installation_sends_no_alert_before_the_app_is_opened() {
    let env = TestEnv::new();
    let running = env.live();
    let mut alerts = running.listen();
    raise_quota(&env, &running, 10.0);
    raise_quota(&env, &running, 80.0);
    assert!(alerts.try_recv().is_err() && rows(&running).is_empty());
    running.stop();
    let running = env.live();
    let mut alerts = running.listen();
    running.request(Request::MarkAppOpened);
    running.sync();
    assert!(alerts.try_recv().is_err() && rows(&running).is_empty(), "80% was there before");
    raise_quota(&env, &running, 92.0);
    assert_eq!(running.next(&mut alerts).alert.title, "8% of this block left");
    running.stop();
}

#[test]
fn an_on_demand_engine_evaluates_no_alerts() {
    let env = TestEnv::new();
    let running = env.start();
    let mut alerts = running.listen();
    raise_quota(&env, &running, 10.0);
    raise_quota(&env, &running, 80.0);
    assert!(alerts.try_recv().is_err() && rows(&running).is_empty());
    let rejected = running.try_request(Request::TestAlert { rule: AlertRule::Block });
    assert_eq!(rejected.map_err(|error| error.code), Err(ErrorCode::Offline));
    running.stop();
}

#[test]
fn a_pause_continues_after_a_restart() {
    let env = TestEnv::new();
    let (running, _) = env_with_low_usage(&env);
    let paused = status(&running, Request::PauseAlerts { pause: Pause::Hour });
    let until = paused.paused_until.expect("it is paused");
    assert!((until - Utc::now() - TimeDelta::hours(1)).abs() < TimeDelta::minutes(1));
    running.stop();
    let running = env.live();
    let mut alerts = running.listen();
    raise_quota(&env, &running, 80.0);
    assert!(alerts.try_recv().is_err());
    assert_eq!(delivery_statuses(&running), [(AlertRule::Block, DeliveryStatus::Paused)]);
    assert_eq!(running.snapshot().alerts.paused_until, Some(until));
    assert_eq!(status(&running, Request::PauseAlerts { pause: Pause::Off }), AlertStatus::default());
    running.stop();
}

/// Creates an environment with quiet hours around the current time.
fn in_quiet_hours() -> TestEnv {
    let mut env = TestEnv::new();
    let local = Utc::now().with_timezone(&token_monitor_engine::zone::system_zone());
    let hour = |by: i64| (local + TimeDelta::hours(by)).format("%H:%M").to_string();
    env.config = Some(format!("alerts: {{ quiet_hours: \"{}-{}\" }}", hour(-2), hour(2)));
    env
}

#[test]
fn alerts_in_quiet_hours_are_listed_but_not_sent() {
    let env = in_quiet_hours();
    let (running, mut alerts) = env_with_low_usage(&env);
    raise_quota(&env, &running, 80.0);
    assert!(alerts.try_recv().is_err());
    assert_eq!(delivery_statuses(&running), [(AlertRule::Block, DeliveryStatus::QuietHours)]);
    running.stop();
}

#[test]
fn a_failed_alert_is_unseen_until_alerts_are_marked_seen() {
    let env = TestEnv::new();
    let (running, mut alerts) = env_with_low_usage(&env);
    let why = Some("No notification service runs.".to_owned());
    let failed = |id| Request::ReportAlertStatus { id, status: DeliveryStatus::Failed, unavailable: why.clone() };
    let (answer, out) = running.request_and_report(Request::TestAlert { rule: AlertRule::Week }, &mut alerts, failed);
    assert!(out.is_test && out.alert.title.starts_with("Test: "));
    let expected = AlertStatus { paused_until: None, unseen: 1, unavailable: why.clone() };
    assert_eq!(answer, Response::AlertStatus(expected.clone()), "the response has the delivery status");
    assert_eq!(running.snapshot().alerts, expected);
    let shown = |id| Request::ReportAlertStatus { id, status: DeliveryStatus::Shown, unavailable: None };
    let (answer, _) = running.request_and_report(Request::TestAlert { rule: AlertRule::Week }, &mut alerts, shown);
    let Response::AlertStatus(now) = answer else { panic!("what holds of alerts") };
    assert_eq!(now.unavailable, None, "of this one, not of the one before");
    running.stop();
    let running = env.live();
    assert_eq!(running.snapshot().alerts.unseen, 1, "a restart is no look");
    assert_eq!(status(&running, Request::MarkAlertsSeen).unseen, 0);
    running.stop();
    let running = env.live();
    assert_eq!(running.snapshot().alerts.unseen, 0);
    assert!(rows(&running).iter().all(|row| row.is_test));
    running.stop();
}

#[test]
fn an_alert_without_a_notifier_fails() {
    let env = TestEnv::new();
    let (running, alerts) = env_with_low_usage(&env);
    drop(alerts);
    assert_eq!(status(&running, Request::TestAlert { rule: AlertRule::Block }).unseen, 1);
    assert_eq!(delivery_statuses(&running), [(AlertRule::Block, DeliveryStatus::Failed)]);
    running.stop();
}

#[test]
fn an_alert_without_a_report_before_the_end_has_failed() {
    let env = TestEnv::new();
    let (running, mut alerts) = env_with_low_usage(&env);
    raise_quota(&env, &running, 80.0);
    running.next(&mut alerts);
    assert_eq!(delivery_statuses(&running), [(AlertRule::Block, DeliveryStatus::Sent)]);
    running.stop();
    let running = env.live();
    assert_eq!(delivery_statuses(&running), [(AlertRule::Block, DeliveryStatus::Failed)]);
    assert_eq!(running.snapshot().alerts.unseen, 1, "the snapshot has it");
    running.stop();
}

#[test]
fn alerts_do_not_wait_for_a_long_update_interval() {
    let mut env = TestEnv::new();
    env.config = Some("monitoring: { update_frequency: 1h }".to_owned());
    let (running, mut alerts) = env_with_low_usage(&env);
    write_inbox_note(&env, "s", 80.0, hours_from_now(3));
    assert_eq!(running.next(&mut alerts).alert.title, "20% of this block left");
    running.stop();
}

#[test]
fn alerts_deferred_by_quiet_hours_are_summarized_at_their_end() {
    let env = in_quiet_hours();
    let (running, mut alerts) = env_with_low_usage(&env);
    raise_quota(&env, &running, 80.0);
    assert_eq!(delivery_statuses(&running), [(AlertRule::Block, DeliveryStatus::QuietHours)]);
    running.request(Request::SetSetting { key: "alerts.quiet_hours".to_owned(), value: Some(json!("none")) });
    running.sync();
    let alert = running.next(&mut alerts).alert.clone();
    assert_eq!((alert.title.as_str(), alert.body.as_str()), ("1 alert during quiet hours", "20% of this block left"));
    running.stop();
}

fn minutes_since_start() -> i64 {
    (Utc::now().timestamp() - START) / 60
}

fn now(id: &str, output: u64) -> String {
    Line { minute: minutes_since_start(), ..line(id, output) }.with_newline()
}
