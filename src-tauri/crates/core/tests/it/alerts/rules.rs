//! The texts and conditions of the other rules.

use rstest::rstest;
use token_monitor_core::alerts::{Budget, Urgency, sample_alert};
use token_monitor_core::report::model::{ReachedLimit, Route};

use super::forecasts::set_forecast;
use super::*;

#[rstest]
#[case(49.9, &[])]
#[case(50.0, &["50% of this block left"])]
#[case(75.0, &["25% of this block left"])]
#[case(89.9, &["10% of this block left"])]
#[case(99.9, &["1% of this block left"])]
#[case(97.0, &["3% of this block left"])]
#[case(100.0, &["Nothing left of this block"])]
fn a_block_has_an_alert_for_each_threshold(#[case] percent: f64, #[case] expected: &[&str]) {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(percent);
    assert_eq!(titles(&harness.sent_after(1)), expected);
    assert_eq!(harness.sent_after(2), [], "once");
}

#[test]
fn a_block_alert_has_the_remaining_share_the_used_share_and_the_provenance() {
    let mut harness = AlertHarness::new();
    harness.zone = chrono_tz::Asia::Kathmandu;
    harness.set_block_usage(82.4);
    let alerts = harness.sent_after(1);
    let [alert] = alerts.as_slice() else { panic!("one: {alerts:?}") };
    assert_eq!(alert.title, "18% of this block left");
    assert_eq!(alert.body, "82% used (official). Resets at 20:45, in 2h 59m.");
    assert_eq!(alert.cause, "82% of this block, threshold 75%");
    assert_eq!((alert.urgency, &alert.route, alert.sound), (Urgency::Normal, &Route::Now, false));
}

#[rstest]
#[case(50.0, Urgency::Low)]
#[case(75.0, Urgency::Normal)]
#[case(90.0, Urgency::Normal)]
#[case(100.0, Urgency::Critical)]
fn urgency_depends_on_the_threshold(#[case] percent: f64, #[case] urgency: Urgency) {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(percent);
    assert_eq!(harness.sent_after(1)[0].urgency, urgency);
}

#[test]
fn thresholds_are_configurable() {
    let mut harness = AlertHarness::new();
    harness.settings.block_thresholds = vec![33];
    harness.set_block_usage(32.0);
    assert_eq!(harness.sent_after(1), []);
    harness.set_block_usage(99.0);
    assert_eq!(titles(&harness.sent_after(1)), ["1% of this block left"]);
    harness.set_block_usage(100.0);
    assert_eq!(harness.sent_after(2), []);
}

#[test]
fn of_several_windows_the_most_urgent_is_reported_and_lists_the_others() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(76.0);
    harness.set_week_usage(91.0);
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["9% of the week left"]);
    assert_eq!(alerts[0].body, "91% used (official). Resets at Thu 09:00, in 3d 20h. Also: 24% of this block left.");
    assert_eq!(alerts[0].cause, "91% of the week, threshold 90%; also 76% of this block, threshold 75%");
    assert_eq!(harness.sent_within(120), [], "the other counts as notified");
}

#[test]
fn alerts_tell_accounts_apart() {
    let mut harness = AlertHarness::new();
    let resets = at("2026-03-05T09:00:00Z");
    let row = |account: &str, percent, now| QuotaStats {
        account: Some(account.to_owned()),
        ..quota_row(WindowKind::Weekly, percent, resets, now)
    };
    let rows =
        |first: (&str, f64), second: (&str, f64), now| vec![row(first.0, first.1, now), row(second.0, second.1, now)];
    harness.snapshot.quota = rows(("~/.claude", 10.0), ("~/.claude-work", 20.0), harness.now);
    assert!(harness.sent_after(1).is_empty());
    harness.snapshot.quota = rows(("~/.claude", 10.0), ("~/.claude-work", 92.0), harness.now);
    let sent = harness.sent_after(1);
    let [alert] = sent.as_slice() else { panic!("one alert: {sent:?}") };
    assert_eq!(alert.title, "8% of the week of ~/.claude-work left");
    harness.snapshot.quota = rows(("~/.claude-work", 92.0), ("~/.claude", 10.0), harness.now);
    assert!(harness.sent_after(60).is_empty(), "the order of the accounts does not matter");
    harness.snapshot.quota = rows(("~/.claude-work", 92.0), ("~/.claude", 91.0), harness.now);
    let titles: Vec<_> = harness.sent_after(60).into_iter().map(|alert| alert.title).collect();
    assert_eq!(titles, ["9% of the week of ~/.claude left"]);
}

#[test]
fn the_week_of_a_model_family_has_its_name() {
    let mut harness = AlertHarness::new();
    harness.set_week_usage(90.0);
    (harness.snapshot.quota[0].window, harness.snapshot.quota[0].scope) =
        (WindowKind::WeeklyScoped, Some("Opus".to_owned()));
    assert_eq!(titles(&harness.sent_after(1)), ["10% of the Opus week left"]);
}

