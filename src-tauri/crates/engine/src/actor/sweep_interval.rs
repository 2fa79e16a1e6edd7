//! The time between two sweeps where the system reports changes, so that a sweep only finds what was not reported.

use std::time::Duration;

/// The interval between two sweeps while nothing is being logged.
pub(crate) const IDLE_SWEEP_INTERVAL: Duration = Duration::from_secs(30);

/// The interval between two sweeps while something is being logged.
const ACTIVE_SWEEP_INTERVAL: Duration = Duration::from_secs(5);

/// The longest interval between two sweeps.
const MAX_SWEEP_INTERVAL: Duration = Duration::from_secs(300);

/// The factor by which the interval is at least longer than the last sweep: sweeps take at most one percent of the time.
const MIN_REST_FACTOR: u32 = 100;

/// Returns the time until the next sweep. A sweep that took long, because there are many logs, is repeated less often.
pub(super) fn sweep_interval(is_active: bool, last_took: Duration) -> Duration {
    let regular = if is_active { ACTIVE_SWEEP_INTERVAL } else { IDLE_SWEEP_INTERVAL };
    regular.max(last_took * MIN_REST_FACTOR).min(MAX_SWEEP_INTERVAL)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::few_logs(false, 20, 30)]
    #[case::few_logs_while_active(true, 20, 5)]
    #[case::many_logs(false, 1_200, 120)]
    #[case::many_logs_while_active(true, 170, 17)]
    #[case::a_slow_disk(true, 60_000, 300)]
    fn a_sweep_that_takes_long_is_repeated_less_often(
        #[case] is_active: bool,
        #[case] took_millis: u64,
        #[case] seconds: u64,
    ) {
        assert_eq!(sweep_interval(is_active, Duration::from_millis(took_millis)), Duration::from_secs(seconds));
    }
}
