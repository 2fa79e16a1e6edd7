//! Debouncing of change hints. Pure: the current time is an argument.
//!
//! The first hint after a pause triggers a read at once. Later hints are collected until the next read, a few
//! milliseconds later. A steady stream is read at a steady interval, because waiting for silence would starve it.

use std::time::{Duration, Instant};

/// The shortest interval between two reads: it feels live, and a log written hundreds of times a second costs little.
pub(crate) const MIN_INTERVAL: Duration = Duration::from_millis(8);

/// The pause after a read, as a multiple of its duration: reading takes at most a fifth of the time.
const COOLDOWN_FACTOR: u32 = 4;

/// A debouncer of hints.
#[derive(Debug, Default)]
pub(crate) struct Debouncer {
    /// The earliest time of the next read.
    next_allowed: Option<Instant>,
    is_pending: bool,
}

impl Debouncer {
    /// Adds a hint.
    pub(crate) fn add_hint(&mut self) {
        self.is_pending = true;
    }

    /// Returns when to read, at the earliest `now`; None without hints.
    pub(crate) fn next_due(&self, now: Instant) -> Option<Instant> {
        let next = self.next_allowed.unwrap_or(now);
        self.is_pending.then(|| next.max(now))
    }

    /// Starts a read, which covers all hints so far.
    pub(crate) fn start_read(&mut self) {
        self.is_pending = false;
    }

    /// Finishes a read that lasted from `began` to `ended`.
    pub(crate) fn finish_read(&mut self, began: Instant, ended: Instant) {
        let cooldown = ended.saturating_duration_since(began) * COOLDOWN_FACTOR;
        self.next_allowed = Some(ended + MIN_INTERVAL.max(cooldown));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_hint_triggers_a_read_at_once_and_a_burst_is_read_at_the_interval() {
        let (start, mut debouncer) = (Instant::now(), Debouncer::default());
        assert_eq!(debouncer.next_due(start), None, "nothing to do without a hint");
        debouncer.add_hint();
        assert_eq!(debouncer.next_due(start), Some(start));
        debouncer.start_read();
        debouncer.finish_read(start, start);
        let soon = start + Duration::from_millis(1);
        debouncer.add_hint();
        debouncer.add_hint();
        assert_eq!(debouncer.next_due(soon), Some(start + MIN_INTERVAL), "further hints do not push it back");
        let late = start + Duration::from_secs(1);
        assert_eq!(debouncer.next_due(late), Some(late));
    }

    #[test]
    fn a_slow_read_is_followed_by_a_longer_pause() {
        let (start, mut debouncer) = (Instant::now(), Debouncer::default());
        let end = start + Duration::from_millis(100);
        debouncer.finish_read(start, end);
        debouncer.add_hint();
        assert_eq!(debouncer.next_due(end), Some(end + Duration::from_millis(400)));
    }
}
