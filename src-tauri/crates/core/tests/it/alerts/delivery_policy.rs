//! Alerts that are not sent immediately, and their status.

use rstest::rstest;
use token_monitor_core::alerts::{QuietHours, Urgency, pause_end};
use token_monitor_core::report::model::{Pause, Route};

use super::*;

#[test]
fn conditions_at_the_first_start_are_not_reported() {
    let mut harness = AlertHarness::unprimed();
    harness.set_block_usage(92.0);
    assert_eq!(harness.evaluate(), []);
    assert_eq!(harness.sent_within(120), []);
    harness.set_block_usage(100.0);
    assert_eq!(titles(&harness.sent_after(1)), ["Nothing left of this block"], "later changes are");
}

#[test]
fn an_import_sends_no_alert_and_changes_no_state() {
    let mut harness = AlertHarness::unprimed();
    harness.snapshot.progress = Progress::Importing { files_done: 1, files: 2, bytes_done: 1, bytes: 2 };
    harness.set_block_usage(92.0);
    assert_eq!(harness.evaluate(), []);
    assert_eq!(harness.state, AlertState::default().with_app_opened());
    harness.snapshot.progress = Progress::Live;
    assert_eq!(harness.evaluate_after(1), [], "the first evaluation after it sends nothing");
    assert_eq!(harness.evaluate_after(1), []);
}

#[test]
fn a_restart_above_a_threshold_repeats_no_alert() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(1).len(), 1);
    for _ in 0..5 {
        harness.restart();
        assert_eq!(harness.evaluate_after(1), []);
    }
}

#[test]
fn a_change_while_the_program_was_not_running_is_reported_at_its_start() {
    let mut harness = AlertHarness::new();
    harness.restart();
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(90).len(), 1);
}

#[test]
fn stale_and_missing_figures_neither_trigger_an_alert_nor_count_as_a_drop() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(80.0);
    harness.set_stale(true);
    assert_eq!(harness.evaluate_after(1), []);
    harness.set_stale(false);
    assert_eq!(harness.sent_after(1).len(), 1);
    harness.set_block_usage(3.0);
    harness.set_stale(true);
    assert_eq!(harness.evaluate_after(1), []);
    (harness.snapshot.block_use, harness.snapshot.current_block) = (None, None);
    assert_eq!(harness.evaluate_after(1), []);
    harness.start_block(at("2026-03-01T10:00:00Z"));
    harness.set_block_usage(80.0);
    assert_eq!(harness.evaluate_after(1), [], "the stale drop did not count");
    harness.set_block_usage(3.0);
    harness.evaluate_after(1);
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(1).len(), 1, "the fresh drop counted");
}

#[test]
fn several_alerts_at_once_are_combined() {
    let mut harness = AlertHarness::new();
    (harness.settings.session_cost, harness.settings.burn_rate_minutes) = (Some(5), 0);
    harness.settings.max_tokens_per_minute = Some(1);
    harness.snapshot.burn_rate.tokens_per_minute = 5;
    harness.set_block_usage(91.0);
    harness.costly_sessions = (0..20)
        .map(|id| CostlySession { id: id.to_string(), name: "x".repeat(500), cost: 9.0, is_muted: false })
        .collect();
    harness.now += TimeDelta::minutes(1);
    let decisions = harness.evaluate();
    let is_dropped = |decision: &&DeliveryDecision| decision.status == DeliveryStatus::RateLimited;
    let dropped = decisions.iter().filter(is_dropped).count();
    let alerts = sent_alerts(decisions);
    let [alert] = alerts.as_slice() else { panic!("one: {alerts:?}") };
    assert_eq!((alert.title.as_str(), alert.rule, dropped), ("12 alerts", AlertRule::Block, 10));
    assert!(alert.body.starts_with("9% of this block left\nA session costs over $5\n"), "{}", alert.body);
    assert!(alert.body.chars().count() <= 200 && alert.body.contains("\nand "), "{}", alert.body);
    assert!(alert.cause.chars().count() <= 200);
    assert_eq!((&alert.route, alert.keys.len(), alert.replace_tag.as_str()), (&Route::Alerts, 12, "several"));
}

