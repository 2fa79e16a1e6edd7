//! The single-instance lock: a second launch activates exactly one process, and a stuck client blocks no other.

use std::time::Duration;

use token_monitor_core::report::model::Route;
use token_monitor_ipc::{ActivateAction, ActivateRequest, InstanceLock};
use tokio::time::timeout;

use crate::runtime_folder::with_runtime_folder;

/// The time after which a test that waits forever fails.
const DEADLINE: Duration = Duration::from_secs(10);

#[test]
fn a_second_launch_sends_its_page_to_the_process_with_the_lock() {
    with_runtime_folder("instance::a_second_launch_sends_its_page_to_the_process_with_the_lock", |folder| async move {
        let store = folder.join("sessions.db");
        let route = Some(Route::Session { session_id: "s-1".to_owned() });
        let request = ActivateRequest { route, action: ActivateAction::Toggle };
        assert!(!request.send(&store).await, "no process has the lock yet");

        let lock = InstanceLock::acquire(&store).expect("can be locked").expect("is free");
        let mut activations = lock.listen().expect("can listen");
        assert!(request.send(&store).await);
        let received = timeout(DEADLINE, activations.next()).await.expect("in time");
        assert_eq!(received, Some(request.clone()));

        drop((activations, lock));
        assert!(!request.send(&store).await, "the process has released the lock");
    });
}

#[test]
fn many_launches_at_once_are_all_acknowledged() {
    with_runtime_folder("instance::many_launches_at_once_are_all_acknowledged", |folder| async move {
        let store = folder.join("sessions.db");
        let lock = InstanceLock::acquire(&store).expect("can be locked").expect("is free");
        let _activations = lock.listen().expect("can listen");
        for _ in 0..100 {
            assert!(ActivateRequest::default().send(&store).await, "also with unread requests in the queue");
        }
    });
}
