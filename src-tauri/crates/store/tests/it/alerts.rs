//! Alerts are stored with their state, and their number is bounded.

use token_monitor_core::alerts::AlertState;
use token_monitor_core::report::model::{AlertRow, AlertRule, DeliveryStatus, Route};
use token_monitor_store::{MAX_ALERTS, StoreError};

use crate::test_store::{TestStore, read_contents};

fn alert_row(id: u64) -> AlertRow {
    AlertRow {
        id,
        at: chrono::DateTime::from_timestamp(1_777_629_600, 0).expect("a time"),
        rule: AlertRule::Block,
        title: "25% of this block left".to_owned(),
        body: "75% used (official).".to_owned(),
        cause: "75% of this block, threshold 75%".to_owned(),
        route: Route::Session { session_id: "s".to_owned() },
        fate: DeliveryStatus::Sent,
        is_test: false,
    }
}

fn paused_state() -> AlertState {
    AlertState::default().with_pause(chrono::DateTime::from_timestamp(1_777_629_600, 0))
}

#[test]
fn a_store_without_alert_tables_has_no_alerts() {
    let (test_store, _) = TestStore::with_messages();
    let store = test_store.open();
    assert_eq!(
        (store.alert_state().expect("the read succeeds"), store.list_alerts(9).expect("the read succeeds")),
        (None, Vec::new())
    );
    assert_eq!(
        (store.next_alert_id().expect("the read succeeds"), store.last_seen_alert().expect("the read succeeds")),
        (1, 0)
    );
    assert_eq!(store.find_alert(1).expect("the read succeeds"), None);
}

#[test]
fn alerts_and_their_state_survive_a_restart() {
    let (test_store, _) = TestStore::with_messages();
    let mut store = test_store.open();
    let before = read_contents(&mut store);
    store.write_alerts(&paused_state(), &[alert_row(1), alert_row(2)]).expect("the write succeeds");
    store.mark_alerts_seen(1).expect("the write succeeds");
    store.close().expect("the store closes");
    let mut store = test_store.open();
    assert_eq!(store.alert_state().expect("the read succeeds"), Some(paused_state()));
    assert_eq!(store.list_alerts(9).expect("the read succeeds"), [alert_row(2), alert_row(1)], "the latest first");
    assert_eq!(store.list_alerts(1).expect("the read succeeds"), [alert_row(2)]);
    assert_eq!(
        (store.next_alert_id().expect("the read succeeds"), store.last_seen_alert().expect("the read succeeds")),
        (3, 1)
    );
    assert_eq!(read_contents(&mut store), before);
}

#[test]
fn an_updated_alert_replaces_the_earlier_one() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    store.write_alerts(&paused_state(), &[alert_row(1)]).expect("the write succeeds");
    let shown = AlertRow { fate: DeliveryStatus::Shown, ..alert_row(1) };
    store.update_alerts(std::slice::from_ref(&shown)).expect("the write succeeds");
    assert_eq!(
        (store.find_alert(1).expect("the read succeeds"), store.next_alert_id().expect("the read succeeds")),
        (Some(shown), 2)
    );
}

#[test]
fn the_list_is_bounded_and_ids_are_not_reused() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    let rows: Vec<_> = (1..=2_500).map(alert_row).collect();
    store.write_alerts(&paused_state(), &rows[..2_000]).expect("the write succeeds");
    store.write_alerts(&paused_state(), &rows[2_000..]).expect("the write succeeds");
    let kept = store.list_alerts(usize::MAX).expect("the read succeeds");
    assert_eq!((kept.len(), kept[0].id, kept[MAX_ALERTS - 1].id), (MAX_ALERTS, 2_500, 1_501));
    assert_eq!(store.next_alert_id().expect("the read succeeds"), 2_501);
}

#[test]
fn a_released_store_rejects_alerts() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    store.release();
    assert!(matches!(store.write_alerts(&paused_state(), &[alert_row(1)]), Err(StoreError::Closed { .. })));
}
