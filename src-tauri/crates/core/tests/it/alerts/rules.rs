//! What each of the other rules says, word for word, and when it is silent.

use rstest::rstest;
use token_monitor_core::alerts::{Budget, Urgency, sample};
use token_monitor_core::report::model::Route;

use super::forecasts::foretell;
use super::*;

#[rstest]
#[case(49.9, &[])]
#[case(50.0, &["50 % of this block left"])]
#[case(75.0, &["25 % of this block left"])]
#[case(89.9, &["11 % of this block left"])]
#[case(97.0, &["3 % of this block left"])]
#[case(100.0, &["Nothing of this block left"])]
fn a_block_tells_of_its_thresholds(#[case] percent: f64, #[case] expected: &[&str]) {
    let mut desk = Desk::new();
    desk.block(percent);
    assert_eq!(titles(&desk.sent_after(1)), expected);
    assert_eq!(desk.sent_after(2), [], "once");
}

#[test]
fn a_block_says_what_remains_before_what_is_used_and_who_says_so() {
    let mut desk = Desk::new();
    desk.zone = chrono_tz::Asia::Kathmandu;
    desk.block(82.4);
    let alerts = desk.sent_after(1);
    let [alert] = alerts.as_slice() else { panic!("one: {alerts:?}") };
    assert_eq!(alert.title, "18 % of this block left");
    assert_eq!(alert.body, "82 % used (official). Resets at 20:45, in 2 h 59 m.");
    assert_eq!(alert.cause, "82 % of this block, threshold 75 %");
    assert_eq!((alert.urgency, &alert.route, alert.sound), (Urgency::Normal, &Route::Now, false));
}

#[rstest]
#[case(50.0, Urgency::Low)]
#[case(75.0, Urgency::Normal)]
#[case(90.0, Urgency::Normal)]
#[case(100.0, Urgency::Critical)]
fn a_share_presses_as_much_as_it_is_high(#[case] percent: f64, #[case] urgency: Urgency) {
    let mut desk = Desk::new();
    desk.block(percent);
    assert_eq!(desk.sent_after(1)[0].urgency, urgency);
}

#[test]
fn thresholds_are_the_users_own() {
    let mut desk = Desk::new();
    desk.settings.block = vec![33];
    desk.block(32.0);
    assert_eq!(desk.sent_after(1), []);
    desk.block(99.0);
    assert_eq!(titles(&desk.sent_after(1)), ["1 % of this block left"]);
    desk.block(100.0);
    assert_eq!(desk.sent_after(2), []);
}

#[test]
fn an_estimated_limit_is_called_one() {
    let mut desk = Desk::new();
    desk.block(130.0);
    let used = desk.snapshot.block_use.as_mut().expect("it was set");
    (used.basis, used.label, used.limit) = (LimitBasis::P90, Label::Estimated, Some(1e6));
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["This block: more than usual"]);
    assert!(alerts[0].body.starts_with("130 % of what nine of ten blocks stay under used (estimated)."));
    assert_eq!(alerts[0].urgency, Urgency::Normal, "nothing stops");
}

#[test]
fn of_several_windows_the_one_that_binds_speaks_and_names_the_other() {
    let mut desk = Desk::new();
    desk.block(76.0);
    desk.week(91.0);
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["9 % of the week left"]);
    assert_eq!(
        alerts[0].body,
        "91 % used (official). Resets at Thu 09:00, in 3 d 20 h. Also: 24 % of this block left."
    );
    assert_eq!(alerts[0].cause, "91 % of the week, threshold 90 %; also 76 % of this block, threshold 75 %");
    assert_eq!(desk.sent_within(120), [], "the other counts as said");
}

#[test]
fn a_limit_that_nobody_set_binds_less_than_any_that_stops_work() {
    let mut desk = Desk::new();
    desk.block(99.0);
    let used = desk.snapshot.block_use.as_mut().expect("it was set");
    (used.basis, used.runs_out_at) = (LimitBasis::P90, Some(at("2026-03-01T12:10:00Z")));
    desk.week(76.0);
    assert_eq!(titles(&desk.sent_after(1)), ["24 % of the week left"]);
}

#[test]
fn a_week_of_one_family_goes_by_its_name() {
    let mut desk = Desk::new();
    desk.week(90.0);
    (desk.snapshot.quota[0].window, desk.snapshot.quota[0].scope) = (WindowKind::WeeklyScoped, Some("Opus".to_owned()));
    assert_eq!(titles(&desk.sent_after(1)), ["10 % of the Opus week left"]);
}

