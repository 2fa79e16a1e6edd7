//! Repeats transactions that the database has aborted in favor of others.

use std::time::Duration;

use crate::error::HubError;

/// The largest number of attempts.
const MAX_ATTEMPTS: u32 = 10;

/// The wait after the first attempt. It doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(5);

/// The attempts of one transaction.
#[derive(Debug, Default)]
pub(crate) struct RetryAttempts(u32);

impl RetryAttempts {
    /// Waits before the next attempt. Returns the error if another attempt does not help, or after the last one.
    pub(crate) async fn wait_after(&mut self, error: HubError) -> Result<(), HubError> {
        self.0 += 1;
        if !error.is_serialization_failure() || self.0 >= MAX_ATTEMPTS {
            return Err(error);
        }
        let delay = FIRST_DELAY * (1 << (self.0 - 1));
        tokio::time::sleep(delay.mul_f64(0.5 + jitter() / 2.0)).await;
        Ok(())
    }
}

/// Returns a number between 0 and 1, so that two transactions do not meet again.
fn jitter() -> f64 {
    f64::from(chrono::Utc::now().timestamp_subsec_nanos() % 1_000) / 1_000.0
}
