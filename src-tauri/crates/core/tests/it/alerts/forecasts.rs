//! Forecast alerts: which window is reported, and when none is.

use rstest::rstest;

use super::*;

/// Sets a block with 40% used and a forecast range in percent.
pub(super) fn set_forecast(harness: &mut AlertHarness, low: f64, high: f64) {
    harness.set_block_usage(40.0);
    let used = harness.snapshot.block_use.as_mut().expect("it was set");
    (used.projected_percent, used.runs_out_at) = (projected_range(low, high), Some(at("2026-03-01T14:20:00Z")));
}

#[test]
fn a_forecast_is_reported_after_five_minutes() {
    let mut harness = AlertHarness::new();
    set_forecast(&mut harness, 104.0, 120.0);
    assert_eq!(harness.sent_within(299), []);
    let alerts = harness.sent_within(3);
    assert_eq!(titles(&alerts), ["This block may run out at 14:20"]);
    let body = "60% left, 40% used (official). At this pace nothing is left 40m before the reset at 15:00 (estimated).";
    assert_eq!(alerts[0].body, body);
    set_forecast(&mut harness, 90.0, 120.0);
    harness.evaluate_after(1);
    set_forecast(&mut harness, 104.0, 120.0);
    assert_eq!(harness.sent_within(600), [], "once per block, even if it comes and goes");
}

#[test]
fn a_forecast_whose_low_end_is_below_the_limit_is_not_reported() {
    let mut harness = AlertHarness::new();
    set_forecast(&mut harness, 99.0, 160.0);
    assert_eq!(harness.sent_within(900), []);
}

#[test]
fn an_interrupted_forecast_is_not_reported() {
    let mut harness = AlertHarness::new();
    for _ in 0..6 {
        set_forecast(&mut harness, 104.0, 120.0);
        assert_eq!(harness.sent_within(240), []);
        set_forecast(&mut harness, 96.0, 120.0);
        assert_eq!(harness.sent_within(10), []);
    }
}

/// Sets a week with 60% used and a forecast.
fn set_week_forecast(harness: &mut AlertHarness, low: f64, out: &str) {
    harness.set_week_usage(60.0);
    let share = &mut harness.snapshot.quota.last_mut().expect("the week").share;
    (share.projected_percent, share.runs_out_at) = (projected_range(low, 200.0), Some(at(out)));
}

#[test]
fn the_window_that_runs_out_first_is_reported() {
    let mut harness = AlertHarness::new();
    set_forecast(&mut harness, 104.0, 120.0);
    set_week_forecast(&mut harness, 110.0, "2026-03-01T13:00:00Z");
    let alerts = harness.sent_within(900);
    assert_eq!(titles(&alerts), ["The week may run out at 13:00"]);
    let body =
        "40% left, 60% used (official). At this pace nothing is left 3d 20h before the reset at Thu 09:00 (estimated).";
    assert_eq!(alerts[0].body, body);
    set_week_forecast(&mut harness, 90.0, "2026-03-01T13:00:00Z");
    assert_eq!(titles(&harness.sent_within(2)), ["This block may run out at 14:20"], "now the block runs out first");
    set_week_forecast(&mut harness, 110.0, "2026-03-01T13:00:00Z");
    assert_eq!(harness.sent_within(600), [], "each is reported once");
}

#[test]
fn an_uncertain_forecast_of_the_week_does_not_suppress_the_block() {
    let mut harness = AlertHarness::new();
    set_forecast(&mut harness, 104.0, 120.0);
    set_week_forecast(&mut harness, 96.0, "2026-03-01T13:00:00Z");
    assert_eq!(titles(&harness.sent_within(302)), ["This block may run out at 14:20"]);
}

#[test]
fn a_limit_in_dollars_has_a_forecast() {
    let mut harness = AlertHarness::new();
    set_forecast(&mut harness, 104.0, 120.0);
    let used = harness.snapshot.block_use.take().expect("it was set");
    let of_cost = LimitUse { basis: LimitBasis::Number, label: Provenance::Measured, ..used };
    harness.snapshot.block_cost_use = Some(of_cost);
    let alerts = harness.sent_within(302);
    assert_eq!(titles(&alerts), ["This block may reach its cost limit at 14:20"]);
    assert!(alerts[0].body.starts_with("60% left, 40% used (measured)."), "{}", alerts[0].body);
}

#[rstest]
#[case(LimitBasis::P90)]
#[case(LimitBasis::Max)]
fn a_comparison_with_past_blocks_has_no_alert(#[case] basis: LimitBasis) {
    let mut harness = AlertHarness::new();
    set_forecast(&mut harness, 104.0, 120.0);
    let used = harness.snapshot.block_use.as_mut().expect("it was set");
    (used.basis, used.label, used.limit) = (basis, Provenance::Estimated, Some(1e6));
    used.used_percent = 130.0;
    harness.snapshot.block_cost_use = harness.snapshot.block_use.clone();
    assert_eq!(harness.sent_within(400), [], "it is no limit");
    set_week_forecast(&mut harness, 110.0, "2026-03-04T13:00:00Z");
    assert_eq!(titles(&harness.sent_within(302)), ["The week may run out at Wed 13:00"]);
    harness.now = at("2026-03-01T14:55:00Z");
    assert_eq!(harness.sent_within(600), [], "nor has its reset");
}
