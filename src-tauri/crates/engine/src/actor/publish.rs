//! Publishing what holds now.

use std::sync::Arc;
use std::time::Instant;

use chrono::Utc;
use token_monitor_core::report::model::{Problem, Progress, Snapshot};
use token_monitor_core::time::Timestamp;

use crate::actor::Actor;
use crate::actor::queries;
use crate::ingest::import::Import;
use crate::outage::Outage;

impl Actor {
    /// Publishes what holds now, if it differs from what was published.
    pub(crate) fn show(&mut self) {
        self.times.shown = Instant::now();
        let now = Utc::now();
        let snapshot = queries::snapshot(self, now.into());
        self.snapshots.send_if_modified(|shown| {
            let changed = differs(shown, &snapshot);
            if changed {
                *shown = Arc::new(snapshot);
            }
            changed
        });
    }

    /// Whether a large history is being read.
    pub(crate) fn is_importing(&self) -> bool {
        self.import.is_some()
    }

    /// How far the reading is.
    pub(crate) fn progress(&self) -> Progress {
        self.import.as_ref().map_or(Progress::Live, Import::progress)
    }

    /// What people should know.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let paused = self.failing.values().filter(|(backoff, _)| backoff.is_paused()).count();
        let unread = (paused > 0).then(|| Problem {
            message: match paused {
                1 => "A log cannot be read.".to_owned(),
                several => format!("{several} logs cannot be read."),
            },
            hint: "token-monitor doctor says which and why.".to_owned(),
        });
        let closed = self.walk.closed().first().map(|folder| Problem {
            message: match self.walk.closed().len() {
                1 => format!("The folder {} cannot be read.", folder.display()),
                several => format!("{several} folders cannot be read, such as {}.", folder.display()),
            },
            hint: "Allow yourself to read it, and what is in it is counted.".to_owned(),
        });
        let settings = self.settings.problems.first().map(|problem| Problem {
            message: problem.clone(),
            hint: "Correct it where it was set; until then what lies beneath holds.".to_owned(),
        });
        self.troubles().chain(closed).chain(unread).chain(settings).collect()
    }

    /// What the store suffers from, and what happened to it at the start.
    pub(crate) fn troubles(&self) -> impl Iterator<Item = Problem> {
        self.outage.iter().map(Outage::problem).chain(self.notes.iter().cloned())
    }

    /// Where sessions too old for the list begin.
    pub(crate) fn oldest_listed(&self, now: Timestamp) -> Timestamp {
        let kept = i64::try_from(self.settings.session_retention.as_micros()).unwrap_or(i64::MAX);
        Timestamp(now.0.saturating_sub(kept))
    }
}

/// Time alone is news once a minute, so that what is shown is never older.
fn differs(shown: &Snapshot, new: &Snapshot) -> bool {
    let same_minute = shown.at.timestamp() / 60 == new.at.timestamp() / 60;
    let moved = Snapshot { at: shown.at, ..new.clone() };
    !same_minute || moved != *shown
}
