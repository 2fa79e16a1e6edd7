//! Burn rates above their thresholds, and rates that only oscillate.

use rstest::rstest;

use super::*;

#[rstest]
#[case(5)]
#[case(1)]
fn a_burn_rate_is_reported_within_two_seconds_of_its_duration(#[case] minutes: u64) {
    let mut harness = AlertHarness::new();
    (harness.settings.max_tokens_per_minute, harness.settings.burn_rate_minutes) = (Some(10_000), minutes);
    harness.snapshot.burn_rate.tokens_per_minute = 12_300;
    let seconds = i64::try_from(minutes).expect("it is small") * 60;
    assert_eq!(harness.sent_within(seconds), []);
    let alerts = harness.sent_within(2);
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    assert_eq!(titles(&alerts), [format!("A high burn rate for {minutes} {unit}")]);
    assert_eq!(alerts[0].body, "12,300 tokens per minute (measured). Your threshold is 10,000 tokens per minute.");
    assert_eq!(harness.sent_within(1800), []);
}

#[test]
fn an_interrupted_burn_rate_is_timed_from_zero() {
    let mut harness = AlertHarness::new();
    (harness.settings.max_dollars_per_hour, harness.settings.burn_rate_minutes) = (Some(20), 5);
    for _ in 0..5 {
        harness.snapshot.burn_rate.cost_per_hour = Some(21.0);
        assert_eq!(harness.sent_within(290), []);
        harness.snapshot.burn_rate.cost_per_hour = Some(19.0);
        assert_eq!(harness.sent_within(5), []);
    }
    harness.snapshot.burn_rate.cost_per_hour = None;
    assert_eq!(harness.sent_within(1000), [], "without prices there is no rate");
}

#[test]
fn a_burn_rate_is_reported_again_only_after_an_equally_long_calm() {
    let mut harness = AlertHarness::new();
    (harness.settings.max_tokens_per_minute, harness.settings.burn_rate_minutes) = (Some(10_000), 10);
    let mut burn = |rate: u64, seconds: i64| {
        harness.snapshot.burn_rate.tokens_per_minute = rate;
        harness.sent_within(seconds).len()
    };
    assert_eq!(burn(12_000, 601), 1);
    assert_eq!((burn(9_400, 1), burn(10_100, 900)), (0, 0), "a short dip does not count");
    assert_eq!((burn(0, 590), burn(10_100, 900)), (0, 0), "a shorter calm does not count");
    assert_eq!((burn(9_999, 601), burn(10_000, 599)), (0, 0));
    assert_eq!(burn(10_000, 2), 1, "the calm before was long enough");
}

#[test]
fn an_oscillating_burn_rate_without_duration_is_reported_once() {
    let mut harness = AlertHarness::new();
    (harness.settings.max_tokens_per_minute, harness.settings.burn_rate_minutes) = (Some(10_000), 0);
    let mut sent = 0;
    for second in 0..3_600 {
        harness.snapshot.burn_rate.tokens_per_minute = if second % 2 == 0 { 12_000 } else { 100 };
        sent += harness.sent_within(1).len();
    }
    assert_eq!(sent, 1);
}

#[test]
fn each_rate_has_its_own_threshold_and_timer() {
    let mut harness = AlertHarness::new();
    (
        harness.settings.max_tokens_per_minute,
        harness.settings.max_dollars_per_hour,
        harness.settings.burn_rate_minutes,
    ) = (Some(10_000), Some(20), 5);
    harness.snapshot.burn_rate.tokens_per_minute = 12_000;
    assert_eq!(harness.sent_within(180), []);
    (harness.snapshot.burn_rate.tokens_per_minute, harness.snapshot.burn_rate.cost_per_hour) = (0, Some(21.0));
    assert_eq!(harness.sent_within(299), [], "the minutes of both rates are not added up");
    let alerts = harness.sent_within(2);
    assert_eq!(alerts[0].body, "$21.00 per hour, API-equivalent (measured). Your threshold is $20 per hour.");
    harness.snapshot.burn_rate.tokens_per_minute = 12_000;
    let alerts = harness.sent_within(302);
    assert!(alerts[0].body.starts_with("12,000 tokens per minute"), "the other has its own alert: {alerts:?}");
}

#[test]
fn the_rate_with_the_higher_ratio_is_reported_first() {
    let mut harness = AlertHarness::new();
    (
        harness.settings.max_tokens_per_minute,
        harness.settings.max_dollars_per_hour,
        harness.settings.burn_rate_minutes,
    ) = (Some(10_000), Some(20), 5);
    (harness.snapshot.burn_rate.tokens_per_minute, harness.snapshot.burn_rate.cost_per_hour) = (11_000, Some(30.0));
    let alerts = harness.sent_within(600);
    assert_eq!(titles(&alerts), ["A high burn rate for 5 minutes"]);
    assert!(
        alerts[0].body.starts_with("$30.00 per hour") && alerts[0].cause.contains("; also 11,000 tokens"),
        "{alerts:?}"
    );
}

#[test]
fn a_raised_threshold_has_a_timer_of_its_own() {
    let mut harness = AlertHarness::new();
    (harness.settings.max_tokens_per_minute, harness.settings.burn_rate_minutes) = (Some(10_000), 5);
    harness.snapshot.burn_rate.tokens_per_minute = 30_000;
    assert_eq!(harness.sent_within(302).len(), 1);
    harness.settings.max_tokens_per_minute = Some(20_000);
    assert_eq!(harness.sent_within(299), []);
    assert_eq!(harness.sent_within(3).len(), 1);
    harness.settings.max_tokens_per_minute = Some(15_000);
    assert_eq!(harness.sent_within(600), [], "a lower one was crossed with it");
}

#[test]
fn a_calm_rate_does_not_change_the_state() {
    let mut harness = AlertHarness::new();
    (harness.settings.max_tokens_per_minute, harness.settings.max_dollars_per_hour) = (Some(10_000), Some(20));
    harness.snapshot.burn_rate.tokens_per_minute = 500;
    harness.evaluate();
    let before = harness.state.clone();
    assert_eq!(harness.sent_within(600), []);
    assert_eq!(harness.state, before);
}
