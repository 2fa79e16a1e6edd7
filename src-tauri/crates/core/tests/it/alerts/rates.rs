//! Burn rates that stay high, and those that only flicker.

use rstest::rstest;

use super::*;

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
fn a_calm_rate_is_worth_no_write() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_cost) = (Some(10_000), Some(20));
    desk.snapshot.burn_rate.tokens_per_minute = 500;
    desk.step();
    let before = desk.state.clone();
    assert_eq!(desk.sent_within(600), []);
    assert_eq!(desk.state, before);
}