#[test]
fn a_reached_limit_is_reported_once_instead_of_its_threshold() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(100.0);
    harness.snapshot.quota[0].origin = QuotaOrigin::LimitMessage;
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["The five-hour limit is reached"]);
    let body = "Reported by Claude Code at 12:00 (official). Resets at 15:00, in 2h 59m.";
    assert_eq!((alerts[0].body.as_str(), alerts[0].urgency), (body, Urgency::Critical));
    harness.snapshot.quota[0].origin = QuotaOrigin::StatusLine;
    harness.evaluate_after(1);
    harness.snapshot.quota[0].origin = QuotaOrigin::LimitMessage;
    assert_eq!(harness.sent_within(120), []);
}

#[test]
fn a_limit_reached_without_a_reset_time_is_reported_once() {
    let mut harness = AlertHarness::new();
    let reached = |time| ReachedLimit { window: WindowKind::SpendLimit, scope: None, reached_at: at(time) };
    harness.snapshot.reached_limits = vec![reached("2026-03-01T12:00:00Z")];
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["The spend limit is reached"]);
    assert_eq!(alerts[0].body, "Reported by Claude Code at 12:00 (official). No reset time was given.");
    harness.snapshot.reached_limits = vec![reached("2026-03-01T12:01:00Z")];
    assert_eq!(harness.sent_after(1), [], "a further attempt is no news");
}

/// Sets the source of the five-hour window's figure.
fn set_origin(harness: &mut AlertHarness, origin: QuotaOrigin) {
    harness.snapshot.quota[0].origin = origin;
}

#[test]
fn a_limit_at_100_percent_and_its_limit_message_are_one_alert_in_either_order() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(100.0);
    assert_eq!(titles(&harness.sent_after(1)), ["Nothing left of this block"]);
    set_origin(&mut harness, QuotaOrigin::LimitMessage);
    assert_eq!(harness.sent_after(5), []);
    let mut harness = AlertHarness::new();
    harness.set_block_usage(97.0);
    set_origin(&mut harness, QuotaOrigin::LimitMessage);
    assert_eq!(titles(&harness.sent_after(1)), ["The five-hour limit is reached"]);
    harness.set_block_usage(100.0);
    assert_eq!(harness.sent_after(5), []);
}

#[test]
fn a_comparison_with_past_blocks_does_not_suppress_a_limit_message() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(130.0);
    harness.snapshot.block_use.as_mut().expect("it was set").basis = LimitBasis::P90;
    harness.snapshot.quota.clear();
    assert_eq!(harness.sent_after(1), []);
    harness.set_block_usage(100.0);
    set_origin(&mut harness, QuotaOrigin::LimitMessage);
    assert_eq!(titles(&harness.sent_after(1)), ["The five-hour limit is reached"]);
}

#[test]
fn after_a_refill_the_limit_is_reported_again() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(100.0);
    set_origin(&mut harness, QuotaOrigin::LimitMessage);
    assert_eq!(harness.sent_after(1).len(), 1);
    harness.set_block_usage(3.0);
    assert_eq!(harness.sent_after(1), []);
    harness.set_block_usage(100.0);
    assert_eq!(titles(&harness.sent_after(1)), ["Nothing left of this block"]);
}

#[rstest]
#[case::dollars(Budget::Dollars(20), 15.99, &[])]
#[case::at_80_percent(Budget::Dollars(20), 16.0, &["$4.00 of today's budget left"])]
#[case::used_up(Budget::Dollars(20), 20.0, &["Today's budget is used up"])]
#[case::tokens(Budget::Tokens(2_000_000), 0.0, &["400,000 tokens of today's budget left"])]
fn a_day_has_a_budget(#[case] budget: Budget, #[case] cost: f64, #[case] expected: &[&str]) {
    let mut harness = AlertHarness::new();
    harness.settings.daily_budget = Some(budget);
    let totals = &mut harness.snapshot.today.totals;
    (totals.total_cost, totals.total_tokens) = (Some(cost), 1_600_000);
    assert_eq!(titles(&harness.sent_after(1)), expected);
    assert_eq!(harness.sent_after(2), []);
}

#[test]
fn weeks_and_months_have_budgets_of_their_own() {
    let mut harness = AlertHarness::new();
    (harness.settings.weekly_budget, harness.settings.monthly_budget) =
        (Some(Budget::Dollars(100)), Some(Budget::Dollars(300)));
    assert_eq!(harness.sent_after(1), [], "the usage is unknown");
    (harness.week_usage, harness.month_usage) =
        (Some(Amount { tokens: 1, cost: Some(85.5) }), Some(Amount { tokens: 1, cost: None }));
    let alerts = harness.sent_after(1);
    assert_eq!(
        titles(&alerts),
        ["$14.50 of this week's budget left"],
        "without prices the usage of the month is unknown"
    );
    assert_eq!(alerts[0].body, "$85.50 of $100 used, API-equivalent (measured).");
    harness.month_usage = Some(Amount { tokens: 1, cost: Some(310.0) });
    assert_eq!(titles(&harness.sent_after(1)), ["This month's budget is used up"]);
}

