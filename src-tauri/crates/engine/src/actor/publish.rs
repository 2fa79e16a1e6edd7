//! Publishing snapshots and applying effects.

use std::sync::Arc;
use std::time::{Duration, Instant};

use token_monitor_core::report::model::Snapshot;
use token_monitor_core::time::Timestamp;

use crate::actor::effects::Effects;
use crate::actor::queries::{self, EngineView};
use crate::actor::state::Actor;
use crate::clock;

impl Actor {
    /// Returns the read-only view for queries.
    pub(super) fn view(&self) -> EngineView<'_> {
        EngineView {
            live: &self.live,
            storage: &self.storage,
            scanner: &self.scanner,
            history: &self.history,
            alerts: &self.alerts.outbox,
            reported: &self.reported,
            update: self.updates.available.as_ref(),
            revision: self.revision,
        }
    }

    /// Applies the effects of a handler.
    pub(super) fn apply(&mut self, effects: Effects) {
        self.revision += u64::from(effects.revision);
        if effects.publish {
            self.publish();
        }
    }

    /// Publishes a snapshot of the current state if it differs from the last one.
    pub(super) fn publish(&mut self) {
        if self.storage.is_damaged() {
            // Figures may be incomplete until the store was replaced.
            return;
        }
        self.last_published = Instant::now();
        let snapshot = queries::snapshot(&self.view(), clock::now().into());
        self.snapshots.send_if_modified(|published| {
            let changed = is_news(published, &snapshot);
            if changed {
                *published = Arc::new(snapshot);
            }
            changed
        });
    }

    /// Returns the published snapshot, or a new one if that is older than `max_age`.
    pub(super) fn recent_snapshot(&mut self, max_age: Duration) -> Arc<Snapshot> {
        if self.last_published.elapsed() < max_age {
            return self.snapshots.borrow().clone();
        }
        let now = clock::now().into();
        self.refresh_history(now);
        Arc::new(queries::snapshot(&self.view(), now))
    }

    /// Refreshes the figures about past blocks and days. Does nothing during an import.
    pub(super) fn refresh_history(&mut self, now: Timestamp) {
        if self.scanner.is_importing() || !self.history.needs_refresh(self.live.zone, now) {
            return;
        }
        let effects = self.storage.write_history();
        self.history.refresh_typical_day(&self.storage.ledger_store, self.live.zone, now);
        self.history.refresh_stats(&self.storage.ledger_store, self.live.settings.anchor, now);
        self.apply(effects);
    }
}

/// Returns true if a snapshot differs in more than its time, or if the minute changed: a published snapshot is never
/// older than a minute.
fn is_news(published: &Snapshot, new: &Snapshot) -> bool {
    let same_minute = published.at.timestamp() / 60 == new.at.timestamp() / 60;
    let same_time = Snapshot { at: published.at, ..new.clone() };
    !same_minute || same_time != *published
}
