//! The pace at which new figures reach the screen.

use std::sync::Arc;
use std::time::Duration;

use token_monitor_core::report::model::Snapshot;
use tokio::time::Instant;

/// Holds back snapshots that follow each other too closely. Of several, the latest is shown.
///
/// Figures that only change with time, for example the burn rate, do not delay new usage: a log line that arrives soon after
/// the regular update is shown at once.
#[derive(Debug)]
pub(crate) struct UpdatePace {
    /// The shortest time between two updates.
    interval: Duration,
    pending: Option<Arc<Snapshot>>,
    shown: Option<ShownUpdate>,
}

/// The last update.
#[derive(Clone, Copy, Debug)]
struct ShownUpdate {
    revision: u64,
    at: Instant,
    /// The time of the last update with another revision than the one before it.
    revision_at: Instant,
}

impl UpdatePace {
    /// Creates a pace at which the first snapshot is shown at once.
    pub(crate) fn new(interval: Duration) -> Self {
        Self { interval, pending: None, shown: None }
    }

    /// Remembers a snapshot that is to be shown, in place of one that waits.
    pub(crate) fn push(&mut self, snapshot: Arc<Snapshot>) {
        self.pending = Some(snapshot);
    }

    /// Forgets the snapshot that waits.
    pub(crate) fn clear(&mut self) {
        self.pending = None;
    }

    /// Waits until the pending snapshot may be shown, and returns it. Waits forever if there is none.
    pub(crate) async fn next(&mut self) -> Arc<Snapshot> {
        let Some(snapshot) = self.pending.clone() else { return std::future::pending().await };
        tokio::time::sleep_until(self.allowed_at(snapshot.revision)).await;
        self.pending = None;
        snapshot
    }

    /// Records that figures of a revision are shown.
    pub(crate) fn mark_shown(&mut self, revision: u64) {
        let at = Instant::now();
        let known = self.shown.filter(|shown| shown.revision == revision);
        self.shown = Some(ShownUpdate { revision, at, revision_at: known.map_or(at, |shown| shown.revision_at) });
    }

    fn allowed_at(&self, revision: u64) -> Instant {
        match self.shown {
            None => Instant::now(),
            Some(shown) if shown.revision == revision => shown.at + self.interval,
            Some(shown) => shown.revision_at + self.interval,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_millis(250);

    fn snapshot(revision: u64) -> Arc<Snapshot> {
        Arc::new(Snapshot { revision, ..crate::live::fixtures::snapshot() })
    }

    /// Pushes a snapshot, waits until it is shown, and returns the time that this took.
    async fn show(pace: &mut UpdatePace, revision: u64) -> Duration {
        let start = Instant::now();
        pace.push(snapshot(revision));
        let shown = pace.next().await;
        assert_eq!(shown.revision, revision);
        pace.mark_shown(revision);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn new_usage_does_not_wait_for_an_update_of_the_same_revision() {
        let mut pace = UpdatePace::new(INTERVAL);
        assert_eq!(show(&mut pace, 1).await, Duration::ZERO, "the first");
        tokio::time::sleep(INTERVAL).await;
        assert_eq!(show(&mut pace, 1).await, Duration::ZERO, "the same revision after a pause");
        assert_eq!(show(&mut pace, 2).await, Duration::ZERO, "new usage");
        assert_eq!(show(&mut pace, 3).await, INTERVAL, "new usage soon after other usage");
        assert_eq!(show(&mut pace, 3).await, INTERVAL, "the same revision");
    }

    #[tokio::test(start_paused = true)]
    async fn the_latest_of_several_snapshots_is_shown() {
        let mut pace = UpdatePace::new(INTERVAL);
        show(&mut pace, 1).await;
        pace.push(snapshot(2));
        pace.push(snapshot(3));
        assert_eq!(pace.next().await.revision, 3);
        pace.push(snapshot(4));
        pace.clear();
        let later = tokio::time::timeout(Duration::from_secs(60), pace.next()).await;
        assert!(later.is_err(), "nothing is left to show");
    }
}