#[test]
fn one_alert_per_minute_is_sent_and_the_rest_is_combined() {
    let mut harness = AlertHarness::new();
    harness.settings.session_cost = Some(5);
    let session = |id: &str| CostlySession { id: id.to_owned(), name: id.to_owned(), cost: 9.0, is_muted: false };
    harness.costly_sessions = vec![session("a")];
    assert_eq!(harness.sent_within(1).len(), 1);
    harness.costly_sessions.push(session("b"));
    assert_eq!(harness.sent_within(20), []);
    harness.costly_sessions.push(session("c"));
    assert_eq!(harness.sent_within(39), []);
    let alerts = harness.sent_within(1);
    assert_eq!((titles(&alerts), alerts[0].keys.len()), (vec!["2 alerts"], 2));
}

#[test]
fn six_alerts_per_hour_are_sent_and_relevant_ones_later() {
    let mut harness = AlertHarness::new();
    harness.settings.session_cost = Some(5);
    let session = |id: usize| CostlySession { id: id.to_string(), name: String::new(), cost: 9.0, is_muted: false };
    let mut count = 0;
    for id in 0..20 {
        harness.costly_sessions.push(session(id));
        count += harness.sent_after(2).len();
    }
    assert_eq!(count, 6);
    harness.set_block_usage(91.0);
    assert_eq!(harness.sent_after(1), [], "it waits although it is more urgent");
    let (mut waited, mut alerts) = (0, Vec::new());
    while alerts.is_empty() {
        alerts = harness.sent_after(1);
        waited += 1;
    }
    assert!((15..=25).contains(&waited), "an hour after the first: {waited}");
    assert_eq!(alerts[0].rule, AlertRule::Block, "the most urgent first");
    assert_eq!(alerts[0].keys.len(), 12);
}

#[test]
fn an_expired_alert_is_not_sent_late() {
    let mut harness = AlertHarness::new();
    (harness.settings.max_tokens_per_minute, harness.settings.burn_rate_minutes, harness.settings.session_cost) =
        (Some(10), 0, Some(5));
    for id in 0..6 {
        let id = id.to_string();
        harness.costly_sessions.push(CostlySession { id, name: String::new(), cost: 9.0, is_muted: false });
        harness.evaluate_after(2);
    }
    harness.snapshot.burn_rate.tokens_per_minute = 50;
    assert_eq!(harness.evaluate_after(1), []);
    harness.snapshot.burn_rate.tokens_per_minute = 0;
    let decisions: Vec<DeliveryDecision> = (0..60).flat_map(|_| harness.evaluate_after(1)).collect();
    assert_eq!(statuses(&decisions), [(AlertRule::BurnRate, DeliveryStatus::RateLimited)]);
}

#[test]
fn alerts_in_quiet_hours_are_suppressed_and_summarized_afterwards() {
    let mut harness = AlertHarness::new();
    harness.settings.quiet_hours = QuietHours::parse("12:00-13:30");
    harness.set_block_usage(76.0);
    assert_eq!(statuses(&harness.evaluate_after(1)), [(AlertRule::Block, DeliveryStatus::QuietHours)]);
    harness.set_block_usage(92.0);
    assert_eq!(statuses(&harness.evaluate_after(1)), [(AlertRule::Block, DeliveryStatus::QuietHours)]);
    harness.set_week_usage(76.0);
    harness.evaluate_after(1);
    harness.restart();
    assert_eq!(harness.evaluate_after(80), []);
    let alerts = harness.sent_after(10);
    assert_eq!(titles(&alerts), ["2 alerts during quiet hours"]);
    assert_eq!(
        (alerts[0].body.as_str(), alerts[0].urgency),
        ("8% of this block left\n24% of the week left", Urgency::Low)
    );
    assert_eq!(harness.sent_within(120), []);
}

#[test]
fn turning_the_summary_off_discards_the_suppressed_alerts() {
    let mut harness = AlertHarness::new();
    harness.settings.quiet_hours = QuietHours::parse("12:00-13:30");
    harness.set_block_usage(76.0);
    assert_eq!(statuses(&harness.evaluate_after(1)), [(AlertRule::Block, DeliveryStatus::QuietHours)]);
    harness.settings.quiet_summary = false;
    assert_eq!(harness.evaluate_after(100), []);
    harness.settings.quiet_summary = true;
    assert_eq!(harness.evaluate_after(1), [], "they were discarded");
}

