//! What is foretold, of which window, and when nothing is.

use rstest::rstest;
use token_monitor_core::alerts::Urgency;

use super::*;

/// Forty percent are used, and the low end of what is to come is so much.
pub(super) fn foretell(desk: &mut Desk, low: f64, high: f64) {
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
