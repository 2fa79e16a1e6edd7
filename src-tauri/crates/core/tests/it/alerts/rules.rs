//! What each rule says, word for word, and when it is silent.

use rstest::rstest;
use token_monitor_core::alert::{Budget, Urgency, sample};
use token_monitor_core::figures::Route;

use super::*;

#[rstest]
#[case(74.9, &[])]
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
        "91 % used (official). Resets at Thu 09:00, in 92 h 59 m. Also: 24 % of this block left."
    );
    assert_eq!(desk.sent_within(120), [], "the other counts as said");
}

#[test]
fn a_week_of_one_family_goes_by_its_name() {
    let mut desk = Desk::new();
    desk.week(90.0);
    (desk.snapshot.quota[0].window, desk.snapshot.quota[0].scope) = (WindowKind::WeeklyScoped, Some("Opus".to_owned()));
    assert_eq!(titles(&desk.sent_after(1)), ["10 % of the Opus week left"]);
}

fn foretell(desk: &mut Desk, low: f64, high: f64) {
    desk.block(60.0);
    let used = desk.snapshot.block_use.as_mut().expect("it was set");
    (used.projected_percent, used.runs_out_at) = (range(low, high), Some(at("2026-03-01T14:20:00Z")));
}

#[test]
fn a_forecast_speaks_once_it_has_held_for_five_minutes() {
    let mut desk = Desk::new();
    foretell(&mut desk, 104.0, 120.0);
    assert_eq!(desk.sent_within(299), []);
    let alerts = desk.sent_within(3);
    assert_eq!(titles(&alerts), ["This block may run out at 14:20"]);
    let body =
        "40 % left, 60 % used (official). At this pace nothing is left 40 m before the reset at 15:00 (estimated).";
    assert_eq!(alerts[0].body, body);
    foretell(&mut desk, 90.0, 120.0);
    desk.after(1);
    foretell(&mut desk, 104.0, 120.0);
    assert_eq!(desk.sent_within(600), [], "once a block, though it comes and goes");
}

#[test]
fn a_forecast_that_only_its_high_end_passes_is_silent() {
    let mut desk = Desk::new();
    foretell(&mut desk, 99.0, 160.0);
    assert_eq!(desk.sent_within(900), []);
}

#[test]
fn a_forecast_that_does_not_hold_is_silent() {
    let mut desk = Desk::new();
    for _ in 0..6 {
        foretell(&mut desk, 104.0, 120.0);
        assert_eq!(desk.sent_within(240), []);
        foretell(&mut desk, 96.0, 120.0);
        assert_eq!(desk.sent_within(10), []);
    }
}

#[test]
fn where_the_week_runs_out_first_the_block_foretells_nothing() {
    let mut desk = Desk::new();
    foretell(&mut desk, 104.0, 120.0);
    desk.week(60.0);
    desk.snapshot.quota[1].share.runs_out_at = Some(at("2026-03-01T13:00:00Z"));
    assert_eq!(desk.sent_within(600), []);
}

#[rstest]
#[case(5)]
#[case(1)]
fn a_burn_rate_is_told_within_two_seconds_of_its_minutes(#[case] minutes: u64) {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_minutes) = (Some(10_000), minutes);
    desk.snapshot.burn_rate.tokens_per_minute = 12_300;
    let seconds = i64::try_from(minutes).expect("it is small") * 60;
    assert_eq!(desk.sent_within(seconds), []);
    let alerts = desk.sent_within(2);
    let words = if minutes == 1 { "minute" } else { "minutes" };
    assert_eq!(titles(&alerts), [format!("A high burn rate for {minutes} {words}")]);
    assert_eq!(alerts[0].body, "12,300 tokens a minute (measured). Your threshold is 10,000 tokens a minute.");
    assert_eq!(desk.sent_within(1800), []);
}

#[test]
fn a_burn_rate_that_pauses_begins_anew() {
    let mut desk = Desk::new();
    (desk.settings.burn_cost, desk.settings.burn_minutes) = (Some(20), 5);
    for _ in 0..5 {
        desk.snapshot.burn_rate.cost_per_hour = Some(21.0);
        assert_eq!(desk.sent_within(290), []);
        desk.snapshot.burn_rate.cost_per_hour = Some(19.0);
        assert_eq!(desk.sent_within(5), []);
    }
    desk.snapshot.burn_rate.cost_per_hour = None;
    assert_eq!(desk.sent_within(1000), [], "no price, no rate");
}

#[test]
fn a_block_that_was_nearly_used_up_tells_of_its_reset_before_and_after() {
    let mut desk = Desk::new();
    desk.block(97.0);
    assert_eq!(titles(&desk.sent_after(1)), ["3 % of this block left"]);
    desk.now = at("2026-03-01T14:49:00Z");
    assert_eq!(desk.sent_after(0), []);
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["Your block resets at 15:00"]);
    assert_eq!(alerts[0].body, "In 10 m. It came to 97 % (official).");
    desk.now = at("2026-03-01T15:00:00Z");
    (desk.snapshot.current_block, desk.snapshot.block_use) = (None, None);
    desk.snapshot.quota.clear();
    assert_eq!(desk.sent_after(1), [], "reset times drift by moments");
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["Your block has reset"]);
    assert_eq!(alerts[0].body, "At 15:00. The last one came to 97 % (official).");
    assert_eq!(desk.sent_within(300), []);
}

#[test]
fn neither_a_fall_nor_a_missing_figure_is_a_reset() {
    let mut desk = Desk::new();
    desk.block(97.0);
    desk.after(1);
    desk.snapshot.block_use = None;
    assert_eq!(desk.sent_after(5), []);
    desk.block(92.0);
    assert_eq!(desk.sent_after(5), []);
    desk.block(40.0);
    assert_eq!(desk.sent_after(5), [], "a refill is no reset");
    desk.now = at("2026-03-01T14:55:00Z");
    assert_eq!(desk.sent_after(0), [], "and nobody waits for the reset any more");
}

#[test]
fn a_block_with_room_to_spare_resets_in_silence() {
    let mut desk = Desk::new();
    desk.block(80.0);
    desk.after(1);
    desk.now = at("2026-03-01T14:51:00Z");
    assert_eq!(desk.sent_after(0), []);
    desk.snapshot.current_block = None;
    assert_eq!(desk.sent_after(15), []);
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
fn logs_that_go_unread_are_told_once() {
    let mut desk = Desk::new();
    desk.unread = Some(Unread { logs: 3, first_goes: at("2026-03-03T10:00:00Z"), kept_days: 30 });
    let alerts = desk.sent_after(1);
    assert_eq!(titles(&alerts), ["3 logs will be deleted before they are read"]);
    assert!(alerts[0].body.starts_with("Claude Code deletes logs after 30 days, the first of these on Tue 10:00."));
    for _ in 0..10 {
        assert_eq!(desk.sent_after(60 * 24), [], "as long as there are such logs");
    }
    desk.unread = None;
    desk.after(60 * 24 * 4);
    desk.unread = Some(Unread { logs: 1, first_goes: at("2026-04-03T10:00:00Z"), kept_days: 30 });
    assert_eq!(titles(&desk.sent_after(1)), ["1 log will be deleted before they are read"]);
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
    desk.unread = Some(Unread { logs: 3, first_goes: at("2026-03-03T10:00:00Z"), kept_days: 30 });
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