#[test]
fn a_limit_that_was_hit_is_told_once_and_instead_of_its_threshold() {
    let mut desk = Desk::new();
    desk.block(100.0);
    desk.snapshot.quota[0].origin = QuotaOrigin::LimitMessage;
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["The five-hour limit is reached"]);
    let body = "Claude Code said so at 12:00 (official). Resets at 15:00, in 2 h 59 m.";
    assert_eq!((alerts[0].body.as_str(), alerts[0].urgency), (body, Urgency::Critical));
    desk.snapshot.quota[0].origin = QuotaOrigin::StatusLine;
    desk.after(1);
    desk.snapshot.quota[0].origin = QuotaOrigin::LimitMessage;
    assert_eq!(desk.sent_within(120), []);
}

/// What the five-hour window's figure comes from.
fn by(desk: &mut Desk, origin: QuotaOrigin) {
    desk.snapshot.quota[0].origin = origin;
}

#[test]
fn all_of_an_official_limit_and_its_limit_message_are_one_alert_whichever_comes_first() {
    let mut desk = Desk::new();
    desk.block(100.0);
    assert_eq!(titles(&desk.sent_after(1)), ["Nothing of this block left"]);
    by(&mut desk, QuotaOrigin::LimitMessage);
    assert_eq!(desk.sent_after(5), []);
    let mut desk = Desk::new();
    desk.block(97.0);
    by(&mut desk, QuotaOrigin::LimitMessage);
    assert_eq!(titles(&desk.sent_after(1)), ["The five-hour limit is reached"]);
    desk.block(100.0);
    assert_eq!(desk.sent_after(5), []);
}

#[test]
fn a_guessed_limit_silences_no_limit_message() {
    let mut desk = Desk::new();
    desk.block(130.0);
    desk.snapshot.block_use.as_mut().expect("it was set").basis = LimitBasis::P90;
    desk.snapshot.quota.clear();
    assert_eq!(titles(&desk.sent_after(1)), ["This block: more than usual"]);
    desk.block(100.0);
    by(&mut desk, QuotaOrigin::LimitMessage);
    assert_eq!(titles(&desk.sent_after(1)), ["The five-hour limit is reached"]);
}

#[test]
fn after_a_refill_all_of_a_limit_is_news_again() {
    let mut desk = Desk::new();
    desk.block(100.0);
    by(&mut desk, QuotaOrigin::LimitMessage);
    assert_eq!(desk.sent_after(1).len(), 1);
    desk.block(3.0);
    assert_eq!(desk.sent_after(1), []);
    desk.block(100.0);
    assert_eq!(titles(&desk.sent_after(1)), ["Nothing of this block left"]);
}

#[rstest]
#[case::dollars(Budget::Dollars(20), 15.99, &[])]
#[case::nearly(Budget::Dollars(20), 16.0, &["$4.00 of today's budget left"])]
#[case::over(Budget::Dollars(20), 20.0, &["Today's budget is used up"])]
#[case::tokens(Budget::Tokens(2_000_000), 0.0, &["400,000 tokens of today's budget left"])]
fn a_day_has_a_budget(#[case] budget: Budget, #[case] cost: f64, #[case] expected: &[&str]) {
    let mut desk = Desk::new();
    desk.settings.daily_budget = Some(budget);
    let totals = &mut desk.snapshot.today.totals;
    (totals.total_cost, totals.total_tokens) = (Some(cost), 1_600_000);
    assert_eq!(titles(&desk.sent_after(1)), expected);
    assert_eq!(desk.sent_after(2), []);
}

#[test]
fn weeks_and_months_have_budgets_of_their_own() {
    let mut desk = Desk::new();
    (desk.settings.weekly_budget, desk.settings.monthly_budget) =
        (Some(Budget::Dollars(100)), Some(Budget::Dollars(300)));
    assert_eq!(desk.sent_after(1), [], "nobody has looked");
    (desk.week, desk.month) = (Some(Amount { tokens: 1, cost: Some(85.5) }), Some(Amount { tokens: 1, cost: None }));
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["$14.50 of this week's budget left"], "without prices nothing is known of the month");
    assert_eq!(alerts[0].body, "$85.50 of $100 used, API-equivalent (measured).");
    desk.month = Some(Amount { tokens: 1, cost: Some(310.0) });
    assert_eq!(titles(&desk.sent_after(1)), ["This month's budget is used up"]);
}

