//! Notices that wait for their turn: few, and the latest rather than the oldest.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::notification::Notice;

/// As many as can wait. More are older than anybody cares for.
const ROOM: usize = 16;

/// The notices that wait.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

#[derive(Default)]
struct Waiting {
    notices: VecDeque<Notice>,
    closed: bool,
}

impl Queue {
    /// Adds one, and gives back the one that had to give way to it.
    pub(crate) fn push(&self, notice: Notice) -> Option<Notice> {
        let mut waiting = self.lock();
        let given_up = if waiting.notices.len() < ROOM { None } else { waiting.notices.pop_front() };
        waiting.notices.push_back(notice);
        self.changed.notify_one();
        given_up
    }

    /// Ends it: nothing more comes out.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Waits for the next; none once it is closed. Nothing is lost where the waiting is given up.
    pub(crate) async fn next(&self) -> Option<Notice> {
        loop {
            let changed = self.changed.notified();
            {
                let mut waiting = self.lock();
                if waiting.closed {
                    return None;
                }
                if let Some(notice) = waiting.notices.pop_front() {
                    return Some(notice);
                }
            }
            changed.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Whoever held it does nothing that can leave it half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::alerts::Urgency;
    use token_monitor_core::report::model::Route;

    use super::*;

    fn notice(id: u64) -> Notice {
        let (title, body) = ("Block".to_owned(), "75 %".to_owned());
        Notice { id, tag: id.to_string(), title, body, urgency: Urgency::Normal, sound: false, route: Route::Now }
    }

    fn ids(queue: &Queue) -> Vec<u64> {
        queue.lock().notices.iter().map(|notice| notice.id).collect()
    }

    #[test]
    fn the_oldest_gives_way_where_there_is_no_room() {
        let queue = Queue::default();
        let given_up: Vec<_> = (0..20).filter_map(|id| queue.push(notice(id))).map(|notice| notice.id).collect();
        assert_eq!(given_up, [0, 1, 2, 3]);
        assert_eq!(ids(&queue), (4..20).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_comes_out_of_a_closed_queue() {
        let queue = Queue::default();
        queue.push(notice(1));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(queue.next()).map(|notice| notice.id), Some(1));
        queue.push(notice(2));
        queue.close();
        assert_eq!(runtime.block_on(queue.next()), None);
    }
}
