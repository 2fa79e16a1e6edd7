//! The quota readings of all windows.

use std::collections::{BTreeMap, BTreeSet};

use crate::quota::confirmed::{ConfirmedWindow, confirmed_windows};
use crate::quota::reading::{Percent, QuotaSource, Reading};
use crate::quota::reading_log::ReadingLog;
use crate::quota::remote_usage::estimate_remote_usage;
use crate::quota::usage::{MAX_AGE, QuotaUsage};
use crate::quota::window::QuotaWindow;
use crate::time::Timestamp;

/// The maximum number of windows. A dozen are known, but names come from files and are not limited there.
const MAX_WINDOWS: usize = 64;

/// The readings of all windows. The result does not depend on the order of insertions or on repeated readings.
///
/// The size is bounded (see [`ReadingLog`]). Storing every reading for which [`Quota::insert`] returned true, and inserting
/// them again, restores the same state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    logs: BTreeMap<QuotaWindow, ReadingLog>,
    /// The latest limit message without a reset time for each window. It has no figure and its end is unknown.
    limit_hits: BTreeMap<QuotaWindow, Reading>,
}

impl Quota {
    /// Inserts a reading. Returns true if it changed the state and has to be stored.
    ///
    /// Readings that fail [`Reading::validate`] and readings from the future are ignored.
    pub fn insert(&mut self, reading: Reading, now: Timestamp) -> bool {
        let is_in_future = reading.at.0 > now.0.saturating_add(Reading::MAX_CLOCK_SKEW);
        if is_in_future || reading.validate().is_err() || reading.window.is_misnamed() {
            return false;
        }
        if reading.is_open_limit_hit() {
            return insert_bounded(&mut self.limit_hits, reading);
        }
        if !self.has_room(&reading.window) {
            return false;
        }
        let changed = self.logs.entry(reading.window.clone()).or_default().insert(reading);
        while self.logs.len() > MAX_WINDOWS {
            self.logs.pop_last();
        }
        changed
    }

    /// Returns the usage of a window at `now`, or `None` if there is no valid figure of the current window.
    pub fn current_usage(&self, window: &QuotaWindow, now: Timestamp) -> Option<QuotaUsage> {
        self.logs.get(window)?.current_usage(now)
    }

    /// Returns the limits that were reached within the last day without a reset time, and of which no later figure is
    /// known.
    pub fn open_limit_hits(&self, now: Timestamp) -> impl Iterator<Item = &Reading> {
        let is_recent =
            move |hit: &&Reading| (-Reading::MAX_CLOCK_SKEW..MAX_AGE).contains(&now.0.saturating_sub(hit.at.0));
        let has_later_figure = |hit: &Reading| {
            let log = self.logs.get(&hit.window);
            log.is_some_and(|log| {
                log.readings().any(|reading| reading.at >= hit.at && reading.source != QuotaSource::ErrorResponse)
            })
        };
        self.limit_hits.values().filter(is_recent).filter(move |hit| !has_later_figure(hit))
    }

    /// Returns the windows that have readings, the five-hour window first.
    pub fn windows(&self) -> impl Iterator<Item = &QuotaWindow> {
        self.logs.keys()
    }

    /// Returns the five-hour windows with a known end, in order of time and without overlap.
    pub fn confirmed_windows(&self) -> impl Iterator<Item = ConfirmedWindow> {
        self.logs.get(&QuotaWindow::FiveHour).map(confirmed_windows).unwrap_or_default().into_iter()
    }

    /// Returns the share of the current five-hour window that was used on other computers or in a browser.
    ///
    /// The result is a lower bound: the sum of the increases during which this computer used no tokens. `tokens_between`
    /// returns the local tokens after the first and up to the second instant. Returns `None` without a figure of the
    /// current window.
    pub fn remote_usage(
        &self,
        now: Timestamp,
        tokens_between: impl Fn(Timestamp, Timestamp) -> u128,
    ) -> Option<Percent> {
        estimate_remote_usage(self.logs.get(&QuotaWindow::FiveHour)?, now, tokens_between)
    }

    /// Returns all readings of the state, which a store has to contain.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        let readings: BTreeSet<&Reading> =
            self.logs.values().flat_map(ReadingLog::readings).chain(self.limit_hits.values()).collect();
        readings.into_iter()
    }

    /// Returns true if a reading is part of the state. Other readings may be deleted from the store.
    pub fn is_needed(&self, reading: &Reading) -> bool {
        let is_hit = self.limit_hits.get(&reading.window) == Some(reading);
        is_hit || self.logs.get(&reading.window).is_some_and(|log| log.readings().any(|kept| kept == reading))
    }

    /// Returns true if a window can be added. The first windows in sort order are kept, so that the order of insertions
    /// does not matter.
    fn has_room(&self, window: &QuotaWindow) -> bool {
        self.logs.len() < MAX_WINDOWS || self.logs.keys().next_back().is_some_and(|last| window <= last)
    }
}

/// Inserts a limit message unless a later one of the same window is known. Returns true if it was inserted.
///
/// If there are too many windows, the first ones in sort order are kept.
fn insert_bounded(hits: &mut BTreeMap<QuotaWindow, Reading>, hit: Reading) -> bool {
    let is_last = |window: &QuotaWindow| hits.keys().next_back().is_some_and(|last| window > last);
    let is_older = hits.get(&hit.window).is_some_and(|known| (known.at, known.used) >= (hit.at, hit.used));
    if is_older || (hits.len() >= MAX_WINDOWS && is_last(&hit.window)) {
        return false;
    }
    hits.insert(hit.window.clone(), hit);
    while hits.len() > MAX_WINDOWS {
        hits.pop_last();
    }
    true
}