#[rstest]
#[case::quiet(DeliveryStatus::QuietHours)]
#[case::paused(DeliveryStatus::Paused)]
fn a_queued_alert_that_expires_during_quiet_hours_or_a_pause_has_that_status(#[case] status: DeliveryStatus) {
    let mut harness = AlertHarness::new();
    (harness.settings.session_cost, harness.settings.max_tokens_per_minute, harness.settings.burn_rate_minutes) =
        (Some(5), Some(10), 0);
    harness.costly_sessions =
        vec![CostlySession { id: "s".to_owned(), name: String::new(), cost: 9.0, is_muted: false }];
    assert_eq!(harness.sent_within(1).len(), 1);
    harness.snapshot.burn_rate.tokens_per_minute = 50;
    assert_eq!(harness.sent_within(1), [], "it waits for the rate limit");
    match status {
        DeliveryStatus::QuietHours => harness.settings.quiet_hours = QuietHours::parse("12:00-13:30"),
        _ => harness.state = harness.state.with_pause(Some(harness.now + TimeDelta::hours(1))),
    }
    let decisions: Vec<DeliveryDecision> = (0..20).flat_map(|_| harness.evaluate_after(1)).collect();
    assert_eq!(statuses(&decisions), [(AlertRule::BurnRate, status)]);
}

#[test]
fn a_newer_alert_replaces_a_queued_one_and_lists_its_cause() {
    let mut harness = AlertHarness::new();
    harness.set_week_usage(76.0);
    assert_eq!(harness.sent_within(1).len(), 1);
    for percent in [76.0, 91.0] {
        harness.set_block_usage(percent);
        assert_eq!(harness.sent_within(1), []);
    }
    let alerts = harness.sent_within(60);
    assert_eq!(titles(&alerts), ["9% of this block left"]);
    assert_eq!(alerts[0].cause, "91% of this block, threshold 90%; also 76% of this block, threshold 75%");
}

/// A state of version 1, where session costs and burn rates are in percent of their thresholds.
const VERSION_1: &str = r#"{"version":1,"isPrimed":true,"pausedUntil":null,"episodes":[
    {"rule":"block","subject":"block","span":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T15:00:00Z"},"said":75,"met":"2026-03-01T11:00:00Z"},
    {"rule":"burnRate","subject":"rate","span":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T15:00:00Z"},"said":100,"met":"2026-03-01T11:00:00Z"},
    {"rule":"sessionCost","subject":"s1","span":{"start":"1970-01-01T00:00:00Z","end":"9999-12-31T23:59:59Z"},"said":100,"met":"2026-03-01T11:00:00Z"}],
    "streaks":[{"rule":"burnRate","since":"2026-03-01T11:50:00Z","last":"2026-03-01T11:59:00Z"}],
    "awaited":[],"held":[],"kept":[],"sent":["2026-03-01T11:00:00Z"]}"#;

#[test]
fn alerts_of_an_earlier_version_are_not_repeated() {
    let mut harness = AlertHarness::unprimed();
    harness.state = AlertState::from_json(VERSION_1).expect("it is converted");
    (
        harness.settings.max_tokens_per_minute,
        harness.settings.max_dollars_per_hour,
        harness.settings.burn_rate_minutes,
    ) = (Some(10), Some(1), 1);
    harness.settings.session_cost = Some(200);
    harness.set_block_usage(80.0);
    (harness.snapshot.burn_rate.tokens_per_minute, harness.snapshot.burn_rate.cost_per_hour) = (50, Some(9.0));
    harness.costly_sessions =
        vec![CostlySession { id: "s1".to_owned(), name: String::new(), cost: 210.0, is_muted: false }];
    assert_eq!(harness.sent_within(600), []);
    harness.set_block_usage(92.0);
    assert_eq!(titles(&harness.sent_after(1)), ["8% of this block left"], "a new one is sent");
}

