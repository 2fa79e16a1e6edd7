//! When to try again after a failure. Pure: it is told the time.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);
/// After so many failures in a row a source is left alone until something about it changes.
const PATIENCE: u32 = 10;

/// The failures in a row of one source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    failures: u32,
    since: Instant,
}

impl Backoff {
    /// A first failure.
    pub(crate) fn first(now: Instant) -> Self {
        Self { failures: 1, since: now }
    }

    /// One more.
    #[must_use]
    pub(crate) fn again(self, now: Instant) -> Self {
        Self { failures: self.failures.saturating_add(1), since: now }
    }

    /// The same number of failures, the last of them now.
    #[must_use]
    pub(crate) fn renewed(self, now: Instant) -> Self {
        Self { since: now, ..self }
    }

    /// When to try again; never by itself once it is paused.
    pub(crate) fn due(&self) -> Option<Instant> {
        (!self.is_paused()).then(|| self.since + (FIRST * 2_u32.pow(self.failures.min(10) - 1)).min(LONGEST))
    }

    /// Whether it failed too often to try again by itself.
    pub(crate) fn is_paused(&self) -> bool {
        self.failures >= PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_seconds_and_end_after_ten() {
        let start = Instant::now();
        let mut backoff = Backoff::first(start);
        let mut waits = Vec::new();
        while let Some(due) = backoff.due() {
            waits.push((due - start).as_millis());
            backoff = backoff.again(start);
        }
        assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
        assert!(backoff.is_paused());
    }
}
