//! The vendor's own figures: how much of a quota is used and when it starts anew.
//!
//! Pure and offline: it is handed the bytes of files that lie on this computer anyway, asks no server and knows no
//! credentials. What it is told is doubted first (see [`Rejected`]), because these formats are undocumented and
//! have carried nonsense before. The way of a figure through it: bytes → [`Gathered`] → [`Reading`] → [`Quota`] →
//! [`Standing`] and [`KnownWindow`].

pub(crate) mod confirmed;
pub(crate) mod fields;
pub(crate) mod reading;
pub(crate) mod reading_log;
pub(crate) mod remote_usage;
pub(crate) mod sources;
pub(crate) mod statusline_input;
pub(crate) mod usage;
pub(crate) mod window;

#[cfg(test)]
pub(crate) mod properties;

use std::collections::{BTreeMap, BTreeSet};

pub use confirmed::KnownWindow;
pub use reading::{Percent, QuotaSource, Reading, Rejected};
pub use sources::{Gathered, from_cached_usage, from_desktop_history, from_inbox};
pub use usage::{Freshness, Standing};
pub use window::Window;

use crate::time::timestamp::Timestamp;
use reading_log::Track;

/// How many windows are kept. Six are known; names come from files, so their number is no promise.
const MOST_WINDOWS: usize = 64;

/// What is known of all windows. Readings may come in any order and more than once; the outcome is the same.
///
/// What it keeps is bounded (see [`Track`]) and consists of readings it was given and called news: storing those,
/// and taking them again, makes the same state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    tracks: BTreeMap<Window, Track>,
}

impl Quota {
    /// Takes a reading. Says whether it is news: whether it must be stored to have this state again.
    ///
    /// Refuses what [`Reading::check`] refuses, and readings from the future.
    pub fn take(&mut self, reading: Reading, now: Timestamp) -> bool {
        let future = reading.at.0 > now.0.saturating_add(Reading::AHEAD);
        if future || reading.check().is_err() || !self.has_room(&reading.window) {
            return false;
        }
        let window = reading.window.clone();
        let news = self.tracks.entry(window).or_default().take(reading);
        while self.tracks.len() > MOST_WINDOWS {
            self.tracks.pop_last();
        }
        news
    }

    /// How much of a window is used; none where nothing trustworthy is known of the one that runs at `now`.
    pub fn standing(&self, window: &Window, now: Timestamp) -> Option<Standing> {
        self.tracks.get(window)?.standing(now)
    }

    /// The windows something is known of, the five-hour one first.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        self.tracks.keys()
    }

    /// The five-hour windows whose end is known, in order of time and without overlap.
    pub fn known_windows(&self) -> impl Iterator<Item = KnownWindow> {
        self.tracks.get(&Window::FiveHour).map(confirmed::windows).unwrap_or_default().into_iter()
    }

    /// How much of the current five-hour window was used where we cannot see it: on another computer, in a browser.
    ///
    /// A floor: the sum of the rises during which this computer used nothing. `tokens_between` counts local tokens
    /// after the first and up to the second instant. None where there is no figure of this window.
    pub fn elsewhere(&self, now: Timestamp, tokens_between: impl Fn(Timestamp, Timestamp) -> u128) -> Option<Percent> {
        remote_usage::used(self.tracks.get(&Window::FiveHour)?, now, tokens_between)
    }

    /// Every reading the state consists of: what a store must hold.
    pub fn rows(&self) -> impl Iterator<Item = &Reading> {
        let rows: BTreeSet<&Reading> = self.tracks.values().flat_map(Track::rows).collect();
        rows.into_iter()
    }

    /// Whether the state still needs a reading; one it does not need may be deleted from the store.
    pub fn needs(&self, reading: &Reading) -> bool {
        self.tracks.get(&reading.window).is_some_and(|track| track.rows().any(|row| row == reading))
    }

    /// The first so many by name are kept, whatever the order they came in.
    fn has_room(&self, window: &Window) -> bool {
        self.tracks.len() < MOST_WINDOWS || self.tracks.keys().next_back().is_some_and(|last| window <= last)
    }
}

pub use statusline_input::{FiveHours, LimitNote, LimitWindow, Limits, StatusInput, Used};
