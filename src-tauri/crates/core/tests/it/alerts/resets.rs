//! Windows that start anew: which are told of, when, and with which figure.

use rstest::rstest;

use super::*;

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
