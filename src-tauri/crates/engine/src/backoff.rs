//! The delays before retries after failures. Pure: the current time is an argument.

use std::time::{Duration, Instant};

/// The delay after the first failure. It doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(100);

/// The longest delay.
const MAX_DELAY: Duration = Duration::from_secs(5);

/// The number of consecutive failures after which there is no further retry.
const MAX_FAILURES: u32 = 10;

/// The consecutive failures of one operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    failures: u32,
    last_failure: Instant,
}

impl Backoff {
    /// Creates the state after a first failure.
    pub(crate) fn after_first_failure(now: Instant) -> Self {
        Self { failures: 1, last_failure: now }
    }

    /// Returns the state after another failure.
    #[must_use]
    pub(crate) fn after_another_failure(self, now: Instant) -> Self {
        Self { failures: self.failures.saturating_add(1), last_failure: now }
    }

    /// Returns the state with the same number of failures, the last of them now.
    #[must_use]
    pub(crate) fn restarted_at(self, now: Instant) -> Self {
        Self { last_failure: now, ..self }
    }

    /// Returns when to retry; None if it is paused.
    pub(crate) fn next_retry(&self) -> Option<Instant> {
        (!self.is_paused()).then(|| self.earliest_retry())
    }

    /// Returns true if the operation must not be tried yet, for whatever reason it is tried again. A retry of a paused
    /// operation has no time of its own, but must not follow at once either: what it causes may try it again.
    pub(crate) fn must_wait(&self, now: Instant) -> bool {
        now < self.earliest_retry()
    }

    fn earliest_retry(&self) -> Instant {
        self.last_failure + (FIRST_DELAY * 2_u32.pow(self.failures.min(MAX_FAILURES) - 1)).min(MAX_DELAY)
    }

    /// Returns true if the operation failed too often for a further retry.
    pub(crate) fn is_paused(&self) -> bool {
        self.failures >= MAX_FAILURES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_five_seconds_and_stop_after_ten_failures() {
        let start = Instant::now();
        let mut backoff = Backoff::after_first_failure(start);
        let mut delays = Vec::new();
        while let Some(due) = backoff.next_retry() {
            delays.push((due - start).as_millis());
            backoff = backoff.after_another_failure(start);
        }
        assert_eq!(delays, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
        assert!(backoff.is_paused());
    }

    #[test]
    fn every_failure_is_followed_by_a_pause_also_without_a_further_retry() {
        let start = Instant::now();
        let mut backoff = Backoff::after_first_failure(start);
        for failure in 1..=2 * MAX_FAILURES {
            let pause = Duration::from_millis(100 << failure.min(7).saturating_sub(1)).min(MAX_DELAY);
            let just_before = start + pause - Duration::from_millis(1);
            assert!(backoff.must_wait(start) && backoff.must_wait(just_before), "after failure {failure}");
            assert!(!backoff.must_wait(start + pause), "after failure {failure}");
            backoff = backoff.after_another_failure(start);
        }
    }
}