fn dear(name: &str, cost: f64) -> SessionBill {
    SessionBill { id: "s1".to_owned(), name: name.to_owned(), cost, is_muted: false }
}

#[test]
fn a_session_is_too_dear_once_and_its_name_does_no_harm() {
    let mut desk = Desk::new();
    desk.settings.session_cost = Some(5);
    desk.sessions = vec![dear("the\u{1b}[31m\nshop\u{202e} <b>&", 5.4)];
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["A session costs over $5"]);
    assert_eq!(alerts[0].body, "“the[31m shop <b>&”: $5.40 so far, API-equivalent (measured).");
    assert_eq!(alerts[0].route, Route::Session { session_id: "s1".to_owned() });
    desk.sessions = vec![dear("shop", 50.0)];
    assert_eq!(desk.sent_after(60 * 24 * 40), []);
}

#[test]
fn a_threshold_for_sessions_that_was_raised_is_told_when_it_is_passed() {
    let mut desk = Desk::new();
    desk.settings.session_cost = Some(5);
    desk.sessions = vec![dear("shop", 5.4)];
    assert_eq!(desk.sent_after(1).len(), 1);
    desk.settings.session_cost = Some(50);
    assert_eq!(desk.sent_after(2), []);
    desk.sessions = vec![dear("shop", 50.0)];
    assert_eq!(titles(&desk.sent_after(1)), ["A session costs over $50"]);
    desk.settings.session_cost = Some(5);
    assert_eq!(desk.sent_after(2), [], "a lower one was passed with it");
}

#[test]
fn an_id_without_end_is_cut() {
    let mut desk = Desk::new();
    desk.settings.session_cost = Some(5);
    desk.sessions = vec![SessionBill { id: "\u{1}".repeat(100_000), ..dear("shop", 5.4) }];
    let alert = desk.sent_after(1).remove(0);
    let written = serde_json::to_string(&alert.row(1, AlertFate::Sent, false)).expect("it is JSON");
    assert!(written.len() < 4_096, "it fits into any pipe");
    assert!(desk.state.written().len() < 4_096);
}

fn unread(logs: u64) -> Unread {
    Unread { logs: Some((logs, at("2026-03-03T10:00:00Z"))), folders: 0, kept_days: 30 }
}

#[test]
fn logs_that_go_unread_are_told_once() {
    let mut desk = Desk::new();
    desk.unread = unread(3);
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["3 logs will be deleted before they are read"]);
    assert!(alerts[0].body.starts_with("Claude Code deletes logs after 30 days, the first of these on Tue 10:00."));
    for _ in 0..10 {
        assert_eq!(desk.sent_after(60 * 24), [], "as long as there are such logs");
    }
    desk.unread = Unread::default();
    desk.after(60 * 24 * 4);
    desk.unread = unread(1);
    assert_eq!(titles(&desk.sent_after(1)), ["1 log will be deleted before it is read"]);
}

#[test]
fn a_folder_that_nobody_can_look_into_is_told_once_beside_logs() {
    let mut desk = Desk::new();
    desk.unread = unread(3);
    assert_eq!(desk.sent_after(1).len(), 1);
    desk.unread.folders = 1;
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["1 folder of logs cannot be looked into"]);
    assert!(alerts[0].body.starts_with("Claude Code deletes logs after 30 days, read or not."));
    assert_eq!(desk.sent_after(60 * 24), []);
}

#[test]
fn a_rule_that_is_off_says_nothing() {
    let mut desk = Desk::new();
    let off = AlertSettings {
        block: Vec::new(),
        week: Vec::new(),
        forecast: false,
        reset: false,
        limit_hit: false,
        cleaning: false,
        ..AlertSettings::default()
    };
    desk.settings = off;
    foretell(&mut desk, 200.0, 300.0);
    desk.week(100.0);
    desk.snapshot.quota[1].origin = QuotaOrigin::LimitMessage;
    desk.unread = unread(3);
    desk.sessions = vec![dear("shop", 50.0)];
    assert_eq!(desk.sent_within(600), []);
}

#[test]
fn a_sample_says_that_it_is_one() {
    for rule in AlertRule::ALL {
        let alert = sample(rule, at("2026-03-01T12:00:00Z"), Tz::UTC, true);
        assert!(alert.title.starts_with("Test: ") && alert.body.contains("made up"), "{alert:?}");
        assert!(alert.body.chars().count() <= 200 && alert.sound && alert.rule == rule);
    }
}
