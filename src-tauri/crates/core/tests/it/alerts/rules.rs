//! What each rule says, word for word, and when it is silent.

use rstest::rstest;
use token_monitor_core::alert::{Budget, Urgency, sample};
use token_monitor_core::figures::Route;

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
fn a_week_of_one_family_goes_by_its_name() {
    let mut desk = Desk::new();
    desk.week(90.0);
    (desk.snapshot.quota[0].window, desk.snapshot.quota[0].scope) = (WindowKind::WeeklyScoped, Some("Opus".to_owned()));
    assert_eq!(titles(&desk.sent_after(1)), ["10 % of the Opus week left"]);
}

/// Forty percent are used, and the low end of what is to come is so much.
fn foretell(desk: &mut Desk, low: f64, high: f64) {
    desk.block(40.0);
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
        "60 % left, 40 % used (official). At this pace nothing is left 40 m before the reset at 15:00 (estimated).";
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

/// The week runs out at a time, for sure or perhaps.
fn foretell_week(desk: &mut Desk, low: f64, out: &str) {
    desk.week(60.0);
    let share = &mut desk.snapshot.quota.last_mut().expect("the week").share;
    (share.projected_percent, share.runs_out_at) = (range(low, 200.0), Some(at(out)));
}

#[test]
fn where_several_windows_will_run_out_the_first_speaks() {
    let mut desk = Desk::new();
    foretell(&mut desk, 104.0, 120.0);
    foretell_week(&mut desk, 110.0, "2026-03-01T13:00:00Z");
    let alerts = desk.sent_within(900);
    assert_eq!(titles(&alerts), ["The week may run out at 13:00"]);
    let body = "40 % left, 60 % used (official). At this pace nothing is left 3 d 20 h before the reset at Thu 09:00 (estimated).";
    assert_eq!(alerts[0].body, body);
    foretell_week(&mut desk, 90.0, "2026-03-01T13:00:00Z");
    assert_eq!(titles(&desk.sent_within(2)), ["This block may run out at 14:20"], "now it is the block that binds");
    foretell_week(&mut desk, 110.0, "2026-03-01T13:00:00Z");
    assert_eq!(desk.sent_within(600), [], "each once");
}

#[test]
fn a_week_that_only_may_run_out_silences_no_block() {
    let mut desk = Desk::new();
    foretell(&mut desk, 104.0, 120.0);
    foretell_week(&mut desk, 96.0, "2026-03-01T13:00:00Z");
    assert_eq!(titles(&desk.sent_within(302)), ["This block may run out at 14:20"]);
}

#[test]
fn a_limit_in_dollars_is_foretold_too() {
    let mut desk = Desk::new();
    foretell(&mut desk, 104.0, 120.0);
    let used = desk.snapshot.block_use.take().expect("it was set");
    let of_cost = LimitUse { basis: LimitBasis::Number, label: Label::Measured, ..used };
    desk.snapshot.block_cost_use = Some(of_cost);
    let alerts = desk.sent_within(302);
    assert_eq!(titles(&alerts), ["This block may reach its cost limit at 14:20"]);
    assert!(alerts[0].body.starts_with("60 % left, 40 % of your limit used (measured)."), "{}", alerts[0].body);
}

#[rstest]
#[case(
    LimitBasis::P90,
    "40 % of what nine of ten blocks stay under used (estimated). At this pace all of it at 14:20; nothing stops then."
)]
#[case(
    LimitBasis::Max,
    "40 % of your largest block used (estimated). At this pace all of it at 14:20; nothing stops then."
)]
fn a_limit_that_nobody_set_is_said_to_stop_nothing(#[case] basis: LimitBasis, #[case] body: &str) {
    let mut desk = Desk::new();
    foretell(&mut desk, 104.0, 120.0);
    let used = desk.snapshot.block_use.as_mut().expect("it was set");
    (used.basis, used.label, used.limit) = (basis, Label::Estimated, Some(1e6));
    let alerts = desk.sent_within(302);
    assert_eq!(titles(&alerts), ["This block may be larger than usual"]);
    assert_eq!((alerts[0].body.as_str(), alerts[0].urgency), (body, Urgency::Low));
}

#[test]
fn what_stops_work_is_foretold_before_what_does_not() {
    let mut desk = Desk::new();
    foretell(&mut desk, 104.0, 120.0);
    let used = desk.snapshot.block_use.as_mut().expect("it was set");
    (used.basis, used.label, used.limit) = (LimitBasis::P90, Label::Estimated, Some(1e6));
    foretell_week(&mut desk, 110.0, "2026-03-04T13:00:00Z");
    assert_eq!(titles(&desk.sent_within(302)), ["The week may run out at Wed 13:00"]);
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
fn a_burn_rate_that_dips_is_told_once_and_again_after_a_calm_as_long() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_minutes) = (Some(10_000), 10);
    let mut burn = |rate: u64, seconds: i64| {
        desk.snapshot.burn_rate.tokens_per_minute = rate;
        desk.sent_within(seconds).len()
    };
    assert_eq!(burn(12_000, 601), 1);
    assert_eq!((burn(9_400, 1), burn(10_100, 900)), (0, 0), "a dip is no recovery");
    assert_eq!((burn(0, 590), burn(10_100, 900)), (0, 0), "nor is a calm that is shorter");
    assert_eq!((burn(9_999, 601), burn(10_000, 599)), (0, 0));
    assert_eq!(burn(10_000, 2), 1, "this one was");
}

#[test]
fn a_burn_rate_without_minutes_does_not_flicker() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_minutes) = (Some(10_000), 0);
    let mut sent = 0;
    for second in 0..3_600 {
        desk.snapshot.burn_rate.tokens_per_minute = if second % 2 == 0 { 12_000 } else { 100 };
        sent += desk.sent_within(1).len();
    }
    assert_eq!(sent, 1);
}

