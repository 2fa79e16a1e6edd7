//! The readings kept for one window.
//!
//! Two parts, both independent of the order of insertion: the latest samples, at most one per minute from each source,
//! and for every known end the reading that first gave it. Old readings are removed relative to the newest reading, not to
//! a clock, so that the same readings always give the same state.

use std::collections::BTreeMap;

use crate::quota::reading::{QuotaSource, Reading};
use crate::quota::window::QuotaWindow;
use crate::time::{MICROS_PER_MINUTE, Slot, Timestamp};

/// The minutes for which samples of five-hour windows are kept: two windows with the slack of their resets.
const FIVE_HOUR_SAMPLE_MINUTES: i64 = 2 * 310;

/// The minutes for which samples of other windows are kept, which is more than the hold time of a peak.
const OTHER_SAMPLE_MINUTES: i64 = 60;

/// The slots for which ends are kept: 400 days, enough to compare a month with that of last year.
const END_RETENTION_SLOTS: i32 = 400 * 24 * Slot::PER_HOUR;

/// The key of a sample: one per minute, window end and source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SampleKey {
    minute: i64,
    end: Option<Slot>,
    source: QuotaSource,
}

impl SampleKey {
    fn for_reading(reading: &Reading) -> Self {
        let minute = reading.at.0.div_euclid(MICROS_PER_MINUTE);
        Self { minute, end: reading.resets_at.map(nearest_slot), source: reading.source }
    }
}

/// The readings of one window that are still relevant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReadingLog {
    samples: BTreeMap<SampleKey, Reading>,
    ends: BTreeMap<Slot, Reading>,
}

impl ReadingLog {
    /// Inserts a valid reading of this window. Returns true if it changed the log.
    pub(crate) fn insert(&mut self, reading: Reading) -> bool {
        let changed_ends = self.insert_end(&reading);
        let has_share = reading.source != QuotaSource::ErrorResponse;
        has_share && self.insert_sample(reading) || changed_ends
    }

    /// Returns all readings; one that is both a sample and an end is returned twice.
    pub(crate) fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.samples.values().chain(self.ends.values())
    }

    /// Returns the samples in order of their minutes.
    pub(crate) fn samples(&self) -> impl Iterator<Item = &Reading> {
        self.samples.values()
    }

    /// Returns the known ends, rounded to slots, each with the reading that gave it.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (Slot, &Reading)> {
        self.ends.iter().map(|(&end, reading)| (end, reading))
    }

    /// Returns the end of a reading's window, as given by the reading or by another reading of the same window.
    pub(crate) fn window_end(&self, reading: &Reading) -> Option<Timestamp> {
        reading.resets_at.or_else(|| {
            let latest = reading.at.0.saturating_add(reading.window.length_micros());
            let ends = self.ends.range(reading.at.slot()..).filter_map(|(_, reading)| reading.resets_at);
            ends.take_while(|end| end.0 <= latest + Slot::MICROS).find(|end| *end > reading.at && end.0 <= latest)
        })
    }

    /// Inserts a sample. Of two equal samples the earlier is kept, so that a repetition within a minute changes nothing.
    fn insert_sample(&mut self, reading: Reading) -> bool {
        let newest = self.samples.keys().next_back().map_or(i64::MIN, |key| key.minute);
        let (key, retention) = (SampleKey::for_reading(&reading), sample_retention_minutes(&reading.window));
        if key.minute < newest.saturating_sub(retention) {
            return false;
        }
        let rank = |reading: &Reading| (reading.used, -reading.at.0, reading.resets_at);
        let changed = insert_if_preferred(&mut self.samples, key, reading, rank);
        let first = newest.max(key.minute).saturating_sub(retention);
        while self.samples.first_key_value().is_some_and(|(key, _)| key.minute < first) {
            self.samples.pop_first();
        }
        changed
    }

    /// Inserts the end of a reading's window. Of two readings with the same end an official one is preferred, then the
    /// earlier one.
    fn insert_end(&mut self, reading: &Reading) -> bool {
        let Some(end) = reading.resets_at.map(nearest_slot) else { return false };
        let newest = self.ends.keys().next_back().map_or(end, |last| end.max(*last));
        let first = Slot(newest.0.saturating_sub(END_RETENTION_SLOTS));
        if end < first {
            return false;
        }
        let rank = |r: &Reading| (r.source.is_official(), -r.at.0, r.source, r.resets_at, r.used);
        let changed = insert_if_preferred(&mut self.ends, end, reading.clone(), rank);
        while self.ends.first_key_value().is_some_and(|(end, _)| *end < first) {
            self.ends.pop_first();
        }
        changed
    }
}

/// Inserts a reading unless the existing one has the same or a higher rank. Returns true if it was inserted.
fn insert_if_preferred<K: Ord, R: Ord>(
    map: &mut BTreeMap<K, Reading>,
    key: K,
    reading: Reading,
    rank: impl Fn(&Reading) -> R,
) -> bool {
    let is_preferred = map.get(&key).is_none_or(|existing| rank(existing) < rank(&reading));
    if is_preferred {
        map.insert(key, reading);
    }
    is_preferred
}

/// Returns the slot that starts nearest to a reset. Real ends are on ten-minute marks and are given with small errors.
pub(crate) fn nearest_slot(resets_at: Timestamp) -> Slot {
    Timestamp(resets_at.0.saturating_add(Slot::MICROS / 2)).slot()
}

fn sample_retention_minutes(window: &QuotaWindow) -> i64 {
    match window {
        QuotaWindow::FiveHour => FIVE_HOUR_SAMPLE_MINUTES,
        QuotaWindow::Weekly
        | QuotaWindow::ExtraUsage
        | QuotaWindow::Scoped(_)
        | QuotaWindow::SpendLimit
        | QuotaWindow::Organization
        | QuotaWindow::Product(_)
        | QuotaWindow::Other(_) => OTHER_SAMPLE_MINUTES,
    }
}
