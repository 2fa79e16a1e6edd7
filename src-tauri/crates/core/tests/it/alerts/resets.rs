//! Reset alerts: for which windows, when, and with which figure.

use rstest::rstest;

use super::*;

#[test]
fn the_reset_of_a_nearly_used_up_block_is_reported_before_and_after() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(97.0);
    assert_eq!(titles(&harness.sent_after(1)), ["3% of this block left"]);
    harness.now = at("2026-03-01T14:49:00Z");
    assert_eq!(harness.sent_after(0), []);
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["Your block resets at 15:00"]);
    assert_eq!(alerts[0].body, "In 10m. Peak usage: 97% (official).");
    harness.now = at("2026-03-01T15:00:00Z");
    (harness.snapshot.current_block, harness.snapshot.block_use) = (None, None);
    harness.snapshot.quota.clear();
    assert_eq!(harness.sent_after(1), [], "reset times can still move");
    let alerts = harness.sent_after(1);
    assert_eq!(titles(&alerts), ["Your block has reset"]);
    assert_eq!(alerts[0].body, "At 15:00. Peak usage before: 97% (official).");
    assert_eq!(harness.sent_within(300), []);
}

#[test]
fn a_reset_alert_contains_the_peak_usage() {
    let mut harness = AlertHarness::new();
    for percent in 88..=100 {
        harness.set_block_usage(f64::from(percent));
        harness.evaluate_after(2);
    }
    harness.set_block_usage(99.0);
    harness.now = at("2026-03-01T14:50:00Z");
    let alerts = harness.sent_after(0);
    assert_eq!(titles(&alerts), ["Your block resets at 15:00"]);
    assert_eq!(alerts[0].body, "In 10m. Peak usage: 100% (official).");
}

#[rstest]
#[case::highest_threshold_below_100(&[50, 75, 90, 100], 89.0, false)]
#[case::reached(&[50, 75, 90, 100], 90.0, true)]
#[case::low_threshold(&[50], 80.0, true)]
#[case::not_reached(&[85], 84.0, false)]
#[case::only_100(&[100], 99.0, false)]
#[case::only_100_reached(&[100], 100.0, true)]
#[case::no_thresholds(&[], 90.0, true)]
#[case::no_thresholds_not_reached(&[], 89.0, false)]
fn a_reset_is_reported_for_windows_above_a_threshold(
    #[case] thresholds: &[u64],
    #[case] percent: f64,
    #[case] is_reported: bool,
) {
    let mut harness = AlertHarness::new();
    harness.settings.block_thresholds = thresholds.to_vec();
    harness.set_block_usage(percent);
    harness.evaluate_after(1);
    harness.now = at("2026-03-01T14:51:00Z");
    assert_eq!(harness.sent_after(0).len(), usize::from(is_reported));
}

#[test]
fn a_week_uses_the_thresholds_of_weeks() {
    let mut harness = AlertHarness::new();
    (harness.settings.block_thresholds, harness.settings.week_thresholds) = (vec![20], vec![60]);
    harness.set_week_usage(59.0);
    harness.evaluate_after(1);
    harness.set_week_usage(60.0);
    harness.evaluate_after(1);
    harness.now = at("2026-03-05T08:55:00Z");
    assert_eq!(titles(&harness.sent_after(0)), ["Your week resets at 09:00"]);
}

#[test]
fn tokens_and_cost_of_a_block_have_one_reset_alert() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(30.0);
    let of_cost = LimitUse { used_percent: 97.0, basis: LimitBasis::Number, ..block_use(&harness) };
    harness.snapshot.block_cost_use = Some(of_cost);
    harness.evaluate_after(1);
    harness.now = at("2026-03-01T14:51:00Z");
    let alerts = harness.sent_after(0);
    assert_eq!(titles(&alerts), ["Your block resets at 15:00"], "of the one with the higher usage");
    assert!(alerts[0].body.contains("Peak usage: 97%"), "{alerts:?}");
    assert_eq!(harness.sent_within(120), []);
}

fn block_use(harness: &AlertHarness) -> LimitUse {
    harness.snapshot.block_use.clone().expect("it was set")
}

#[test]
fn a_reset_that_moves_is_reported_at_its_new_time() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(97.0);
    harness.evaluate_after(1);
    harness.now = at("2026-03-01T15:01:00Z");
    harness.start_block(at("2026-03-01T10:20:00Z"));
    harness.set_block_usage(97.0);
    assert_eq!(titles(&harness.sent_after(0)), Vec::<&str>::new(), "the new reset is in 19 minutes");
    assert_eq!(harness.sent_within(8 * 60), [], "the old reset time has passed");
    assert_eq!(titles(&harness.sent_after(1)), ["Your block resets at 15:20"]);
    assert_eq!(titles(&harness.sent_after(12)), ["Your block has reset"]);
}

#[test]
fn a_lower_or_missing_figure_is_not_a_reset() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(97.0);
    harness.evaluate_after(1);
    harness.snapshot.block_use = None;
    assert_eq!(harness.sent_after(5), []);
    harness.set_block_usage(92.0);
    assert_eq!(harness.sent_after(5), []);
    harness.set_block_usage(40.0);
    assert_eq!(harness.sent_after(5), [], "a refill is not a reset");
    harness.now = at("2026-03-01T14:55:00Z");
    assert_eq!(harness.sent_after(0), [], "after a refill the reset is no longer reported");
}

#[test]
fn the_reset_of_a_block_below_the_thresholds_is_not_reported() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(80.0);
    harness.evaluate_after(1);
    harness.now = at("2026-03-01T14:51:00Z");
    assert_eq!(harness.sent_after(0), []);
    harness.snapshot.current_block = None;
    assert_eq!(harness.sent_after(15), []);
}
