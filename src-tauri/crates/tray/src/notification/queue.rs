//! A bounded queue of notifications that drops the oldest.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::notification::types::Notification;

/// The most queued notifications. Older ones are of no interest.
const MAX_QUEUED: usize = 16;

/// The queue of notifications, shared by the callers and the delivery thread.
#[derive(Default)]
pub(crate) struct NotificationQueue {
    state: Mutex<QueueState>,
    changed: Notify,
}

#[derive(Default)]
struct QueueState {
    pending: VecDeque<Notification>,
    closed: bool,
}

impl NotificationQueue {
    /// Adds a notification. Returns the oldest one if it was dropped because the queue is full.
    pub(crate) fn push(&self, notification: Notification) -> Option<Notification> {
        let mut state = self.lock();
        let dropped = if state.pending.len() < MAX_QUEUED { None } else { state.pending.pop_front() };
        state.pending.push_back(notification);
        self.changed.notify_one();
        dropped
    }

    /// Closes the queue: [`NotificationQueue::next`] returns `None` from now on.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Waits for the next notification, or returns `None` once the queue is closed. Cancel safe.
    pub(crate) async fn next(&self) -> Option<Notification> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.lock();
                if state.closed {
                    return None;
                }
                if let Some(notification) = state.pending.pop_front() {
                    return Some(notification);
                }
            }
            changed.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        // A panic cannot leave the state inconsistent.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::alerts::Urgency;
    use token_monitor_core::report::model::Route;

    use super::*;

    fn notification(id: u64) -> Notification {
        let (title, body) = ("Block".to_owned(), "75%".to_owned());
        Notification { id, tag: id.to_string(), title, body, urgency: Urgency::Normal, sound: false, route: Route::Now }
    }

    fn ids(queue: &NotificationQueue) -> Vec<u64> {
        queue.lock().pending.iter().map(|notification| notification.id).collect()
    }

    #[test]
    fn a_full_queue_drops_the_oldest() {
        let queue = NotificationQueue::default();
        let dropped: Vec<_> =
            (0..20).filter_map(|id| queue.push(notification(id))).map(|notification| notification.id).collect();
        assert_eq!(dropped, [0, 1, 2, 3]);
        assert_eq!(ids(&queue), (4..20).collect::<Vec<_>>());
    }

    #[test]
    fn a_closed_queue_returns_none() {
        let queue = NotificationQueue::default();
        queue.push(notification(1));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(queue.next()).map(|notification| notification.id), Some(1));
        queue.push(notification(2));
        queue.close();
        assert_eq!(runtime.block_on(queue.next()), None);
    }
}
