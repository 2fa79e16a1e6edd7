//! The fear: a second start raises nobody, raises two, or somebody who hangs keeps all others from being heard.

use std::time::Duration;

use token_monitor_core::report::model::Route;
use token_monitor_ipc::{Raise, Seat};
use tokio::time::timeout;

use crate::own_folder::with_own_folder;

/// Far longer than anything awaited takes; it ends a test that would wait for ever.
const DEADLINE: Duration = Duration::from_secs(10);

#[test]
fn who_holds_the_seat_hears_a_second_start_and_its_page() {
    with_own_folder("seat::who_holds_the_seat_hears_a_second_start_and_its_page", |folder| async move {
        let store = folder.join("sessions.db");
        let wish = Raise { route: Some(Route::Session { session_id: "s-1".to_owned() }) };
        assert!(!wish.ask(&store).await, "nobody is there yet");

        let seat = Seat::take(&store).expect("can be locked").expect("is free");
        let mut raises = seat.listen().expect("can listen");
        assert!(wish.ask(&store).await);
        let heard = timeout(DEADLINE, raises.next()).await.expect("in time");
        assert_eq!(heard, Some(wish.clone()));

        drop((raises, seat));
        assert!(!wish.ask(&store).await, "nobody is there any more");
    });
}

#[test]
fn many_starts_at_once_are_all_answered() {
    with_own_folder("seat::many_starts_at_once_are_all_answered", |folder| async move {
        let store = folder.join("sessions.db");
        let seat = Seat::take(&store).expect("can be locked").expect("is free");
        let _raises = seat.listen().expect("can listen");
        for _ in 0..100 {
            assert!(Raise { route: None }.ask(&store).await, "also with wishes nobody has looked at yet");
        }
    });
}
