//! The forecast of a window: its usage at the end, and the time at which a limit is reached.
//!
//! A window is a five-hour block or a week. The high end of the forecast continues the average rate so far. The low end
//! continues the current rate, capped by that average, for as large a part of the remaining time as the part of the window
//! that has passed. A short burst is therefore not extended to the end, both ends converge, and there is no forecast before
//! there has been some activity, nor while nothing runs. `docs/forecast.md` describes how the rule was chosen.

use crate::time::timestamp::Timestamp;

/// The minimum time since the start of a window, in microseconds.
const MIN_ELAPSED_MICROS: u128 = 60_000_000;

/// The minimum part of a window that has passed, in percent.
const MIN_ELAPSED_PERCENT: u128 = 2;

/// The minimum number of messages.
const MIN_MESSAGES: u64 = 3;

/// The progress of a window at an instant, in one unit: tokens, billionths of a dollar or thousandths of a percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowProgress {
    /// The start of the window.
    pub start: Timestamp,
    /// The end of the window.
    pub end: Timestamp,
    /// The instant of the forecast.
    pub now: Timestamp,
    /// Usage since the start.
    pub used: u128,
    /// The current rate in units per minute, see [`current_rates`](crate::rates::burn_rate::current_rates).
    pub rate: f64,
    /// Messages since the start.
    pub messages: u64,
}

/// The projected usage at the end of a window, in the unit of its [`WindowProgress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// The low end: usage slows down to the current rate.
    pub low: u128,
    /// The most likely value, for a surface that shows one figure: the geometric mean of both ends' remaining usage.
    pub middle: u128,
    /// The high end: usage continues at the average rate.
    pub high: u128,
}

/// Projects a window to its end. `None` before there has been enough activity, and at a rate of zero.
pub fn project(progress: &WindowProgress) -> Option<Projection> {
    let span = WindowSpan::measure(progress)?;
    let at_average = progress.expected_at_average(&span);
    let slowing = multiply_divide(progress.expected_at_current_rate(&span), span.elapsed, span.length);
    let middle = slowing.saturating_mul(at_average).isqrt().clamp(slowing, at_average);
    let [low, middle, high] = [slowing, middle, at_average].map(|expected| progress.used.saturating_add(expected));
    Some(Projection { low, middle, high })
}

/// Returns the time at which a limit is reached at the current rate, capped by the average. `None` if that is after the end
/// of the window, if the high end of the projection is below the limit, or at a rate of zero. A limit that is already
/// reached gives the instant of the forecast.
pub fn exhaustion_time(progress: &WindowProgress, limit: u128) -> Option<Timestamp> {
    if progress.used >= limit {
        return Some(progress.now);
    }
    let span = WindowSpan::measure(progress)?;
    let (missing, expected) = (limit - progress.used, progress.expected_at_current_rate(&span));
    let wait = (expected >= missing).then(|| multiply_divide(span.remaining, missing, expected))?;
    Some(Timestamp(progress.now.0 + i64::try_from(wait).ok()?))
}

/// The elapsed and remaining time of a window, in microseconds. The elapsed time is not zero.
struct WindowSpan {
    elapsed: u128,
    remaining: u128,
    length: u128,
}

impl WindowSpan {
    /// Measures a window. `None` before there has been enough activity, and while nothing runs.
    fn measure(progress: &WindowProgress) -> Option<Self> {
        let length = micros_between(progress.start, progress.end);
        let elapsed = micros_between(progress.start, progress.now).min(length);
        let min_elapsed = MIN_ELAPSED_MICROS.max(length * MIN_ELAPSED_PERCENT / 100);
        let enough = elapsed >= min_elapsed && progress.messages >= MIN_MESSAGES && progress.rate > 0.0;
        enough.then_some(Self { elapsed, remaining: length - elapsed, length })
    }
}

impl WindowProgress {
    /// Returns the usage expected in the remaining time at the average rate so far.
    fn expected_at_average(&self, span: &WindowSpan) -> u128 {
        multiply_divide(self.used, span.remaining, span.elapsed)
    }

    /// Returns the usage expected in the remaining time at the current rate, capped by the average.
    fn expected_at_current_rate(&self, span: &WindowSpan) -> u128 {
        let minutes = span.remaining as f64 / 60e6;
        ((self.rate * minutes) as u128).min(self.expected_at_average(span))
    }
}

/// Returns the microseconds from one instant to a later one; zero if it is earlier.
fn micros_between(from: Timestamp, to: Timestamp) -> u128 {
    u128::from(to.0.saturating_sub(from.0).max(0).unsigned_abs())
}

