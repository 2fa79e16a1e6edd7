//! Writing what was counted, and going on where that fails.

use std::time::Instant;

use chrono::Utc;
use token_monitor_store::{Safety, StoreError};
use tracing::{info, warn};

use crate::actor::price_updates;
use crate::actor::{Actor, LONGEST_GATHER};
use crate::outage::{self, Outage};

impl Actor {
    pub(crate) fn commit_due(&self) -> Option<Instant> {
        let (began, last) = self.times.dirty.filter(|_| self.outage.is_none() && self.import.is_none())?;
        let window = self.settings.batch_window;
        Some((last + window).min(began + window * LONGEST_GATHER))
    }

    pub(crate) fn commit(&mut self, safety: Safety) {
        if self.outage.is_none() {
            self.times.dirty = None;
            let committed = self.books.commit(safety);
            self.tried(committed);
            let refreshed = self.books.refresh(Utc::now().into());
            self.tried(refreshed);
        }
    }

    /// Notes that the store failed: what is counted from now on is counted in memory.
    pub(crate) fn tried(&mut self, result: Result<(), StoreError>) {
        if let Err(error) = result {
            self.store_failed(&error);
        }
    }

    pub(crate) fn store_failed(&mut self, error: &StoreError) {
        if self.outage.is_none() {
            warn!(error = error as &dyn std::error::Error, "The store failed.");
            self.outage = Some(Outage::began(error, Instant::now()));
        }
        self.show();
    }

    pub(crate) fn try_to_recover(&mut self) {
        let Some(outage) = self.outage.take() else { return };
        let path = self.books.path().to_owned();
        match outage::reopen(&mut self.books, &path) {
            Ok(()) => {
                info!("The store works again.");
                self.past.forget();
                self.times.dirty = None;
                // Its next parts account for earlier ones that memory no longer holds.
                self.import = None;
                // The prices may have changed as the store failed.
                let pricing = self.settings.pricing(price_updates::cached(&self.settings));
                let repriced = self.books.reprice(pricing, Utc::now().into());
                self.tried(repriced);
                // Before anything is shown: what was counted in memory alone is read from the logs again.
                self.sweep();
            }
            Err(error) => self.outage = Some(outage.goes_on(&error, Instant::now())),
        }
    }
}
