//! What is kept of one window.
//!
//! Two things, both independent of the order readings come in: the latest samples, at most one a minute from each
//! source, and for every known end the reading that told it first. What is dropped is measured from the newest, not
//! from a clock, so that the same readings always leave the same state.

use std::collections::BTreeMap;

use crate::quota::reading::{QuotaSource, Reading};
use crate::quota::window::Window;
use crate::time::timestamp::{Slot, Timestamp};

const MINUTE: i64 = 60_000_000;

/// How many minutes of samples are kept of five-hour windows: two of them, with what a reset may be late by.
const SAMPLES: i64 = 2 * 310;

/// How many minutes of samples are kept of other windows: more than the highest is held against the newest for.
const SAMPLES_OF_OTHERS: i64 = 60;

/// For how many slots ends are kept: 400 days, a year's comparison and a month.
const ENDS: i32 = 400 * 24 * Slot::PER_HOUR;

/// One sample a minute, of each instance of the window and from each source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    minute: i64,
    end: Option<Slot>,
    source: QuotaSource,
}

impl Place {
    fn of(reading: &Reading) -> Self {
        let minute = reading.at.0.div_euclid(MINUTE);
        Self { minute, end: reading.resets.map(end_mark), source: reading.source }
    }
}

/// The readings of one window that still matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Track {
    samples: BTreeMap<Place, Reading>,
    ends: BTreeMap<Slot, Reading>,
}

impl Track {
    /// Takes a reading of its window that is believed. Says whether anything changed.
    pub(crate) fn take(&mut self, reading: Reading) -> bool {
        let ended = self.end(&reading);
        self.sample(reading) || ended
    }

    /// What it consists of; a reading may be there twice.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Reading> {
        self.samples.values().chain(self.ends.values())
    }

    /// Its samples, by the minute.
    pub(crate) fn samples(&self) -> impl Iterator<Item = &Reading> {
        self.samples.values()
    }

    /// The known ends, rounded, each with the reading that told it.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (Slot, &Reading)> {
        self.ends.iter().map(|(&end, reading)| (end, reading))
    }

    /// When the window a reading is of ends: as it says, or by an end that was told by another.
    pub(crate) fn end_of(&self, reading: &Reading) -> Option<Timestamp> {
        reading.resets.or_else(|| {
            let reach = reading.at.0.saturating_add(reading.window.length());
            let ends = self.ends.range(reading.at.slot()..).filter_map(|(_, told)| told.resets);
            ends.take_while(|end| end.0 <= reach + Slot::MICROS).find(|end| *end > reading.at && end.0 <= reach)
        })
    }

    /// Of two that say the same the earlier is kept: so a repetition within the minute is no news.
    fn sample(&mut self, reading: Reading) -> bool {
        let newest = self.samples.keys().next_back().map_or(i64::MIN, |place| place.minute);
        let (place, kept) = (Place::of(&reading), minutes_kept(&reading.window));
        if place.minute < newest.saturating_sub(kept) {
            return false;
        }
        let weight = |reading: &Reading| (reading.used, -reading.at.0, reading.resets);
        let changed = keep_heavier(&mut self.samples, place, reading, weight);
        let first = newest.max(place.minute).saturating_sub(kept);
        while self.samples.first_key_value().is_some_and(|(place, _)| place.minute < first) {
            self.samples.pop_first();
        }
        changed
    }

    /// Of two that tell the same end an official one is kept, and then the earlier.
    fn end(&mut self, reading: &Reading) -> bool {
        let Some(end) = reading.resets.map(end_mark) else { return false };
        let newest = self.ends.keys().next_back().map_or(end, |last| end.max(*last));
        let first = Slot(newest.0.saturating_sub(ENDS));
        if end < first {
            return false;
        }
        let weight = |r: &Reading| (r.source.is_official(), -r.at.0, r.source, r.resets, r.used);
        let changed = keep_heavier(&mut self.ends, end, reading.clone(), weight);
        while self.ends.first_key_value().is_some_and(|(end, _)| *end < first) {
            self.ends.pop_first();
        }
        changed
    }
}

/// Puts a value in its place unless one at least as heavy is there.
fn keep_heavier<K: Ord, W: Ord>(
    map: &mut BTreeMap<K, Reading>,
    key: K,
    reading: Reading,
    weight: impl Fn(&Reading) -> W,
) -> bool {
    let lighter = map.get(&key).is_some_and(|kept| weight(kept) >= weight(&reading));
    if !lighter {
        map.insert(key, reading);
    }
    !lighter
}

/// The five-minute mark nearest to a reset: ends lie on ten-minute marks, and are told a moment off.
pub(crate) fn end_mark(resets: Timestamp) -> Slot {
    Timestamp(resets.0.saturating_add(Slot::MICROS / 2)).slot()
}

fn minutes_kept(window: &Window) -> i64 {
    match window {
        Window::FiveHour => SAMPLES,
        Window::Weekly | Window::ExtraUsage | Window::Scoped(_) => SAMPLES_OF_OTHERS,
    }
}
