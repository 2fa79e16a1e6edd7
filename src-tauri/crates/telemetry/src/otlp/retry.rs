//! The waits before an export is sent again.

use std::time::Duration;

/// The wait after the first failure. It doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_secs(1);

/// The longest wait without a request of the server.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// The longest wait that a server may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

/// The largest number of attempts to send one export.
const MAX_ATTEMPTS: u32 = 5;

/// The waits before an export is sent again.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetryPolicy {
    failures: u32,
}

impl RetryPolicy {
    /// Returns the wait after a failure, or `None` after the last attempt. `jitter` between 0 and 1 keeps several clients
    /// from sending at the same time.
    pub fn next_delay(&mut self, retry_after: Option<Duration>, jitter: f64) -> Option<Duration> {
        self.failures += 1;
        if self.failures >= MAX_ATTEMPTS {
            return None;
        }
        let backoff = FIRST_DELAY.saturating_mul(1 << (self.failures - 1)).min(MAX_DELAY);
        let jittered = backoff.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0);
        Some(retry_after.map_or(jittered, |asked| asked.min(MAX_RETRY_AFTER).max(jittered)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_until_the_last_attempt() {
        let mut policy = RetryPolicy::default();
        let delays: Vec<_> = std::iter::from_fn(|| policy.next_delay(None, 1.0)).collect();
        assert_eq!(delays, [1, 2, 4, 8].map(Duration::from_secs));
    }

    #[test]
    fn the_wait_that_the_server_asks_for_is_kept_within_bounds() {
        let mut policy = RetryPolicy::default();
        assert_eq!(policy.next_delay(Some(Duration::from_secs(7)), 0.0), Some(Duration::from_secs(7)));
        assert_eq!(policy.next_delay(Some(Duration::ZERO), 0.0), Some(Duration::from_secs(1)));
        assert_eq!(policy.next_delay(Some(Duration::MAX), 0.0), Some(MAX_RETRY_AFTER));
    }
}