#[test]
fn each_rate_is_held_against_its_own_threshold_for_its_own_minutes() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_cost, desk.settings.burn_minutes) = (Some(10_000), Some(20), 5);
    desk.snapshot.burn_rate.tokens_per_minute = 12_000;
    assert_eq!(desk.sent_within(180), []);
    (desk.snapshot.burn_rate.tokens_per_minute, desk.snapshot.burn_rate.cost_per_hour) = (0, Some(21.0));
    assert_eq!(desk.sent_within(299), [], "three minutes of the one and two of the other are five of neither");
    let alerts = desk.sent_within(2);
    assert_eq!(alerts[0].body, "$21.00 an hour, API-equivalent (measured). Your threshold is $20 an hour.");
    desk.snapshot.burn_rate.tokens_per_minute = 12_000;
    let alerts = desk.sent_within(302);
    assert!(alerts[0].body.starts_with("12,000 tokens a minute"), "the other is told by itself: {alerts:?}");
}

#[test]
fn of_two_rates_at_once_the_one_further_over_speaks() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_cost, desk.settings.burn_minutes) = (Some(10_000), Some(20), 5);
    (desk.snapshot.burn_rate.tokens_per_minute, desk.snapshot.burn_rate.cost_per_hour) = (11_000, Some(30.0));
    let alerts = desk.sent_within(600);
    assert_eq!(titles(&alerts), ["A high burn rate for 5 minutes"]);
    assert!(
        alerts[0].body.starts_with("$30.00 an hour") && alerts[0].cause.contains("; also 11,000 tokens"),
        "{alerts:?}"
    );
}

#[test]
fn a_raised_threshold_of_the_burn_rate_is_told_and_counts_anew() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_minutes) = (Some(10_000), 5);
    desk.snapshot.burn_rate.tokens_per_minute = 30_000;
    assert_eq!(desk.sent_within(302).len(), 1);
    desk.settings.burn_tokens = Some(20_000);
    assert_eq!(desk.sent_within(299), []);
    assert_eq!(desk.sent_within(3).len(), 1);
    desk.settings.burn_tokens = Some(15_000);
    assert_eq!(desk.sent_within(600), [], "a lower one was passed with it");
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
fn a_reset_says_the_most_that_a_window_came_to() {
    let mut desk = Desk::new();
    for percent in 88..=100 {
        desk.block(f64::from(percent));
        desk.after(2);
    }
    desk.block(99.0);
    desk.now = at("2026-03-01T14:50:00Z");
    let alerts = desk.sent_after(0);
    assert_eq!(titles(&alerts), ["Your block resets at 15:00"]);
    assert_eq!(alerts[0].body, "In 10 m. It came to 100 % (official).");
}

#[rstest]
#[case::the_highest_that_leaves_something(&[50, 75, 90, 100], 89.0, false)]
#[case::reached(&[50, 75, 90, 100], 90.0, true)]
#[case::a_low_one_of_the_users(&[50], 80.0, true)]
#[case::not_reached(&[85], 84.0, false)]
#[case::only_the_end(&[100], 99.0, false)]
#[case::the_end_itself(&[100], 100.0, true)]
#[case::none_at_all(&[], 90.0, true)]
#[case::none_and_not_nearly(&[], 89.0, false)]
fn a_reset_is_told_of_windows_over_a_threshold(#[case] steps: &[u64], #[case] percent: f64, #[case] told: bool) {
    let mut desk = Desk::new();
    desk.settings.block = steps.to_vec();
    desk.block(percent);
    desk.after(1);
    desk.now = at("2026-03-01T14:51:00Z");
    assert_eq!(desk.sent_after(0).len(), usize::from(told));
}

#[test]
fn a_week_goes_by_the_thresholds_of_weeks() {
    let mut desk = Desk::new();
    (desk.settings.block, desk.settings.week) = (vec![20], vec![60]);
    desk.week(59.0);
    desk.after(1);
    desk.week(60.0);
    desk.after(1);
    desk.now = at("2026-03-05T08:55:00Z");
    assert_eq!(titles(&desk.sent_after(0)), ["Your week resets at 09:00"]);
}

#[test]
fn tokens_and_dollars_of_a_block_reset_once() {
    let mut desk = Desk::new();
    desk.block(30.0);
    let of_cost = LimitUse { used_percent: 97.0, basis: LimitBasis::Number, ..quota_share(&desk) };
    desk.snapshot.block_cost_use = Some(of_cost);
    desk.after(1);
    desk.now = at("2026-03-01T14:51:00Z");
    let alerts = desk.sent_after(0);
    assert_eq!(titles(&alerts), ["Your block resets at 15:00"], "by the fuller of the two");
    assert!(alerts[0].body.contains("It came to 97 %"), "{alerts:?}");
    assert_eq!(desk.sent_within(120), []);
}

fn quota_share(desk: &Desk) -> LimitUse {
    desk.snapshot.block_use.clone().expect("it was set")
}

#[test]
fn a_reset_that_moves_on_is_waited_for() {
    let mut desk = Desk::new();
    desk.block(97.0);
    desk.after(1);
    desk.now = at("2026-03-01T15:01:00Z");
    desk.block_from(at("2026-03-01T10:20:00Z"));
    desk.block(97.0);
    assert_eq!(titles(&desk.sent_after(0)), Vec::<&str>::new(), "nineteen minutes more");
    assert_eq!(desk.sent_within(8 * 60), [], "the time that was known before has passed");
    assert_eq!(titles(&desk.sent_after(1)), ["Your block resets at 15:20"]);
    assert_eq!(titles(&desk.sent_after(12)), ["Your block has reset"]);
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