/// Returns `value × factor ÷ divisor`, rounded down. Does not overflow if `factor` and `divisor` are below 2^64.
fn multiply_divide(value: u128, factor: u128, divisor: u128) -> u128 {
    let whole = (value / divisor).saturating_mul(factor);
    whole.saturating_add((value % divisor).saturating_mul(factor) / divisor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use token_monitor_test_support::property_cases;

    use super::*;
    use crate::time::MICROS_PER_MINUTE;

    /// Returns the progress of a five-hour block after some minutes.
    fn block_after(minutes: i64, used: u128, rate: f64) -> WindowProgress {
        WindowProgress {
            start: Timestamp(0),
            end: Timestamp(300 * MICROS_PER_MINUTE),
            now: Timestamp(minutes * MICROS_PER_MINUTE),
            used,
            rate,
            messages: 9,
        }
    }

    fn projected_ends(progress: &WindowProgress) -> (u128, u128) {
        project(progress).map(|projection| (projection.low, projection.high)).expect("there was enough activity")
    }

    #[test]
    fn the_ends_converge_for_steady_usage() {
        assert_eq!(projected_ends(&block_after(60, 6_000, 100.0)), (10_800, 30_000));
        assert_eq!(projected_ends(&block_after(240, 24_000, 100.0)), (28_800, 30_000));
        assert_eq!(projected_ends(&block_after(300, 30_000, 100.0)), (30_000, 30_000));
    }

    #[test]
    fn a_burst_is_not_extended_to_the_end() {
        assert_eq!(
            projected_ends(&block_after(60, 6_000, 9_000.0)),
            projected_ends(&block_after(60, 6_000, 100.0)),
            "the average caps the rate"
        );
    }

    #[test]
    fn there_is_no_forecast_while_nothing_runs() {
        let idle = block_after(120, 6_000, 0.0);
        assert_eq!((project(&idle), exhaustion_time(&idle, 6_001)), (None, None));
        assert_eq!(exhaustion_time(&idle, 6_000), Some(idle.now), "a reached limit is not a forecast");
    }

    #[test]
    fn the_middle_is_the_geometric_mean() {
        let projection = project(&block_after(120, 8_000, 4_000.0 / 180.0)).expect("there was enough activity");
        assert_eq!((projection.low, projection.middle, projection.high), (9_600, 12_381, 20_000));
    }

    #[test]
    fn there_is_no_forecast_before_enough_activity() {
        assert_eq!(project(&block_after(5, 6_000, 9_000.0)), None, "less than 2% of the window");
        assert!(project(&block_after(6, 6_000, 9_000.0)).is_some());
        assert_eq!(project(&WindowProgress { messages: 2, ..block_after(60, 6_000, 100.0) }), None);
        let short = WindowProgress { end: Timestamp(10 * MICROS_PER_MINUTE), ..block_after(0, 6_000, 100.0) };
        assert_eq!(
            project(&WindowProgress { now: Timestamp(MICROS_PER_MINUTE - 1), ..short }),
            None,
            "less than a minute"
        );
    }

    #[test]
    fn a_limit_is_reached_at_the_current_rate() {
        let steady = block_after(120, 12_000, 100.0);
        assert_eq!(exhaustion_time(&steady, 18_000), Some(Timestamp(180 * MICROS_PER_MINUTE)));
        assert_eq!(exhaustion_time(&steady, 30_001), None, "after the end of the window");
        assert_eq!(
            exhaustion_time(&block_after(120, 12_000, 900.0), 18_000),
            Some(Timestamp(180 * MICROS_PER_MINUTE)),
            "the average caps the rate"
        );
        assert_eq!(exhaustion_time(&block_after(120, 12_000, 0.0), 18_000), None, "without a current rate");
        assert_eq!(
            exhaustion_time(&block_after(1, 12_000, 0.0), 12_000),
            Some(Timestamp(MICROS_PER_MINUTE)),
            "already reached"
        );
    }

    #[test]
    fn a_rate_that_is_not_a_number_counts_as_zero() {
        assert_eq!(project(&block_after(120, 6_000, f64::NAN)), None);
        assert_eq!(project(&block_after(120, 6_000, -1.0)), None);
        assert_eq!(
            projected_ends(&block_after(120, 6_000, f64::INFINITY)),
            projected_ends(&block_after(120, 6_000, 50.0))
        );
    }

    fn any_progress() -> impl Strategy<Value = WindowProgress> {
        let day = 24 * 60 * MICROS_PER_MINUTE;
        let rate = prop_oneof![Just(0.0), 0.0..1e6, any::<f64>()];
        let used = prop_oneof![Just(0), 0..1_000_000_000_u128, any::<u128>()];
        let times = (-day..day, -day..8 * day, prop_oneof![Just(0), 0..day, any::<i64>()]);
        (times, used, rate, 0..9_u64).prop_map(|((start, length, since), used, rate, messages)| WindowProgress {
            start: Timestamp(start),
            end: Timestamp(start + length),
            now: Timestamp(start.saturating_add(since)),
            used,
            rate,
            messages,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(2_000)) })]

        #[test]
        fn the_ends_are_between_the_present_usage_and_the_average_rate(progress in any_progress()) {
            let Some(Projection { low, middle, high }) = project(&progress) else { return Ok(()) };
            prop_assert!(progress.used <= low && low <= middle && middle <= high);
            let (elapsed, left) = (progress.now.0 - progress.start.0, (progress.end.0 - progress.now.0).max(0));
            let average = progress.used as f64 * (1.0 + left as f64 / elapsed as f64);
            prop_assert!(high as f64 <= average * (1.0 + 1e-9) + 1.0);
        }

        #[test]
        fn a_limit_is_reached_within_the_window_and_the_projection(progress in any_progress(), limit in 0..2_000_000_000_u128) {
            let (found, projection) = (exhaustion_time(&progress, limit), project(&progress));
            if let Some(when) = found.filter(|_| progress.used < limit) {
                prop_assert!(progress.now <= when && when <= progress.end);
                prop_assert!(projection.is_some_and(|projection| limit <= projection.high));
            }
            let certain = projection.is_some_and(|projection| limit <= projection.low);
            prop_assert!(!certain || found.is_some());
        }
    }
}