fn costly_session(name: &str, cost: f64) -> CostlySession {
    CostlySession { id: "s1".to_owned(), name: name.to_owned(), cost, is_muted: false }
}

#[test]
fn a_costly_session_is_reported_once_with_a_sanitized_name() {
    let mut harness = AlertHarness::new();
    harness.settings.session_cost = Some(5);
    harness.costly_sessions = vec![costly_session("the\u{1b}[31m\nshop\u{202e} <b>&", 5.4)];
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["A session costs over $5"]);
    assert_eq!(alerts[0].body, "“the[31m shop <b>&”: $5.40 so far, API-equivalent (measured).");
    assert_eq!(alerts[0].route, Route::Session { session_id: "s1".to_owned() });
    harness.costly_sessions = vec![costly_session("shop", 50.0)];
    assert_eq!(harness.sent_after(60 * 24 * 40), []);
}

#[test]
fn a_raised_session_threshold_is_reported_when_crossed() {
    let mut harness = AlertHarness::new();
    harness.settings.session_cost = Some(5);
    harness.costly_sessions = vec![costly_session("shop", 5.4)];
    assert_eq!(harness.sent_after(1).len(), 1);
    harness.settings.session_cost = Some(50);
    assert_eq!(harness.sent_after(2), []);
    harness.costly_sessions = vec![costly_session("shop", 50.0)];
    assert_eq!(titles(&harness.sent_after(1)), ["A session costs over $50"]);
    harness.settings.session_cost = Some(5);
    assert_eq!(harness.sent_after(2), [], "a lower one was crossed with it");
}

#[test]
fn a_long_session_id_is_truncated() {
    let mut harness = AlertHarness::new();
    harness.settings.session_cost = Some(5);
    harness.costly_sessions = vec![CostlySession { id: "\u{1}".repeat(100_000), ..costly_session("shop", 5.4) }];
    let alert = harness.sent_after(1).remove(0);
    let written = serde_json::to_string(&alert.to_row(1, DeliveryStatus::Sent, false)).expect("it is JSON");
    assert!(written.len() < 4_096, "it fits into any pipe");
    assert!(harness.state.to_json().len() < 4_096);
}

fn expiring(logs: u64) -> ExpiringLogs {
    ExpiringLogs { logs: Some((logs, at("2026-03-03T10:00:00Z"))), unreadable_folders: 0, retention_days: 30 }
}

#[test]
fn expiring_logs_are_reported_once() {
    let mut harness = AlertHarness::new();
    harness.expiring_logs = expiring(3);
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["3 logs will be deleted before they are read"]);
    assert!(alerts[0].body.starts_with("Claude Code deletes logs after 30 days. First deletion: Tue 10:00."));
    for _ in 0..10 {
        assert_eq!(harness.sent_after(60 * 24), [], "as long as there are such logs");
    }
    harness.expiring_logs = ExpiringLogs::default();
    harness.evaluate_after(60 * 24 * 4);
    harness.expiring_logs = expiring(1);
    assert_eq!(titles(&harness.sent_after(1)), ["1 log will be deleted before it is read"]);
}

#[test]
fn an_unreadable_folder_is_reported_once_in_addition_to_logs() {
    let mut harness = AlertHarness::new();
    harness.expiring_logs = expiring(3);
    assert_eq!(harness.sent_after(1).len(), 1);
    harness.expiring_logs.unreadable_folders = 1;
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["Cannot read 1 log folder"]);
    assert!(alerts[0].body.starts_with("Claude Code deletes logs after 30 days, read or not."));
    assert_eq!(harness.sent_after(60 * 24), []);
}

#[test]
fn a_disabled_rule_sends_no_alert() {
    let mut harness = AlertHarness::new();
    let off = AlertSettings {
        block_thresholds: Vec::new(),
        week_thresholds: Vec::new(),
        forecast: false,
        reset: false,
        limit_reached: false,
        log_retention: false,
        ..AlertSettings::default()
    };
    harness.settings = off;
    set_forecast(&mut harness, 200.0, 300.0);
    harness.set_week_usage(100.0);
    harness.snapshot.quota[1].origin = QuotaOrigin::LimitMessage;
    harness.expiring_logs = expiring(3);
    harness.costly_sessions = vec![costly_session("shop", 50.0)];
    assert_eq!(harness.sent_within(600), []);
}

#[test]
fn a_sample_alert_is_marked_as_a_test() {
    for rule in AlertRule::ALL {
        let alert = sample_alert(rule, at("2026-03-01T12:00:00Z"), Tz::UTC, true);
        assert!(alert.title.starts_with("Test: ") && alert.body.contains("Sample figures"), "{alert:?}");
        assert!(alert.body.chars().count() <= 200 && alert.sound && alert.rule == rule);
    }
}
