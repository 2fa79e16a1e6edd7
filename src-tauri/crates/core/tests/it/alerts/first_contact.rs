//! The first contact of a new user is not an alert.

use super::*;

/// Creates the state of a new installation: nothing was evaluated, and the app was never opened.
fn new_installation() -> AlertHarness {
    AlertHarness { state: AlertState::default(), ..AlertHarness::unprimed() }
}

#[test]
fn a_new_installation_sends_no_alert_for_an_hour() {
    let mut harness = new_installation();
    harness.set_block_usage(60.0);
    assert_eq!(harness.evaluate(), []);
    harness.set_block_usage(80.0);
    assert_eq!(harness.evaluate_after(30), []);
    harness.restart();
    harness.set_block_usage(92.0);
    assert_eq!(harness.evaluate_after(29), []);
    assert_eq!(harness.evaluate_after(1), [], "what was there before is no news");
    assert_eq!(harness.evaluate_after(1), []);
    harness.set_block_usage(100.0);
    assert_eq!(titles(&harness.sent_after(1)), ["Nothing left of this block"]);
}

#[test]
fn after_the_app_was_opened_only_news_are_sent() {
    let mut harness = new_installation();
    harness.set_block_usage(60.0);
    assert_eq!(harness.evaluate(), []);
    harness.set_block_usage(80.0);
    harness.state = harness.state.with_app_opened();
    harness.restart();
    assert_eq!(harness.evaluate_after(1), [], "80% was there before");
    harness.set_block_usage(92.0);
    assert_eq!(titles(&harness.sent_after(1)), ["8% of this block left"]);
}

#[test]
fn a_state_of_an_earlier_version_needs_no_first_contact() {
    let mut harness = AlertHarness::new();
    let mut stored: serde_json::Value = serde_json::from_str(&harness.state.to_json()).expect("it is JSON");
    let fields = stored.as_object_mut().expect("an object");
    assert!(fields.remove("wasOpened").is_some() && fields.remove("firstEvaluatedAt").is_some());
    harness.state = AlertState::from_json(&stored.to_string()).expect("it is read");
    harness.set_block_usage(80.0);
    assert_eq!(titles(&harness.sent_after(1)), ["20% of this block left"]);
}
