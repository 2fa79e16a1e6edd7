//! Alerts for sessions that wait for the user.

use token_monitor_core::report::model::{AgentState, AgentStatus, NameSource, Route, SessionAgent};

use super::*;

fn agent(session: &str, state: AgentState, since: DateTime<Utc>) -> SessionAgent {
    SessionAgent {
        session_id: session.to_owned(),
        display_name: "fix the\u{202e} login".to_owned(),
        name_source: NameSource::CustomTitle,
        project_path: None,
        branch: None,
        models_used: [].into(),
        totals: None,
        is_muted: false,
        has_messages: true,
        status: AgentStatus {
            state,
            waiting_for: Some("permission prompt".to_owned()),
            waiting_tool: None,
            since,
            is_background: false,
        },
        context: None,
        prompt_cache: None,
    }
}

fn waiting_harness() -> AlertHarness {
    let mut harness = AlertHarness::new();
    harness.settings.agent_waiting = true;
    harness.snapshot.agents = vec![agent("s1", AgentState::Waiting, harness.now)];
    harness
}

#[test]
fn a_session_that_waits_for_a_minute_is_reported_once() {
    let mut harness = waiting_harness();
    assert_eq!(harness.sent_within(59), []);
    let alerts = harness.sent_within(2);
    let [alert] = alerts.as_slice() else { panic!("one: {alerts:?}") };
    assert_eq!(alert.title, "“fix the login” waits for you");
    assert_eq!(alert.body, "Since 12:00: permission prompt.");
    assert_eq!((alert.rule, &alert.route), (AlertRule::AgentWaiting, &Route::Session { session_id: "s1".to_owned() }));
    harness.restart();
    assert_eq!(harness.sent_after(60), [], "it still waits for the same answer");
}

#[test]
fn the_rule_is_off_by_default() {
    let mut harness = waiting_harness();
    harness.settings.agent_waiting = AlertSettings::default().agent_waiting;
    assert_eq!(harness.sent_after(5), []);
}

#[test]
fn a_session_that_was_answered_in_time_is_not_reported() {
    let mut harness = waiting_harness();
    assert_eq!(harness.sent_within(50), []);
    for state in [AgentState::Busy, AgentState::Idle] {
        harness.snapshot.agents = vec![agent("s1", state, harness.now)];
        assert_eq!(harness.sent_after(5), []);
    }
}

#[test]
fn the_next_time_a_session_waits_is_reported_again() {
    let mut harness = waiting_harness();
    assert_eq!(harness.sent_after(2).len(), 1);
    harness.snapshot.agents = vec![agent("s1", AgentState::Waiting, harness.now)];
    assert_eq!(harness.sent_after(0), []);
    assert_eq!(harness.sent_after(2).len(), 1);
}

#[test]
fn alerts_about_waiting_sessions_respect_quiet_hours_muting_and_the_rate_limit() {
    let mut harness = waiting_harness();
    harness.settings.quiet_hours = token_monitor_core::alerts::QuietHours::parse("11:00-13:00");
    assert_eq!(statuses(&harness.evaluate_after(2)), [(AlertRule::AgentWaiting, DeliveryStatus::QuietHours)]);

    let mut harness = waiting_harness();
    harness.snapshot.agents[0].is_muted = true;
    assert_eq!(statuses(&harness.evaluate_after(2)), [(AlertRule::AgentWaiting, DeliveryStatus::Muted)]);

    let mut harness = waiting_harness();
    let started = harness.now;
    harness.snapshot.agents = (0..20).map(|n| agent(&format!("s{n}"), AgentState::Waiting, started)).collect();
    let alerts = harness.sent_after(2);
    assert_eq!(titles(&alerts), ["12 alerts"], "they are combined, and the queue is bounded");
}
