//! The fear: an alert comes twice because its memory was lost, or the list grows for ever.

use token_monitor_core::alerts::AlertState;
use token_monitor_core::report::model::{AlertFate, AlertRow, AlertRule, Route};
use token_monitor_store::{MOST_ALERTS, StoreError};

use crate::fixture::{Place, contents};

fn row(id: u64) -> AlertRow {
    AlertRow {
        id,
        at: chrono::DateTime::from_timestamp(1_777_629_600, 0).expect("a time"),
        rule: AlertRule::Block,
        title: "25 % of this block left".to_owned(),
        body: "75 % used (official).".to_owned(),
        cause: "75 % of this block, threshold 75 %".to_owned(),
        route: Route::Session { session_id: "s".to_owned() },
        fate: AlertFate::Sent,
        is_test: false,
    }
}

fn paused() -> AlertState {
    AlertState::default().paused(chrono::DateTime::from_timestamp(1_777_629_600, 0))
}

#[test]
fn a_store_that_never_heard_of_alerts_has_none() {
    let (place, _) = Place::filled();
    let store = place.open();
    assert_eq!((store.alert_state().expect("read"), store.alerts(9).expect("read")), (None, Vec::new()));
    assert_eq!((store.next_alert().expect("read"), store.alerts_seen().expect("read")), (1, 0));
    assert_eq!(store.alert(1).expect("read"), None);
}

#[test]
fn alerts_and_what_is_known_of_them_are_there_after_a_restart_and_change_nothing_else() {
    let (place, _) = Place::filled();
    let mut store = place.open();
    let before = contents(&mut store);
    store.write_alerts(&paused(), &[row(1), row(2)]).expect("it is written");
    store.see_alerts(1).expect("it is written");
    store.close().expect("it closes");
    let mut store = place.open();
    assert_eq!(store.alert_state().expect("read"), Some(paused()));
    assert_eq!(store.alerts(9).expect("read"), [row(2), row(1)], "the latest first");
    assert_eq!(store.alerts(1).expect("read"), [row(2)]);
    assert_eq!((store.next_alert().expect("read"), store.alerts_seen().expect("read")), (3, 1));
    assert_eq!(contents(&mut store), before);
}

#[test]
fn what_became_of_an_alert_replaces_what_was_thought() {
    let place = Place::new();
    let mut store = place.open();
    store.write_alerts(&paused(), &[row(1)]).expect("it is written");
    let shown = AlertRow { fate: AlertFate::Shown, ..row(1) };
    store.put_alerts(std::slice::from_ref(&shown)).expect("it is written");
    assert_eq!((store.alert(1).expect("read"), store.next_alert().expect("read")), (Some(shown), 2));
}

#[test]
fn the_list_is_bounded_and_numbers_are_not_given_twice() {
    let place = Place::new();
    let mut store = place.open();
    let rows: Vec<_> = (1..=2_500).map(row).collect();
    store.write_alerts(&paused(), &rows[..2_000]).expect("it is written");
    store.write_alerts(&paused(), &rows[2_000..]).expect("it is written");
    let kept = store.alerts(usize::MAX).expect("read");
    assert_eq!((kept.len(), kept[0].id, kept[MOST_ALERTS - 1].id), (MOST_ALERTS, 2_500, 1_501));
    assert_eq!(store.next_alert().expect("read"), 2_501);
}

#[test]
fn a_store_that_was_let_go_takes_no_alerts() {
    let place = Place::new();
    let mut store = place.open();
    store.let_go();
    assert!(matches!(store.write_alerts(&paused(), &[row(1)]), Err(StoreError::Closed { .. })));
}