/// A state of version 2 with every kind of entry, under its stored names.
const VERSION_2: &str = concat!(
    r#"{"version":2,"isPrimed":true,"pausedUntil":null,"#,
    r#""episodes":[{"rule":"cleaning","subject":"logs","span":{"start":"2026-03-01T00:00:00Z","end":"2026-03-04T00:00:00Z"},"said":100,"met":"2026-03-01T11:00:00Z"}],"#,
    r#""streaks":[{"rule":"burnRate","subject":"rate over 10","since":"2026-03-01T11:50:00Z","last":"2026-03-01T11:59:00Z"}],"#,
    r#""awaited":[{"subject":"block","name":"block","span":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T15:00:00Z"},"used":97,"label":"official"}],"#,
    r#""held":[{"part":{"rule":"limitHit","subject":"block","step":100,"span":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T15:00:00Z"}},"title":"t","body":"b","cause":"c","route":{"page":"now"},"urgency":"critical","at":"2026-03-01T11:00:00Z","until":"2026-03-01T15:00:00Z","isMuted":false}],"#,
    r#""kept":[],"sent":["2026-03-01T11:00:00Z"]}"#,
);

#[test]
fn a_stored_state_keeps_its_names() {
    let state = AlertState::from_json(VERSION_2).expect("a state of this version");
    assert_eq!(state.to_json(), VERSION_2);
}

#[test]
fn expired_alerts_are_not_summarized() {
    let mut harness = AlertHarness::new();
    harness.settings.quiet_hours = QuietHours::parse("12:00-16:00");
    harness.set_block_usage(76.0);
    harness.evaluate_after(1);
    (harness.snapshot.current_block, harness.snapshot.block_use) = (None, None);
    harness.now = at("2026-03-01T16:00:00Z");
    assert_eq!(harness.evaluate(), [], "that block is over");
}

#[test]
fn without_a_summary_nothing_is_sent_after_quiet_hours() {
    let mut harness = AlertHarness::new();
    (harness.settings.quiet_hours, harness.settings.quiet_summary) = (QuietHours::parse("12:00-13:30"), false);
    harness.set_block_usage(76.0);
    assert_eq!(statuses(&harness.evaluate_after(1)), [(AlertRule::Block, DeliveryStatus::QuietHours)]);
    assert_eq!(harness.evaluate_after(100), []);
}

#[rstest]
#[case(Pause::FifteenMinutes, 15)]
#[case(Pause::ThirtyMinutes, 30)]
#[case(Pause::Hour, 60)]
#[case(Pause::UntilReset, 180)]
#[case(Pause::UntilTomorrow, 720)]
fn a_pause_lasts_until_its_end_across_a_restart(#[case] pause: Pause, #[case] minutes: i64) {
    let mut harness = AlertHarness::new();
    let until = pause_end(
        pause,
        harness.now,
        harness.zone,
        harness.snapshot.current_block.as_ref().map(|block| block.end_time),
    );
    harness.state = harness.state.with_pause(until);
    harness.restart();
    assert_eq!(harness.state.active_pause(harness.now), Some(harness.now + TimeDelta::minutes(minutes)));
    harness.set_week_usage(76.0);
    assert_eq!(statuses(&harness.evaluate_after(minutes - 1)), [(AlertRule::Week, DeliveryStatus::Paused)]);
    harness.set_week_usage(92.0);
    assert_eq!(titles(&harness.sent_after(1)), ["8% of the week left"]);
}

#[test]
fn a_pause_can_be_ended() {
    let mut harness = AlertHarness::new();
    harness.state = harness.state.with_pause(Some(harness.now + TimeDelta::hours(1))).with_pause(None);
    harness.set_block_usage(76.0);
    assert_eq!(harness.sent_after(1).len(), 1);
}

#[test]
fn an_alert_of_a_muted_session_is_listed_and_never_sent() {
    let mut harness = AlertHarness::new();
    harness.settings.session_cost = Some(5);
    harness.costly_sessions =
        vec![CostlySession { id: "s".to_owned(), name: String::new(), cost: 9.0, is_muted: true }];
    assert_eq!(statuses(&harness.evaluate_after(1)), [(AlertRule::SessionCost, DeliveryStatus::Muted)]);
    harness.costly_sessions[0].is_muted = false;
    assert_eq!(harness.evaluate_after(1), []);
}

#[test]
fn turning_alerts_off_discards_suppressed_alerts() {
    let mut harness = AlertHarness::new();
    harness.settings.quiet_hours = QuietHours::parse("12:00-13:30");
    harness.set_block_usage(76.0);
    harness.evaluate_after(1);
    harness.settings.enabled = false;
    harness.set_block_usage(92.0);
    assert_eq!(harness.evaluate_after(100), []);
    harness.settings.enabled = true;
    assert_eq!(titles(&harness.sent_after(1)), ["8% of this block left"], "current conditions are reported");
}
